// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.StateMachine;
import io.paxos.driver.AppliedReport;
import io.paxos.driver.ApplySequence;
import io.paxos.model.DurableState;
import io.paxos.model.Entry;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.simulation.trace.Fingerprint;
import io.paxos.simulation.trace.TraceEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What the state machine's thread does for one process: it goes its own pace, a report of some slots at a time. */
final class SimulatedApplying {

    private static final int SLOTS_PER_REPORT = 64;

    private final SimulatedProcess process;
    private final SimulatedNode node;
    private final Cluster cluster;
    private final long boot;
    private final ApplySequence sequence;
    private final ArrayDeque<Proposal> waiting = new ArrayDeque<>();
    private boolean applying;
    private long chain;

    SimulatedApplying(SimulatedProcess process, SimulatedNode node, Cluster cluster, DurableState remembered) {
        this.process = process;
        this.node = node;
        this.cluster = cluster;
        this.boot = remembered.boot();
        StateMachine stateMachine = cluster.newStateMachine();
        this.sequence = new ApplySequence(
                entry -> execute(stateMachine, entry), SessionId.ofNode(remembered.self()), boot, remembered.floor());
    }

    void add(List<Proposal> chosen) {
        waiting.addAll(chosen);
    }

    /** Begins with what waits, unless something is being applied. */
    void begin() {
        if (!applying && !waiting.isEmpty()) {
            applying = true;
            cluster.world().after(node.random().nextLong(1, cluster.weather().applyMostMicros + 1), this::finish);
        }
    }

    private void finish() {
        if (process.isDead()) {
            return;
        }
        applying = false;
        List<Proposal> batch = new ArrayList<>();
        while (!waiting.isEmpty() && batch.size() < SLOTS_PER_REPORT) {
            Proposal proposal = waiting.removeFirst();
            batch.add(proposal);
            chain = new Fingerprint()
                    .add(chain)
                    .add(proposal.slot())
                    .add(proposal.value().checksum())
                    .add(proposal.value().length())
                    .value();
            cluster.recorder().record(new TraceEvent.Applied(cluster.nowMicros(), node.id(), boot, proposal, chain));
        }
        try {
            AppliedReport report = sequence.apply(batch);
            process.give(driver -> driver.applied(report));
        } catch (RuntimeException | AssertionError | StackOverflowError thrown) {
            process.fail("the state machine threw " + thrown, false);
            return;
        }
        begin();
    }

    private byte[] execute(StateMachine stateMachine, Entry entry) {
        long operation = Payload.operationOf(entry.command());
        byte[] result = stateMachine.apply(new Entry(
                entry.position(), entry.agreedTimeMillis(), entry.session(), Payload.commandOf(entry.command())));
        cluster.recorder()
                .record(new TraceEvent.Executed(
                        cluster.nowMicros(), node.id(), boot, operation, entry.position(), Payload.checksumOf(result)));
        return result;
    }

    /** Every slot up to this one is applied. */
    long applied() {
        return sequence.applied();
    }
}
