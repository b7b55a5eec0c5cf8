// SPDX-License-Identifier: Apache-2.0
package io.paxos.cost;

import io.paxos.driver.AppliedReport;
import io.paxos.driver.ApplySequence;
import io.paxos.driver.ApplyWork;
import io.paxos.driver.Divergence;
import io.paxos.driver.Driver;
import io.paxos.driver.DriverOptions;
import io.paxos.driver.DriverPorts;
import io.paxos.driver.JournalRead;
import io.paxos.driver.Restored;
import io.paxos.driver.SnapshotPorts;
import io.paxos.driver.SnapshotRead;
import io.paxos.driver.Submission;
import io.paxos.driver.SubmissionWindow;
import io.paxos.journal.FileStorage;
import io.paxos.journal.JournalOptions;
import io.paxos.journal.SegmentedJournal;
import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.model.ClusterId;
import io.paxos.model.DurableRecord;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import io.paxos.protocol.Limits;
import io.paxos.protocol.Notice;
import io.paxos.protocol.Replica;
import io.paxos.protocol.ReplicaStatus;
import io.paxos.protocol.Timing;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One member, whole but for its threads: the real driver, journal, files, apply side and codec, turned by the thread of a test,
 * which learns what each part allocates.
 */
final class TurnedMember implements DriverPorts, SnapshotPorts, Closeable {

    /** A part of the way of a command through a member. */
    enum Part {
        DECODE,
        TURN,
        APPEND,
        APPLY,
        ENCODE
    }

    static final long TICK_MILLIS = 10;

    private static final ClusterId CLUSTER = new ClusterId("cost");
    private static final int FRAME_BYTES_MAX = 4 << 20;

    /** A frame on its way, as the bytes that a wire carries. */
    record Sent(NodeId to, ByteBuffer bytes) {}

    private record Write(long sequence, List<DurableRecord> records) {}

    final List<ByteBuffer> inbox = new ArrayList<>();
    final List<Sent> outbox = new ArrayList<>();
    final CountedStorage storage;
    private final Map<Part, Long> allocated = new EnumMap<>(Part.class);
    private final NodeId node;
    private final SegmentedJournal journal;
    private final ApplySequence apply;
    private final SubmissionWindow window = new SubmissionWindow(100_000, 1 << 30);
    private final Driver driver;
    private final List<Frame> received = new ArrayList<>();
    private final List<Frame> frames = new ArrayList<>();
    private final List<NodeId> receivers = new ArrayList<>();
    private final List<Write> writes = new ArrayList<>();
    private final List<DurableRecord> records = new ArrayList<>();
    private final List<Proposal> chosen = new ArrayList<>();
    private final List<Submission> submissions = new ArrayList<>();
    private final ByteBuffer frame = ByteBuffer.allocateDirect(FRAME_BYTES_MAX);
    private long forcedWrite;
    private AppliedReport applied;
    long framesSent;
    long bytesSent;

    TurnedMember(Path directory, int number, FoundingPlan plan) throws IOException {
        node = new NodeId(number);
        storage = new CountedStorage(new FileStorage(directory, false)); // what is counted are records, not blocks
        SegmentedJournal.format(storage, CLUSTER, node, new Incarnation(7_000 + number));
        // Nothing is obtained ahead: what is forced and written is what commands ask for, from the first one on.
        journal = SegmentedJournal.open(storage, CLUSTER, node, new JournalOptions(512 << 20));
        var remembered = journal.recovered();
        DriverOptions options = DriverOptions.of(Timing.DEFAULT, Limits.DEFAULT, 1 << 28, 1 << 28, 30_000);
        Replica replica = new Replica(
                remembered, plan, new FoundingId(7, number), options.timing(), options.limits(), 31L * number);
        driver = new Driver(replica, remembered, Restored.NOTHING, options, window, this, 31L * number);
        apply = new ApplySequence(
                entry -> new byte[Long.BYTES], SessionId.ofNode(remembered.self()), remembered.boot());
        for (Part part : Part.values()) {
            allocated.put(part, 0L);
        }
    }

    NodeId node() {
        return node;
    }

    boolean leads() {
        return driver.status().replica().role() == ReplicaStatus.Role.LEADING;
    }

    boolean isReady() {
        return driver.isReady();
    }

    /** Nothing came in, and nothing is to be done. */
    boolean isQuiet() {
        return inbox.isEmpty() && writes.isEmpty() && chosen.isEmpty() && applied == null && forcedWrite == 0;
    }

    long allocated(Part part) {
        return allocated.get(part);
    }

    /** The caller has room for it in mind: there is some for 100,000. */
    void submit(byte[] payload, Submission.Completion completion) {
        if (!window.tryReserve(payload.length)) {
            throw new IllegalStateException("no room for a submission");
        }
        submissions.add(new Submission(payload, 60_000, completion));
    }

    // ---- a turn of each part --------------------------------------------------------------------------------

    void turn(long nowMillis) throws IOException {
        decode();
        long before = ThreadCosts.allocatedHere();
        driver.beginTurn(nowMillis);
        for (int i = 0; i < received.size(); i++) {
            driver.receive(received.get(i));
        }
        for (int i = 0; i < submissions.size(); i++) {
            driver.submit(submissions.get(i));
        }
        if (forcedWrite > 0) {
            driver.forced(forcedWrite);
        }
        if (applied != null) {
            driver.applied(applied);
        }
        received.clear();
        submissions.clear();
        forcedWrite = 0;
        applied = null;
        driver.endTurn();
        count(Part.TURN, before);
        encode();
        append();
        applyChosen();
    }

    private void count(Part part, long before) {
        allocated.merge(part, ThreadCosts.allocatedHere() - before, Long::sum);
    }

    private void decode() {
        long before = ThreadCosts.allocatedHere();
        for (int i = 0; i < inbox.size(); i++) {
            received.add(FrameCodec.decode(inbox.get(i)));
        }
        count(Part.DECODE, before);
        inbox.clear();
    }

    private void encode() {
        for (int i = 0; i < frames.size(); i++) {
            long before = ThreadCosts.allocatedHere();
            FrameCodec.encode(frames.get(i), frame.clear());
            count(Part.ENCODE, before);
            framesSent++;
            bytesSent += frame.position();
            ByteBuffer bytes = ByteBuffer.allocate(frame.position());
            outbox.add(new Sent(receivers.get(i), bytes.put(frame.flip()).flip()));
        }
        frames.clear();
        receivers.clear();
    }

    /** All that queued up in the turn is one append, as the journal's thread does it. */
    private void append() throws IOException {
        if (writes.isEmpty()) {
            return;
        }
        for (Write write : writes) {
            records.addAll(write.records());
            forcedWrite = write.sequence();
        }
        long before = ThreadCosts.allocatedHere();
        journal.append(records);
        count(Part.APPEND, before);
        writes.clear();
        records.clear();
    }

    private void applyChosen() {
        if (!chosen.isEmpty()) {
            long before = ThreadCosts.allocatedHere();
            applied = apply.apply(chosen);
            count(Part.APPLY, before);
            chosen.clear();
        }
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }

    // ---- what the driver asks for ---------------------------------------------------------------------------

    @Override
    public void append(long writeSequence, List<DurableRecord> more) {
        writes.add(new Write(writeSequence, more));
    }

    @Override
    public void send(NodeId to, Frame message) {
        frames.add(message);
        receivers.add(to);
    }

    @Override
    public void apply(List<Proposal> more) {
        chosen.addAll(more);
    }

    @Override
    public void readChosen(JournalRead read) {
        throw new IllegalStateException(node + " is behind: " + read);
    }

    @Override
    public void read(ApplyWork.Reads reads) {
        throw new IllegalStateException("nobody reads");
    }

    @Override
    public SnapshotPorts snapshots() {
        return this;
    }

    @Override
    public void notice(Notice notice) {}

    @Override
    public void diverged(Divergence divergence) {
        throw new IllegalStateException(String.valueOf(divergence));
    }

    @Override
    public void mustStop(String reason) {
        throw new IllegalStateException(reason);
    }

    @Override
    public void take(Founding founding) {}

    @Override
    public void read(SnapshotRead read) {}

    @Override
    public void receive(SnapshotId id) {}

    @Override
    public void store(SnapshotId id, long offset, Value piece) {}

    @Override
    public void hold(SnapshotId id) {}

    @Override
    public void stopReceiving() {}

    @Override
    public void install(SnapshotId id) {}
}
