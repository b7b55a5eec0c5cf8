// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.Command.Kind;
import io.paxos.model.Entry;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Position;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.model.SnapshotId;
import io.paxos.session.SessionResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ApplySequenceTest {

    private static final MemberId SELF = new MemberId(new NodeId(1), new Incarnation(11));
    private static final SessionId OWN = SessionId.ofNode(SELF);
    private static final SessionId OTHER = SessionId.ofNode(new MemberId(new NodeId(2), new Incarnation(22)));
    private static final long BOOT = 3;

    private final List<Entry> entries = new ArrayList<>();
    private final ApplySequence sequence = new ApplySequence(this::apply, OWN, BOOT);

    private byte[] apply(Entry entry) {
        entries.add(entry);
        return ("r" + text(entry.command())).getBytes(StandardCharsets.UTF_8);
    }

    /** 5 is in slot 10 and 6 in slot 11; the leader dies, slot 10 becomes a no-op; 5 comes again, then 6. */
    @Test
    void aLostCommandIsNotOvertakenByTheOneBehindIt() {
        sequence.apply(List.of(slot(1, 0, open(OWN, BOOT), command(2), command(3), command(4))));
        AppliedReport holed = sequence.apply(List.of(slot(2, 0, Command.noOp()), slot(3, 0, command(6))));
        assertEquals(5, holed.gapExpected());
        assertEquals(List.of(), holed.results());
        AppliedReport again = sequence.apply(List.of(slot(4, 0, command(5)), slot(5, 0, command(6))));
        assertEquals(0, again.gapExpected());
        assertEquals(5, again.results().get(0).sequence());
        assertEquals(List.of("r5", "r6"), texts(again.results()));
        assertEquals(List.of("2", "3", "4", "5", "6"), applied());
    }

    @Test
    void aDuplicateHasNoEffectAndNoResult() {
        AppliedReport report = sequence.apply(List.of(slot(1, 0, open(OWN, BOOT), command(2), command(2))));
        assertEquals(1, report.results().get(0).sequence());
        assertEquals(List.of("", "r2"), texts(report.results()));
        assertEquals(List.of("2"), applied());
    }

    @Test
    void aCommandBeforeItsSessionIsOpenIsAGapAtTheOpening() {
        assertEquals(1, sequence.apply(List.of(slot(1, 0, command(2)))).gapExpected());
    }

    @Test
    void anEarlierBootsCommandsTakeEffectUntilTheNextBootOpensAndAreNobodysResults() {
        AppliedReport report = sequence.apply(List.of(
                slot(1, 0, open(OWN, 2), commandOf(OWN, 2, 2)),
                slot(2, 0, open(OWN, BOOT)),
                slot(3, 0, commandOf(OWN, 2, 3))));
        assertEquals(List.of("2"), applied());
        assertEquals(List.of(""), texts(report.results()));
        assertEquals(0, report.gapExpected());
    }

    @Test
    void anEntryCarriesItsPlaceItsTimeAndItsSession() {
        sequence.apply(List.of(slot(1, 500, open(OTHER, 9), Command.noOp(), commandOf(OTHER, 9, 2))));
        assertEquals(new Position(1, 2), entries.get(0).position());
        assertEquals(500, entries.get(0).agreedTimeMillis());
        assertEquals(OTHER, entries.get(0).session());
    }

    /** L0 stamped slot 2 and died, L1 stamped slot 1 later and died too, and a third leader had to propose both. */
    @Test
    void agreedTimeStandsStillWhereAStampLiesBehindTheOneBefore() {
        sequence.apply(List.of(slot(1, 500, open(OTHER, 9), commandOf(OTHER, 9, 2))));
        sequence.apply(List.of(slot(2, 400, commandOf(OTHER, 9, 3)), slot(3, 600, commandOf(OTHER, 9, 4))));
        assertEquals(
                List.of(500L, 500L, 600L),
                entries.stream().map(Entry::agreedTimeMillis).toList());
    }

    /** The core's thread reads a report while another one applies the next slots already. */
    @Test
    void aReportThatHasLeftIsNotAddedTo() {
        ApplySequence digesting = new ApplySequence(this::apply, OWN, BOOT, 2);
        AppliedReport first = digesting.apply(List.of(slot(1, 0, open(OWN, BOOT))));
        AppliedReport second = digesting.apply(List.of(slot(2, 0, command(2))));
        AppliedReport third = digesting.apply(List.of(slot(3, 0, Command.noOp())));
        AppliedReport fourth = digesting.apply(List.of(slot(4, 0, command(3))));
        assertEquals(List.of(), first.digests());
        assertEquals(
                List.of(2L), second.digests().stream().map(StateDigest::slot).toList());
        assertEquals(List.of(), third.digests());
        assertEquals(
                List.of(4L), fourth.digests().stream().map(StateDigest::slot).toList());
        assertEquals(List.of(""), texts(first.results()));
        assertEquals(List.of("r2"), texts(second.results()));
        assertEquals(List.of(), third.results());
    }

    @Test
    void aReportSaysHowMuchWasApplied() {
        Proposal first = slot(1, 0, Command.noOp());
        Proposal second = slot(2, 0, open(OTHER, 1));
        AppliedReport report = sequence.apply(List.of(first, second));
        assertEquals(2, report.slot());
        assertEquals(first.value().length() + second.value().length(), report.bytes());
    }

    // ---- what ends the node ---------------------------------------------------------------------------------

    @Test
    void aSlotOutOfOrderIsRefused() {
        sequence.apply(List.of(slot(1, 0, Command.noOp())));
        assertThrows(IllegalStateException.class, () -> sequence.apply(List.of(slot(3, 0, Command.noOp()))));
        assertEquals(1, sequence.applied());
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"MEMBERSHIP", "FEATURE_LEVEL"})
    void aKindThatThisVersionCannotApplyIsNeverSkipped(Kind kind) {
        Command command = new Command(kind, SessionId.NONE, 0, 0, 0, new byte[0]);
        assertThrows(IllegalStateException.class, () -> sequence.apply(List.of(slot(1, 0, command))));
        assertEquals(0, sequence.applied());
    }

    @Test
    void aFeatureLevelThatThisVersionDoesNotKnowIsRefused() {
        Batch batch = new Batch(0, 0, 1, List.of(Command.noOp()));
        Proposal proposal = new Proposal(1, new Ballot(1, SELF), batch.encode());
        assertThrows(IllegalStateException.class, () -> sequence.apply(List.of(proposal)));
    }

    /** The applied slot stays, and nothing is applied any more: not the rest, not the same slot again. */
    @Test
    void whatTheStateMachineThrowsLeavesTheAppliedSlotAndEndsApplying() {
        StackOverflowError bug = new StackOverflowError("bug");
        ApplySequence broken = new ApplySequence(
                entry -> {
                    throw bug;
                },
                OWN,
                BOOT);
        broken.apply(List.of(slot(1, 0, open(OWN, BOOT))));
        ApplyFailedException thrown = assertThrows(
                ApplyFailedException.class,
                () -> broken.apply(List.of(slot(2, 0, command(2)), slot(3, 0, command(3)))));
        assertSame(bug, thrown.getCause());
        assertEquals(2, thrown.slot());
        assertEquals(1, broken.applied());
        assertThrows(IllegalStateException.class, () -> broken.apply(List.of(slot(2, 0, Command.noOp()))));
        assertEquals(1, broken.applied());
    }

    @Test
    void aStateMachineThatReturnsNullHasABug() {
        ApplySequence broken = new ApplySequence(entry -> null, OWN, BOOT);
        assertThrows(IllegalStateException.class, () -> broken.apply(List.of(slot(1, 0, open(OWN, BOOT), command(2)))));
    }

    // ---- helpers --------------------------------------------------------------------------------------------

    // ---- snapshots ------------------------------------------------------------------------------------------

    /** A state machine that keeps the commands, and writes them to its snapshots. */
    private static final class Keeping implements Application {
        private final List<String> kept = new ArrayList<>();

        @Override
        public byte[] apply(Entry entry) {
            kept.add(text(entry.command()) + "@" + entry.agreedTimeMillis());
            return entry.command();
        }

        @Override
        public CapturedState capture() {
            List<String> now = List.copyOf(kept);
            return out -> out.writeUTF(String.join(" ", now));
        }

        @Override
        public void restore(DataInput in) throws IOException {
            kept.clear();
            kept.addAll(List.of(in.readUTF().split(" ")));
        }
    }

    private static byte[] written(Capture capture) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        capture.state().writeTo(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static InstallReport restored(ApplySequence into, Capture from) throws IOException {
        return into.restore(
                new SnapshotId(from.slot(), 500, 7),
                from.agreedTimeMillis(),
                from.chain(),
                from.sessions(),
                new DataInputStream(new ByteArrayInputStream(written(from))));
    }

    /** A captured at slot 2; the next slots bring the retry of 3 and then 4. Were the sessions not in it, 3 took effect twice. */
    @Test
    void aSnapshotHoldsTheSessionsAndTheAgreedTimeToo() throws IOException {
        Keeping first = new Keeping();
        ApplySequence captured = new ApplySequence(first, OTHER, 1);
        captured.apply(List.of(slot(1, 500, open(OWN, BOOT), command(2)), slot(2, 400, command(3))));
        Capture capture = captured.capture();
        captured.apply(List.of(slot(3, 600, command(4))));

        Keeping second = new Keeping();
        ApplySequence into = new ApplySequence(second, OWN, BOOT);
        InstallReport report = restored(into, capture);
        assertEquals(new Restored(2, 500, 500), report.restored());
        assertEquals(4, report.ownDue());
        assertEquals(List.of("", "2", "3"), texts(report.ownResults()));
        assertFalse(report.older() || report.superseded());
        AppliedReport more = into.apply(List.of(slot(3, 450, command(3), command(4))));
        assertEquals(List.of("2@500", "3@500", "4@500"), second.kept);
        assertEquals(4, more.results().get(0).sequence());
        assertEquals(3, into.applied());
    }

    @Test
    void anOlderSnapshotChangesNothing() throws IOException {
        Keeping first = new Keeping();
        ApplySequence one = new ApplySequence(first, OWN, BOOT);
        one.apply(List.of(slot(1, 0, open(OWN, BOOT), command(2))));
        Capture old = one.capture();
        one.apply(List.of(slot(2, 0, command(3))));
        InstallReport report = restored(one, old);
        assertTrue(report.older());
        assertEquals(List.of("2@0", "3@0"), first.kept);
        assertEquals(2, one.applied());
        Capture same = one.capture();
        assertTrue(restored(one, same).older(), "nor does one of the very slot");
    }

    @Test
    void slotsOfTheSnapshotAreNotAppliedAfterIt() throws IOException {
        ApplySequence one = new ApplySequence(new Keeping(), OWN, BOOT);
        one.apply(List.of(slot(1, 0, open(OWN, BOOT)), slot(2, 0, command(2))));
        ApplySequence into = new ApplySequence(new Keeping(), OWN, BOOT);
        restored(into, one.capture());
        assertThrows(IllegalStateException.class, () -> into.apply(List.of(slot(2, 0, command(2)))));
    }

    @Test
    void aSnapshotThatCannotBeReadEndsApplying() {
        ApplySequence into = new ApplySequence(new Keeping(), OWN, BOOT);
        assertThrows(
                IOException.class,
                () -> into.restore(
                        new SnapshotId(9, 500, 7),
                        0,
                        0,
                        new byte[] {0, 0, 0, 0},
                        new DataInputStream(new ByteArrayInputStream(new byte[0]))));
        assertThrows(IllegalStateException.class, () -> into.apply(List.of(slot(1, 0, open(OWN, BOOT)))));
    }

    @Test
    void aLaterBootInTheSnapshotIsNoticed() throws IOException {
        ApplySequence one = new ApplySequence(new Keeping(), OTHER, 1);
        one.apply(List.of(slot(1, 0, open(OWN, BOOT + 1))));
        assertTrue(restored(new ApplySequence(new Keeping(), OWN, BOOT), one.capture())
                .superseded());
    }

    private static Proposal slot(long slot, long agreedTimeMillis, Command... commands) {
        Batch batch = new Batch(0, agreedTimeMillis, 0, List.of(commands));
        return new Proposal(slot, new Ballot(1, SELF), batch.encode());
    }

    private static Command open(SessionId session, long boot) {
        return new Command(Kind.SESSION_OPEN, session, boot, 1, 0, new byte[0]);
    }

    private static Command command(long sequence) {
        return commandOf(OWN, BOOT, sequence);
    }

    private static Command commandOf(SessionId session, long boot, long sequence) {
        byte[] payload = Long.toString(sequence).getBytes(StandardCharsets.UTF_8);
        return new Command(Kind.COMMAND, session, boot, sequence, 0, payload);
    }

    private List<String> applied() {
        return entries.stream().map(entry -> text(entry.command())).toList();
    }

    private static List<String> texts(List<SessionResult> results) {
        return results.stream().map(result -> text(result.result())).toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
