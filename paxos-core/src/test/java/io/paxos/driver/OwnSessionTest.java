// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message.RefusalReason;
import io.paxos.model.Command;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.session.SessionResult;
import io.paxos.session.SessionResult.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnSessionTest {

    private static final SessionId ID = new SessionId(1, 11);
    private static final long BOOT = 3;

    /** The first delay is 50 to 100 ms, the longest 800. */
    private static final long RETRY_MILLIS = 100;

    private final SubmissionWindow window = new SubmissionWindow(1_000, 1 << 20);
    private final OwnSession session = new OwnSession(ID, BOOT, 1_000, window, new Backoff(RETRY_MILLIS, 800, 42));
    private long nowMillis = 5_000;

    // ---- handing on -----------------------------------------------------------------------------------------

    @Test
    void theSessionOpensItselfBeforeItsFirstCommand() {
        session.leaderChanged(true);
        submit(1);
        List<Command> chunk = handOn();
        assertEquals(List.of(1L, 2L), sequences(chunk));
        assertEquals(Command.Kind.SESSION_OPEN, chunk.get(0).kind());
        assertEquals(Command.Kind.COMMAND, chunk.get(1).kind());
        assertEquals(ID, chunk.get(1).session());
        assertEquals(BOOT, chunk.get(1).boot());
        assertFalse(session.isOpen());
        applied(1);
        assertTrue(session.isOpen());
    }

    @Test
    void nothingIsHandedOnWhileNobodyTakesIt() {
        submit(3);
        assertEquals(List.of(), session.nextChunk(nowMillis));
        session.leaderChanged(true);
        assertEquals(List.of(1L, 2L, 3L, 4L), sequences(handOn()));
        assertEquals(List.of(), session.nextChunk(nowMillis));
        session.leaderChanged(false);
        submit(1);
        assertEquals(List.of(), session.nextChunk(nowMillis));
    }

    /** 45 bytes of overhead and 100 of payload: six commands and the opening fit into 1,000 bytes. */
    @Test
    void chunksAreBoundedInBytesAndFollowEachOther() {
        session.leaderChanged(true);
        for (int i = 0; i < 10; i++) {
            submitBytes(100);
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), sequences(handOn()));
        assertEquals(List.of(8L, 9L, 10L, 11L), sequences(handOn()));
        submitBytes(5_000);
        assertEquals(List.of(12L), sequences(handOn()));
    }

    @Test
    void aCommandSaysWhatItsOwnerHasTheResultsOf() {
        open();
        submit(2);
        assertEquals(2, handOn().get(1).acknowledgedBelow());
        applied(2, 3);
        submit(1);
        assertEquals(4, handOn().get(0).acknowledgedBelow());
    }

    @Test
    void anotherLeaderGetsEverythingThatIsNotAppliedAgainAndInOrder() {
        open();
        submit(4);
        handOn();
        applied(2);
        session.leaderChanged(false);
        submit(1);
        session.leaderChanged(true);
        assertEquals(List.of(3L, 4L, 5L, 6L), sequences(handOn()));
        assertEquals(List.of(), session.nextChunk(nowMillis));
    }

    // ---- refusals -------------------------------------------------------------------------------------------

    /** Refused in the very step that was to take them: they never left, whatever number they had for a moment. */
    @Test
    void whatIsRefusedHereNeverLeft() {
        open();
        List<Outcome> first = submit(1);
        handOn();
        List<Outcome> second = submit(1);
        List<Command> chunk = session.nextChunk(nowMillis);
        assertEquals(List.of(3L), sequences(chunk));
        session.refusedHere(chunk, RefusalReason.NO_LEADER, nowMillis);
        assertEquals(List.of(), session.nextChunk(nowMillis));
        session.expire(nowMillis + 60_000);
        assertEquals(List.of(new Outcome.Unknown(ID, BOOT, 2, false)), first);
        assertEquals(List.of(new Outcome.NoLeader()), second);
        assertEquals(1, window.commands());
    }

    @Test
    void aNumberThatWasNotTakenIsGivenToTheNextCommand() {
        open();
        submit(1);
        List<Command> chunk = session.nextChunk(nowMillis);
        session.refusedHere(chunk, RefusalReason.OVERLOADED, nowMillis);
        session.expire(nowMillis + 60_000);
        nowMillis += 60_000;
        submit(1);
        assertEquals(List.of(2L), sequences(handOn()));
    }

    @Test
    void aFullLeaderIsNamedAsOverloadToThoseWhoNeverLeft() {
        open();
        List<Outcome> outcome = submit(1);
        session.refusedHere(session.nextChunk(nowMillis), RefusalReason.OVERLOADED, nowMillis);
        session.expire(nowMillis + 60_000);
        assertEquals(List.of(new Outcome.Overloaded()), outcome);
        assertEquals(0, window.commands());
    }

    /** Another copy of the forward may have been taken, so the outcome is open; it is sent again after a while. */
    @Test
    void whatIsRefusedElsewhereIsSentAgainAfterADelayFromThatSequenceOn() {
        open();
        submit(4);
        handOn();
        session.refusedElsewhere(4, RefusalReason.OVERLOADED, nowMillis);
        List<Outcome> late = submit(1);
        assertEquals(List.of(), session.nextChunk(nowMillis + RETRY_MILLIS / 2 - 1));
        nowMillis += 2 * RETRY_MILLIS;
        assertEquals(List.of(4L, 5L, 6L), sequences(handOn()));
        session.refusedElsewhere(4, RefusalReason.OVERLOADED, nowMillis);
        List<Outcome> never = submit(1);
        session.expire(nowMillis + 60_000);
        assertEquals(List.of(new Outcome.Unknown(ID, BOOT, 6, false)), late);
        assertEquals(List.of(new Outcome.Overloaded()), never);
    }

    /** Were each one to double the wait, a burst of a few chunks would silence a session for as long as it may be. */
    @Test
    void theRefusalsOfOneBurstMakeItWaitOnce() {
        open();
        for (int i = 0; i < 5; i++) {
            submit(1);
            handOn();
        }
        for (long sequence = 2; sequence <= 6; sequence++) {
            session.refusedElsewhere(sequence, RefusalReason.OVERLOADED, nowMillis);
        }
        nowMillis += 2 * RETRY_MILLIS;
        assertEquals(List.of(2L, 3L, 4L, 5L, 6L), sequences(handOn()));
    }

    @Test
    void progressEndsALongWait() {
        open();
        submit(2);
        handOn();
        for (int i = 0; i < 5; i++) {
            session.refusedElsewhere(3, RefusalReason.OVERLOADED, nowMillis);
            nowMillis += 800;
            handOn();
        }
        session.refusedElsewhere(3, RefusalReason.OVERLOADED, nowMillis);
        applied(2);
        nowMillis += RETRY_MILLIS;
        assertEquals(List.of(3L), sequences(handOn()));
    }

    @Test
    void aRefusalOfSomethingAppliedMeanwhileChangesNothing() {
        open();
        submit(2);
        handOn();
        applied(2, 3);
        session.refusedElsewhere(2, RefusalReason.NO_LEADER, nowMillis);
        submit(1);
        assertEquals(List.of(4L), sequences(handOn()));
    }

    // ---- gaps and silence -----------------------------------------------------------------------------------

    @Test
    void aGapIsAnsweredOnceFromTheSequenceThatIsDue() {
        open();
        submit(4);
        handOn();
        gap(2);
        assertEquals(List.of(2L, 3L, 4L, 5L), sequences(handOn()));
        gap(2);
        assertEquals(List.of(), session.nextChunk(nowMillis));
        applied(2);
        gap(3);
        assertEquals(List.of(3L, 4L, 5L), sequences(handOn()));
    }

    @Test
    void aGapThatWasFilledMeanwhileIsIgnored() {
        open();
        submit(2);
        handOn();
        session.applied(report(2, 1, 2), nowMillis);
        assertEquals(List.of(), session.nextChunk(nowMillis));
    }

    /** Hazard V4: a slow cluster gets one page from the head, ever more seldom, and not all there is again and again. */
    @Test
    void silenceMakesAPageFromTheHeadGoOutAgainEverMoreSeldom() {
        open();
        for (int i = 0; i < 20; i++) {
            submitBytes(100);
        }
        while (!handOn().isEmpty()) {}
        List<Long> sentAgain = new ArrayList<>();
        for (long end = nowMillis + 4_000; nowMillis < end; nowMillis += 10) {
            List<Command> chunk = handOn();
            if (!chunk.isEmpty()) {
                assertEquals(List.of(2L, 3L, 4L, 5L, 6L, 7L), sequences(chunk));
                sentAgain.add(nowMillis);
            }
        }
        assertTrue(sentAgain.size() >= 5 && sentAgain.size() <= 12, () -> "sent again at " + sentAgain);
        submit(1);
        assertEquals(List.of(22L), sequences(handOn()));
    }

    @Test
    void aSessionWithNothingOnItsWayIsSilent() {
        open();
        submit(1);
        handOn();
        applied(2);
        nowMillis += 60_000;
        assertEquals(List.of(), session.nextChunk(nowMillis));
    }

    @Test
    void anOwnCommandAppliedOutOfOrderIsABug() {
        open();
        submit(2);
        handOn();
        assertThrows(IllegalStateException.class, () -> applied(3));
    }

    // ---- helpers --------------------------------------------------------------------------------------------

    /** 2 and 3 took effect in what came as a snapshot; of 2 its table keeps no result. 4 goes on. */
    @Test
    void whatASnapshotHoldsIsAnsweredFromItsTableAndTheRestGoesOn() {
        open();
        List<Outcome> lost = submit(2);
        List<Outcome> kept = submit(1);
        handOn();
        SessionResult third = result(3);
        session.restored(4, List.of(third), nowMillis);
        assertEquals(List.of(new Outcome.ResultGone(null), Outcome.of(third)), lost);
        assertEquals(List.of(), kept);
        assertTrue(session.isOpen());
        applied(4);
        assertEquals(1, kept.size());
        submit(1);
        assertEquals(List.of(5L), sequences(handOn()));
    }

    /** The snapshot is from before this boot opened its session. */
    @Test
    void aSnapshotFromBeforeTheOpeningLosesNothing() {
        session.leaderChanged(true);
        submit(1);
        handOn();
        session.restored(1, List.of(), nowMillis);
        assertFalse(session.isOpen());
        session.leaderChanged(true);
        assertEquals(List.of(1L, 2L), sequences(handOn()));
    }

    private void open() {
        session.leaderChanged(true);
        handOn();
        applied(1);
    }

    private List<Outcome> submit(int commands) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < commands; i++) {
            assertTrue(window.tryReserve(1));
            session.submit(new Submission(new byte[1], 30_000, outcomes::add), nowMillis);
        }
        return outcomes;
    }

    private void submitBytes(int length) {
        assertTrue(window.tryReserve(length));
        session.submit(new Submission(new byte[length], 30_000, outcome -> {}), nowMillis);
    }

    private List<Command> handOn() {
        List<Command> chunk = session.nextChunk(nowMillis);
        if (!chunk.isEmpty()) {
            session.handedOn(chunk, nowMillis);
        }
        return chunk;
    }

    private void applied(long... sequences) {
        session.applied(report(sequences[0], sequences.length, 0), nowMillis);
    }

    private void gap(long expected) {
        session.applied(report(0, 0, expected), nowMillis);
    }

    private static AppliedReport report(long first, int results, long gapExpected) {
        List<SessionResult> told = new ArrayList<>();
        for (int i = 0; i < results; i++) {
            told.add(result(first + i));
        }
        return new AppliedReport(1, 0, told, gapExpected, false, 0, Long.MAX_VALUE, List.of());
    }

    private static SessionResult result(long sequence) {
        return new SessionResult(sequence, Status.APPLIED, new Position(sequence, 0), new byte[0]);
    }

    private static List<Long> sequences(List<Command> commands) {
        return commands.stream().map(Command::sequence).toList();
    }
}
