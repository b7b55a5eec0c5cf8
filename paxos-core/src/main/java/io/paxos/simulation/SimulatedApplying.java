// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.Snapshot;
import io.paxos.StateMachine;
import io.paxos.driver.Application;
import io.paxos.driver.AppliedReport;
import io.paxos.driver.ApplySequence;
import io.paxos.driver.ApplyWork;
import io.paxos.driver.CapturedState;
import io.paxos.driver.InstallReport;
import io.paxos.driver.ReadReport;
import io.paxos.driver.Restored;
import io.paxos.driver.StartingState;
import io.paxos.model.DurableState;
import io.paxos.model.Entry;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.model.SnapshotId;
import io.paxos.simulation.trace.Fingerprint;
import io.paxos.simulation.trace.TraceEvent;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What the state machine's thread does for one process: it goes its own pace, a report of some slots at a time. */
final class SimulatedApplying {

    private static final int SLOTS_PER_REPORT = 64;

    private final SimulatedProcess process;
    private final SimulatedNode node;
    private final Cluster cluster;
    private final SimulatedSnapshots snapshots;
    private final long boot;
    private final StateMachine machine;
    private final ApplySequence sequence;
    private final Restored restored;
    private final SnapshotId partly;
    private final ArrayDeque<ApplyWork> waiting = new ArrayDeque<>();
    private boolean applying;
    /** Often, for runs are short. */
    private static final long DIGEST_EVERY_SLOTS = 16;

    private long chain;

    /** @throws IOException if a snapshot that was good a moment ago cannot be read */
    SimulatedApplying(
            SimulatedProcess process,
            SimulatedNode node,
            Cluster cluster,
            SimulatedSnapshots snapshots,
            DurableState remembered)
            throws IOException {
        this.process = process;
        this.node = node;
        this.cluster = cluster;
        this.snapshots = snapshots;
        this.boot = remembered.boot();
        this.machine = cluster.newStateMachine();
        this.sequence = new ApplySequence(
                new Executing(machine), SessionId.ofNode(remembered.self()), boot, DIGEST_EVERY_SLOTS);
        StartingState found = StartingState.find(snapshots.files().store(), remembered);
        this.partly = found.partly();
        this.restored = found.snapshot().isNone()
                ? Restored.NOTHING
                : restore(found.snapshot()).restored();
    }

    /** What the state machine stood at when the process began. */
    Restored restored() {
        return restored;
    }

    /** Of which a part was received by an earlier process. */
    SnapshotId partly() {
        return partly;
    }

    void add(ApplyWork work) {
        waiting.add(work);
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
        try {
            List<Proposal> slots = takeSlots();
            if (!slots.isEmpty()) {
                apply(slots);
            } else {
                doOther(waiting.removeFirst());
            }
        } catch (IOException unreadable) {
            process.fail(
                    "a snapshot cannot be restored: " + unreadable,
                    node.isDamaged() || node.disk().hasFailed());
            return;
        } catch (RuntimeException | AssertionError | StackOverflowError thrown) {
            process.fail("the state machine threw " + thrown, false);
            return;
        }
        begin();
    }

    /** The next slots, as many as make a report; none if something else is next. */
    private List<Proposal> takeSlots() {
        List<Proposal> slots = new ArrayList<>();
        while (slots.size() < SLOTS_PER_REPORT && waiting.peekFirst() instanceof ApplyWork.Slots next) {
            waiting.removeFirst();
            int taken = Math.min(SLOTS_PER_REPORT - slots.size(), next.chosen().size());
            slots.addAll(next.chosen().subList(0, taken));
            if (taken < next.chosen().size()) {
                waiting.addFirst(new ApplyWork.Slots(
                        next.chosen().subList(taken, next.chosen().size())));
            }
        }
        return slots;
    }

    private void apply(List<Proposal> slots) {
        for (Proposal proposal : slots) {
            chain = new Fingerprint()
                    .add(chain)
                    .add(proposal.slot())
                    .add(proposal.value().checksum())
                    .add(proposal.value().length())
                    .value();
            cluster.recorder().record(new TraceEvent.Applied(cluster.nowMicros(), node.id(), boot, proposal, chain));
        }
        AppliedReport report = sequence.apply(slots);
        process.give(driver -> driver.applied(report));
    }

    private void doOther(ApplyWork work) throws IOException {
        if (work instanceof ApplyWork.Take take) {
            try {
                snapshots.write(take.founding(), sequence.capture());
            } catch (UnsupportedOperationException none) {
                snapshots.unsupported();
            }
        } else if (work instanceof ApplyWork.Reads reads) {
            ReadReport report = reads.run(sequence.applied(), () -> node.clock().millisAt(cluster.nowMicros()));
            process.give(driver -> driver.readsDone(report));
        } else if (work instanceof ApplyWork.Install install) {
            InstallReport report = restore(install.id());
            if (report.older()) {
                cluster.tally().tooLate++;
            } else {
                cluster.tally().installed++;
            }
            process.give(driver -> driver.snapshots().installed(report));
        } else if (work instanceof ApplyWork.Attach attach) {
            sequence.attach(attach.session(), attach.boot(), attach.receiver());
        } else if (work instanceof ApplyWork.Detach detach) {
            sequence.detach(detach.session(), detach.receiver());
        }
    }

    private InstallReport restore(SnapshotId id) throws IOException {
        InstallReport report = snapshots.files().restore(id, null, sequence);
        if (!report.older()) {
            cluster.recorder().record(new TraceEvent.Restored(cluster.nowMicros(), node.id(), boot, id.slot(), chain));
        }
        return report;
    }

    /** The workload's state machine, with every call noted. */
    private final class Executing implements Application {
        private final StateMachine machine;

        Executing(StateMachine machine) {
            this.machine = machine;
        }

        @Override
        public byte[] apply(Entry entry) {
            long operation = Payload.operationOf(entry.command());
            byte[] result = machine.apply(new Entry(
                    entry.position(), entry.agreedTimeMillis(), entry.session(), Payload.commandOf(entry.command())));
            cluster.recorder()
                    .record(new TraceEvent.Executed(
                            cluster.nowMicros(),
                            node.id(),
                            boot,
                            operation,
                            entry.position(),
                            Payload.checksumOf(result)));
            return result;
        }

        @Override
        public OptionalLong digest() {
            return machine.digest();
        }

        @Override
        public CapturedState capture() {
            Snapshot snapshot = machine.snapshot();
            long captured = chain;
            return out -> {
                out.writeLong(captured);
                snapshot.writeTo(out);
            };
        }

        @Override
        public void restore(DataInput in) throws IOException {
            chain = in.readLong();
            machine.restore(in);
        }
    }

    /** Agreed time as of the last slot applied. */
    long agreedTimeMillis() {
        return sequence.agreedTimeMillis();
    }

    /** Asks the state machine as it is now. */
    byte[] query(byte[] query) {
        return machine.query(query);
    }

    /** Every slot up to this one is applied. */
    long applied() {
        return sequence.applied();
    }
}
