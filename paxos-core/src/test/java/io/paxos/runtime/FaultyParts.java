// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.Application;
import io.paxos.driver.DiskReport;
import io.paxos.driver.Divergence;
import io.paxos.driver.DriverOptions;
import io.paxos.driver.RecordLog;
import io.paxos.journal.Journal;
import io.paxos.journal.JournalDamage;
import io.paxos.journal.JournalSpace;
import io.paxos.journal.MemoryStorage;
import io.paxos.message.Frame;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterId;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Entry;
import io.paxos.model.FoundingPlan;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SlotRange;
import io.paxos.protocol.Limits;
import io.paxos.protocol.Timing;
import io.paxos.snapshot.SnapshotStore;
import io.paxos.transport.Introduction;
import io.paxos.transport.Transport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** The parts of one node over a journal in memory, any of which throws when it is told to, and which count what they saw. */
final class FaultyParts implements Journal, Transport, Application, RuntimeListener {

    /** Where to throw. */
    enum Place {
        APPLY,
        SEND,
        FLUSH,
        APPEND,
        READ,
        LEADER_CHANGED,
        READY
    }

    final AtomicInteger sent = new AtomicInteger();
    final AtomicInteger failedCalls = new AtomicInteger();
    final AtomicInteger sentWhenFailed = new AtomicInteger();
    final CountDownLatch failed = new CountDownLatch(1);
    final CountDownLatch thrown = new CountDownLatch(1);
    volatile Runnable onSend = () -> {};
    volatile Executor completionExecutor;
    volatile String reason = "";
    volatile Throwable cause;
    volatile boolean transportClosed;
    volatile boolean journalClosed;

    private final RecordLog log;
    private final DurableState recovered;
    private final int voters;
    private volatile Place place;
    private volatile Throwable throwable;

    FaultyParts(int voters, RecordLog log, long boot) {
        this.voters = voters;
        this.log = log;
        this.recovered = log.recover(new MemberId(new NodeId(1), new Incarnation(4_711)), boot);
    }

    /** From now on, that place throws that. */
    void arm(Place where, Throwable what) {
        throwable = what;
        place = where;
    }

    private void maybeThrow(Place here) {
        if (here == place) {
            thrown.countDown();
            FaultyParts.<RuntimeException>throwAnything(throwable);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAnything(Throwable throwable) throws T {
        throw (T) throwable;
    }

    NodeRuntime assemble() throws IOException {
        List<NodeId> ids =
                IntStream.rangeClosed(1, voters).mapToObj(NodeId::new).toList();
        return new NodeRuntime(new NodeParts(
                new ClusterId("test"),
                new FoundingPlan(ids, new QuorumSystem.Majority(), 1_024),
                this,
                SnapshotStore.open(new MemoryStorage()),
                this,
                this,
                DriverOptions.of(new Timing(10, 60, 90, 20), Limits.DEFAULT, 1 << 20, 1 << 20, 2_000),
                100,
                1 << 20,
                100,
                100,
                1 << 24,
                completionExecutor,
                this));
    }

    // ---- journal --------------------------------------------------------------------------------------------

    @Override
    public DurableState recovered() {
        return recovered;
    }

    @Override
    public void append(List<DurableRecord> records) {
        maybeThrow(Place.APPEND);
        synchronized (log) {
            log.append(records);
        }
    }

    @Override
    public void markIdle() {}

    @Override
    public void prepare() {}

    @Override
    public JournalSpace space() {
        return JournalSpace.ENOUGH;
    }

    @Override
    public List<JournalDamage> damage() {
        return List.of();
    }

    @Override
    public List<SlotRange> unknown() {
        return List.of();
    }

    @Override
    public List<Proposal> readChosen(SlotRange slots, int bytesMax) {
        maybeThrow(Place.READ);
        synchronized (log) {
            return log.readChosen(slots, bytesMax);
        }
    }

    // ---- transport ------------------------------------------------------------------------------------------

    @Override
    public void start(Introduction self, Receiver receiver) {}

    @Override
    public void send(NodeId to, Frame frame) {
        onSend.run();
        maybeThrow(Place.SEND);
        sent.incrementAndGet();
    }

    @Override
    public void flush() {
        maybeThrow(Place.FLUSH);
    }

    @Override
    public boolean isReachable(NodeId node) {
        return false;
    }

    /** Both the journal's and the transport's. */
    @Override
    public void close() {
        journalClosed = transportClosed;
        transportClosed = true;
    }

    // ---- application and listener ---------------------------------------------------------------------------

    @Override
    public byte[] apply(Entry entry) {
        maybeThrow(Place.APPLY);
        return entry.command();
    }

    @Override
    public void leaderChanged(Ballot leader, boolean leadsHere) {
        maybeThrow(Place.LEADER_CHANGED);
    }

    @Override
    public void diskChanged(DiskReport disk) {}

    @Override
    public void ready() {
        maybeThrow(Place.READY);
    }

    @Override
    public void diverged(Divergence divergence) {}

    @Override
    public void failed(String why, Throwable what) {
        reason = why;
        cause = what;
        failedCalls.incrementAndGet();
        sentWhenFailed.set(sent.get());
        failed.countDown();
    }
}
