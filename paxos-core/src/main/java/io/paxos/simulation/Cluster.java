// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.StateMachine;
import io.paxos.driver.DriverOptions;
import io.paxos.journal.JournalOptions;
import io.paxos.model.ClusterId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** One cluster of a run: its nodes, and what they share. */
final class Cluster {

    static final ClusterId NAME = new ClusterId("simulation");

    private final World world;
    private final Recorder recorder;
    private final Weather weather = new Weather();
    private final RunConfig config;
    private final FoundingPlan plan;
    private final DriverOptions driverOptions;
    private final JournalOptions journalOptions;
    private final Supplier<? extends StateMachine> stateMachines;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final SimulatedNetwork network;
    private final SnapshotTally tally = new SnapshotTally();

    /** Makes the nodes, formats their directories, and starts none. */
    Cluster(World world, Recorder recorder, RunConfig config, Supplier<? extends StateMachine> stateMachines) {
        this.world = world;
        this.recorder = recorder;
        this.config = config;
        this.stateMachines = stateMachines;
        this.driverOptions = config.driverOptions();
        this.journalOptions = new JournalOptions(config.segmentBytesMax(), config.segmentBytesMax() <= 64 << 10);
        List<NodeId> ids = new ArrayList<>();
        for (int number = 1; number <= config.voters() + config.learners(); number++) {
            ids.add(new NodeId(number));
        }
        List<NodeId> voters = ids.subList(0, config.voters());
        List<NodeId> learners = ids.subList(config.voters(), ids.size());
        this.plan = new FoundingPlan(voters, learners, config.quorums(), config.alpha());
        for (NodeId id : ids) {
            long drift = config.driftPartsPerMillion(id.number());
            NodeClock clock = new NodeClock(config.clockOriginMicros(id.number()), drift);
            SimulatedNode node = new SimulatedNode(id, this, clock, world.newRandom());
            node.format();
            nodes.add(node);
        }
        this.network = new SimulatedNetwork(world, recorder, nodes, weather, config.encodesFrames());
    }

    World world() {
        return world;
    }

    long nowMicros() {
        return world.nowMicros();
    }

    Recorder recorder() {
        return recorder;
    }

    Weather weather() {
        return weather;
    }

    RunConfig config() {
        return config;
    }

    FoundingPlan plan() {
        return plan;
    }

    DriverOptions driverOptions() {
        return driverOptions;
    }

    JournalOptions journalOptions() {
        return journalOptions;
    }

    StateMachine newStateMachine() {
        return stateMachines.get();
    }

    SnapshotTally tally() {
        return tally;
    }

    /** Whether one more node can be lost for good: the quorums can spare it, and the founding needs it no more. */
    boolean canLose(SimulatedNode node) {
        int lost = 0;
        for (SimulatedNode each : nodes) {
            if (each.isLearner()) {
                continue; // nothing depends on it
            }
            // One that is damaged may be the only one that has what another one loses.
            boolean gone = each.isLostForGood() || each.isDamaged() || each.hasLostItsVote();
            lost += each != node && gone ? 1 : 0;
            if (!each.hasVoted()) {
                return false;
            }
        }
        return !node.isLostForGood() && !node.hasLostItsVote() && (node.isLearner() || lost < config.spareNodes());
    }

    SimulatedNetwork network() {
        return network;
    }

    List<SimulatedNode> nodes() {
        return nodes;
    }

    SimulatedNode node(NodeId id) {
        return nodes.get(id.number() - 1);
    }
}
