// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.simulation.property.Judges;
import io.paxos.simulation.property.Properties;
import io.paxos.simulation.property.Property;
import io.paxos.simulation.trace.Trace;
import io.paxos.simulation.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A cluster with snapshots and clients to which a test, and not chance, does what it wants. All properties are judged, as in any
 * other run.
 */
final class Scene {

    private static final long SLICE_MICROS = 5_000;

    final World world;
    final RunConfig config;
    final Recorder recorder;
    final Cluster cluster;
    final SimulatedClients<?, ?> clients;

    Scene(long seed, SimulationOptions options, Workload<?, ?, ?> workload, Property... more) {
        List<Property> properties = new ArrayList<>(Properties.all());
        properties.addAll(List.of(more));
        world = new World(seed);
        config = new RunConfig(options, world.newRandom(), world.randomApart("config"));
        recorder = new Recorder(world, new Trace(0), new Judges(properties));
        cluster = new Cluster(world, recorder, config, workload::newStateMachine);
        clients = new SimulatedClients<>(cluster, workload);
        List<MemberId> voters = new ArrayList<>();
        List<NodeId> learners = new ArrayList<>();
        for (SimulatedNode each : cluster.nodes()) {
            if (each.isLearner()) {
                learners.add(each.id());
            } else {
                voters.add(each.member());
            }
        }
        Membership membership = new Membership(1, voters, learners, config.quorums(), config.alpha());
        recorder.record(new TraceEvent.RunBegan(0, membership, config.electionTimeoutMaxMillis(), config.bounds()));
        cluster.nodes().forEach(SimulatedNode::start);
        clients.start();
    }

    SimulatedNode node(int number) {
        return cluster.node(new NodeId(number));
    }

    void runMillis(long millis) {
        runUntil(() -> false, millis);
    }

    /** Until that is so, or for so long. */
    boolean runUntil(BooleanSupplier condition, long millisMax) {
        long deadline = world.nowMicros() + 1_000 * millisMax;
        while (world.nowMicros() < deadline && !recorder.hasViolation() && !condition.getAsBoolean()) {
            long slice = world.nowMicros() + SLICE_MICROS;
            while (!recorder.hasViolation() && world.runNext(slice)) {}
            for (SimulatedNode each : cluster.nodes()) {
                SimulatedProcess process = each.process();
                if (process != null) {
                    recorder.record(process.measure());
                }
            }
        }
        return condition.getAsBoolean();
    }

    /** Whether all are up and have applied as much. */
    boolean isEqual() {
        SimulatedProcess first = cluster.nodes().get(0).process();
        return first != null
                && cluster.nodes().stream().allMatch(each -> {
                    SimulatedProcess process = each.process();
                    return process != null && process.applied() == first.applied();
                });
    }

    /** Everything is well from now on: all become equal, and every property holds. Returns what does not, or nothing. */
    String endedBy(long millisMax) {
        recorder.record(new TraceEvent.FaultsEnded(world.nowMicros()));
        clients.hurry();
        cluster.nodes().forEach(SimulatedNode::start);
        runUntil(() -> clients.isDone() && clients.hasProgressed() && isEqual(), millisMax);
        List<NodeId> all = new ArrayList<>();
        cluster.nodes().forEach(each -> all.add(each.id()));
        recorder.record(new TraceEvent.RunEnded(world.nowMicros(), all));
        Judges.Violation violation = recorder.judges().violation();
        return violation == null ? "" : violation.toString();
    }
}
