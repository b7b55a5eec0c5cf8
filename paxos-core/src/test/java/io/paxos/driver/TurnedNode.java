// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Frame;
import io.paxos.model.DurableRecord;
import io.paxos.model.Entry;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.protocol.Notice;
import io.paxos.protocol.Replica;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** One driver over the real core, turned by hand: its disk, its state machine and its network do what the test says. */
final class TurnedNode implements DriverPorts {

    /** A frame on its way. */
    record Sent(NodeId to, Frame frame) {}

    private record Write(long sequence, List<DurableRecord> records) {}

    final MemberId self;
    final RecordLog log;
    final Driver driver;
    final SubmissionWindow window;
    final ApplySequence apply;

    final List<Sent> sent = new ArrayList<>();
    final List<Notice> notices = new ArrayList<>();
    final List<Divergence> divergences = new ArrayList<>();
    final List<String> stops = new ArrayList<>();
    final List<JournalRead> reads = new ArrayList<>();
    final List<Entry> entries = new ArrayList<>();
    final ArrayDeque<Frame> inbox = new ArrayDeque<>();

    private final ArrayDeque<Write> unforced = new ArrayDeque<>();
    private final ArrayDeque<JournalRead> unread = new ArrayDeque<>();
    /** Slots, and reads between them. */
    private final ArrayDeque<ApplyWork> unapplied = new ArrayDeque<>();

    private long nowMillis;

    final AskedOfSnapshots snapshots = new AskedOfSnapshots();

    /** What the state machine does with an entry, before it is noted. */
    UnaryOperator<byte[]> machine = command -> ("done " + text(command)).getBytes(StandardCharsets.UTF_8);

    boolean diskStuck;
    boolean applyStuck;

    TurnedNode(
            int number,
            long boot,
            RecordLog log,
            Restored restored,
            FoundingPlan plan,
            DriverOptions options,
            SubmissionWindow window) {
        this.self = new MemberId(new NodeId(number), new Incarnation(1_000 + number));
        this.log = log;
        this.window = window;
        var remembered = log.recover(self, boot);
        long seed = 31L * number + boot;
        Replica replica =
                new Replica(remembered, plan, new FoundingId(7, number), options.timing(), options.limits(), seed);
        this.driver = new Driver(replica, remembered, restored, options, window, this, seed);
        this.apply = new ApplySequence(this::call, SessionId.ofNode(self), boot);
    }

    private byte[] call(Entry entry) {
        byte[] result = machine.apply(entry.command());
        entries.add(entry);
        return result;
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    List<String> applied() {
        return entries.stream().map(entry -> text(entry.command())).toList();
    }

    // ---- turning --------------------------------------------------------------------------------------------

    void turn(long nowMillis) {
        this.nowMillis = nowMillis;
        driver.beginTurn(nowMillis);
        takeIn();
        driver.endTurn();
    }

    private void takeIn() {
        while (!inbox.isEmpty()) {
            driver.receive(inbox.removeFirst());
        }
        if (!diskStuck) {
            forceAll();
        }
        while (!unread.isEmpty()) {
            JournalRead read = unread.removeFirst();
            driver.chosenRead(read, log.readChosen(read.slots(), read.bytesMax()));
        }
        while (!applyStuck && !unapplied.isEmpty()) {
            applyNext();
        }
    }

    /** All slots up to the next read, or that read. */
    private void applyNext() {
        List<Proposal> slots = new ArrayList<>();
        while (unapplied.peekFirst() instanceof ApplyWork.Slots next) {
            unapplied.removeFirst();
            slots.addAll(next.chosen());
        }
        if (!slots.isEmpty()) {
            driver.applied(apply.apply(slots));
        } else if (unapplied.removeFirst() instanceof ApplyWork.Reads reads) {
            driver.readsDone(reads.run(apply.applied(), () -> nowMillis));
        }
    }

    void forceAll() {
        while (!unforced.isEmpty()) {
            forceOne();
        }
    }

    void forceOne() {
        Write write = unforced.removeFirst();
        log.append(write.records());
        driver.forced(write.sequence());
    }

    int unforcedWrites() {
        return unforced.size();
    }

    int unappliedSlots() {
        int slots = 0;
        for (ApplyWork work : unapplied) {
            slots += work instanceof ApplyWork.Slots some ? some.chosen().size() : 0;
        }
        return slots;
    }

    /** What was sent since the last call, as kinds of message with their receivers, as in {@code Promise>n1}. */
    List<String> takeSent() {
        List<String> kinds = sent.stream()
                .map(each -> each.frame().message().getClass().getSimpleName() + ">" + each.to())
                .toList();
        sent.clear();
        return kinds;
    }

    List<Outcome> submit(String command, long timeoutMillis) {
        byte[] payload = command.getBytes(StandardCharsets.UTF_8);
        List<Outcome> outcomes = new ArrayList<>();
        if (window.tryReserve(payload.length)) {
            driver.submit(new Submission(payload, timeoutMillis, outcomes::add));
        } else {
            outcomes.add(new Outcome.Overloaded());
        }
        return outcomes;
    }

    // ---- ports ----------------------------------------------------------------------------------------------

    @Override
    public void append(long writeSequence, List<DurableRecord> records) {
        unforced.addLast(new Write(writeSequence, records));
    }

    @Override
    public void send(NodeId to, Frame frame) {
        sent.add(new Sent(to, frame));
    }

    @Override
    public void apply(List<Proposal> chosen) {
        unapplied.add(new ApplyWork.Slots(chosen));
    }

    @Override
    public void read(ApplyWork.Reads reads) {
        unapplied.add(reads);
    }

    @Override
    public void readChosen(JournalRead read) {
        reads.add(read);
        unread.addLast(read);
    }

    @Override
    public SnapshotPorts snapshots() {
        return snapshots;
    }

    @Override
    public void notice(Notice notice) {
        notices.add(notice);
    }

    @Override
    public void diverged(Divergence divergence) {
        divergences.add(divergence);
    }

    @Override
    public void mustStop(String reason) {
        stops.add(reason);
    }
}
