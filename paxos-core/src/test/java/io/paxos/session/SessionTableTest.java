// SPDX-License-Identifier: Apache-2.0
package io.paxos.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.Command;
import io.paxos.model.Command.Kind;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.session.SessionResult.Status;
import io.paxos.session.SessionTable.Fate;
import io.paxos.session.SessionTable.Verdict;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionTableTest {

    private static final SessionId SESSION = new SessionId(1, 77);
    private static final SessionId CLIENT = new SessionId(0, 77);

    private final SessionTable table = new SessionTable();

    /** The session is at boot 3, and sequences 1 to 5 were applied. */
    @ParameterizedTest(name = "boot {0}, sequence {1}: {2}, then due {3}")
    @CsvSource({
        "3, 1, DUPLICATE, 6",
        "3, 5, DUPLICATE, 6",
        "3, 6, APPLY, 7",
        "3, 7, GAP, 6",
        "3, 9000, GAP, 6",
        "2, 6, CLOSED, 6",
        "2, 1, CLOSED, 6",
        "4, 6, NOT_OPEN, 6",
        "4, 2, NOT_OPEN, 6",
    })
    void onlyTheNextSequenceOfTheOpenBootIsTaken(long boot, long sequence, Verdict verdict, long dueAfterwards) {
        openAndApply(3, 5);
        assertEquals(verdict, judge(command(boot, sequence)));
        assertEquals(dueAfterwards, table.nextSequence(SESSION, 3));
    }

    /** The session is at boot 3, and sequences 1 to 5 were applied. */
    @ParameterizedTest(name = "opening boot {0}: {1}, then {2} is due in boot 3 and {3} in boot 4")
    @CsvSource({"2, CLOSED, 6, 1", "3, DUPLICATE, 6, 1", "4, APPLY, 1, 2", "900, APPLY, 1, 1"})
    void aLaterBootClosesTheEarlierOnes(long boot, Verdict verdict, long dueInBoot3, long dueInBoot4) {
        openAndApply(3, 5);
        assertEquals(verdict, judge(open(boot)));
        assertEquals(dueInBoot3, table.nextSequence(SESSION, 3));
        assertEquals(dueInBoot4, table.nextSequence(SESSION, 4));
    }

    @Test
    void nothingIsTakenBeforeTheSessionIsOpened() {
        assertEquals(Verdict.NOT_OPEN, judge(command(1, 2)));
        assertEquals(1, table.nextSequence(SESSION, 1));
        assertEquals(Verdict.APPLY, judge(open(1)));
        assertEquals(Verdict.APPLY, judge(command(1, 2)));
        assertEquals(Verdict.DUPLICATE, judge(command(1, 2)));
    }

    @Test
    void sessionsDoNotTouchEachOther() {
        openAndApply(3, 5);
        SessionId other = new SessionId(2, 77);
        assertEquals(Verdict.NOT_OPEN, judge(new Command(Kind.COMMAND, other, 3, 6, 0, new byte[0])));
        assertEquals(Verdict.APPLY, judge(new Command(Kind.SESSION_OPEN, other, 9, 1, 0, new byte[0])));
        assertEquals(2, table.size());
        assertEquals(6, table.nextSequence(SESSION, 3));
    }

    @Test
    void whatOpensNoSessionChangesNothing() {
        assertEquals(Verdict.OUT_OF_RANGE, judge(new Command(Kind.SESSION_OPEN, SESSION, 1, 2, 0, new byte[0])));
        assertEquals(Verdict.OUT_OF_RANGE, judge(new Command(Kind.SESSION_OPEN, CLIENT, 1, 1, 0, new byte[7])));
        assertEquals(0, table.size());
    }

    // ---- results ----------------------------------------------------------------------------------------------

    @Test
    void resultsAreKeptUntilTheirOwnerHasThem() {
        openAndApply(3, 5);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), kept());
        judge(new Command(Kind.COMMAND, SESSION, 3, 6, 4, new byte[0]));
        assertEquals(List.of(4L, 5L, 6L), kept());
        assertEquals(new Position(4, 0), table.resultsOf(SESSION, 3).get(0).position());
        judge(new Command(Kind.COMMAND, SESSION, 3, 5, 6, new byte[0]));
        assertEquals(List.of(6L), kept(), "a duplicate acknowledges too");
    }

    @Test
    void aLaterBootDropsTheResultsOfTheEarlier() {
        openAndApply(3, 5);
        judge(open(4));
        assertEquals(List.of(), kept());
        assertEquals(1, table.resultsOf(SESSION, 4).size());
    }

    @Test
    void aResultThatIsTooLargeIsAnsweredOnceAndNotKept() {
        judge(open(1));
        table.judge(command(1, 2), 0);
        byte[] large = new byte[SessionTable.SESSION_RESULT_BYTES_MAX];
        assertSame(large, table.applied(new Position(9, 3), large).result());
        SessionResult kept = table.resultsOf(SESSION, 1).get(1);
        assertEquals(Status.RESULT_GONE, kept.status());
        assertEquals(new Position(9, 3), kept.position());
    }

    @Test
    void theOldestResultOfASessionGoesFirst() {
        judge(open(1));
        byte[] third = new byte[SessionTable.SESSION_RESULT_BYTES_MAX / 3];
        for (long sequence = 2; sequence <= 6; sequence++) {
            table.judge(command(1, sequence), 0);
            table.applied(new Position(sequence, 0), third);
        }
        assertEquals(
                List.of(5L, 6L),
                table.resultsOf(SESSION, 1).stream()
                        .map(SessionResult::sequence)
                        .toList());
    }

    /** Forty sessions with a megabyte each: the bound of all lets an eighth go, those that were applied first. */
    @Test
    void theOldestResultsOfAllSessionsGoFirst() throws IOException {
        byte[] megabyte = new byte[1 << 20];
        for (int tag = 1; tag <= 33; tag++) {
            SessionId id = new SessionId(1, tag);
            table.judge(new Command(Kind.SESSION_OPEN, id, 1, 1, 0, new byte[0]), 0);
            table.applied(new Position(2L * tag, 0), new byte[0]);
            table.judge(new Command(Kind.COMMAND, id, 1, 2, 0, new byte[0]), 0);
            table.applied(new Position(2L * tag, 1), megabyte);
        }
        assertEquals(0, table.resultsOf(new SessionId(1, 4), 1).size());
        assertEquals(2, table.resultsOf(new SessionId(1, 6), 1).size());
        assertTrue(table.resultBytes() <= SessionTable.RESULT_BYTES_MAX);
        SessionTable again = SessionTables.copyOf(table);
        assertEquals(table.resultBytes(), again.resultBytes());
        assertArrayEquals(SessionTables.bytesOf(table), SessionTables.bytesOf(again));
    }

    // ---- sessions of clients ----------------------------------------------------------------------------------

    /** Opened at 1,000 with a time-out of 5,000; command 2 was applied at 3,000. */
    @ParameterizedTest(name = "command 3 at {0}: {1}")
    @CsvSource({"3000, APPLY", "7999, APPLY", "8000, APPLY", "8001, NOT_OPEN"})
    void aSessionExpiresWhenNothingOfItWasAppliedForLongerThanItsTimeOut(long at, Verdict verdict) {
        assertEquals(Verdict.APPLY, judgeAt(1_000, openClient(1_000, 7)));
        assertEquals(Verdict.APPLY, judgeAt(3_000, ofClient(2)));
        assertEquals(verdict, judgeAt(at, ofClient(3)));
    }

    @Test
    void theOpeningAgainKeepsItAlive() {
        judgeAt(1_000, openClient(1_000, 7));
        assertEquals(6_001, table.nothingExpiresBeforeMillis());
        assertEquals(Verdict.DUPLICATE, judgeAt(6_000, openClient(1_000, 7)));
        assertEquals(Verdict.APPLY, judgeAt(11_000, ofClient(2)));
        assertEquals(Verdict.NOT_OPEN, judgeAt(16_001, ofClient(3)));
        assertEquals(Long.MAX_VALUE, table.nothingExpiresBeforeMillis());
    }

    /** Were a late copy of the opening to open it again, late copies of its commands would take effect a second time. */
    @Test
    void anExpiredSessionIsNotOpenedAgainByALateCopyOfItsOpening() {
        judgeAt(1_000, openClient(1_000, 7));
        judgeAt(1_000, ofClient(2));
        assertEquals(Verdict.TOO_LATE, judgeAt(6_001, openClient(1_000, 7)));
        assertEquals(Verdict.NOT_OPEN, judgeAt(6_001, ofClient(2)));
        assertEquals(0, table.size());
    }

    @Test
    void aClosedSessionIsNotOpenedAgainByALateCopyOfItsOpening() {
        judgeAt(1_000, openClient(1_000, 7));
        assertEquals(Verdict.APPLY, judgeAt(2_000, close(2)));
        assertEquals(1, table.nextSequence(CLIENT, 1));
        assertEquals(Verdict.TOO_LATE, judgeAt(6_000, openClient(1_000, 7)));
        assertEquals(Verdict.NOT_OPEN, judgeAt(6_000, ofClient(3)));
        assertEquals(1, table.size());
        assertEquals(Verdict.TOO_LATE, judgeAt(6_001, openClient(1_000, 7)));
        assertEquals(0, table.size(), "nothing is to be feared of it any more");
    }

    @Test
    void anotherClientWithTheSameNameIsRefused() {
        judgeAt(1_000, openClient(1_000, 7));
        assertEquals(Verdict.COLLISION, judgeAt(1_500, openClient(1_000, 8)));
        assertEquals(2, table.nextSequence(CLIENT, 1));
    }

    /** One that promises more than agreed time allows could be held back, and open a session that expired long ago. */
    @Test
    void anOpeningFromTheFutureIsRefused() {
        assertEquals(Verdict.OUT_OF_RANGE, judgeAt(1_000, openClient(1_001, 7)));
    }

    @ParameterizedTest(name = "{0} ms: {1}")
    @CsvSource({"999, OUT_OF_RANGE", "1000, APPLY", "86400000, APPLY", "86400001, OUT_OF_RANGE", "-1, OUT_OF_RANGE"})
    void aTimeOutIsFromASecondToADay(long timeoutMillis, Verdict verdict) {
        byte[] payload = SessionOpening.at(0, 1, 2, timeoutMillis).encode();
        assertEquals(verdict, judgeAt(0, new Command(Kind.SESSION_OPEN, CLIENT, 1, 1, 0, payload)));
    }

    @Test
    void aNodesSessionDoesNotExpireByTime() {
        judgeAt(0, open(3));
        assertEquals(Verdict.APPLY, judgeAt(Long.MAX_VALUE / 2, command(3, 2)));
    }

    @Test
    void thereIsRoomForSoManySessionsOfClientsAndThenForNone() {
        byte[] payload = SessionOpening.at(0, 1, 2, 5_000).encode();
        for (int tag = 1; tag <= SessionTable.CLIENT_SESSIONS_MAX; tag++) {
            judgeAt(0, new Command(Kind.SESSION_OPEN, new SessionId(0, 1_000 + tag), 1, 1, 0, payload));
        }
        assertEquals(Verdict.TOO_MANY, judgeAt(0, openClient(0, 7)));
        assertEquals(Verdict.APPLY, judgeAt(0, open(1)), "nodes have theirs");
        assertEquals(Verdict.APPLY, judgeAt(5_001, openClient(5_000, 7)), "the others have expired");
    }

    // ---- asked later ------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "boot {0}, sequence {1}: {2}")
    @CsvSource({
        "3, 5, TOOK_EFFECT",
        "3, 6, NEVER",
        "4, 1, TOOK_EFFECT",
        "4, 2, NOT_YET",
        "5, 1, NOT_YET",
        "2, 1, FORGOTTEN"
    })
    void whatBecameOfACommandIsKnownOfThisBootAndTheOneBefore(long boot, long sequence, Fate fate) {
        openAndApply(3, 5);
        judge(open(4));
        assertEquals(fate, table.fateOf(SESSION, boot, sequence));
    }

    // ---- helpers ----------------------------------------------------------------------------------------------

    private Verdict judge(Command command) {
        return judgeAt(0, command);
    }

    private Verdict judgeAt(long agreedMillis, Command command) {
        table.timeIs(agreedMillis);
        Verdict verdict = table.judge(command, agreedMillis);
        if (verdict == Verdict.APPLY) {
            Position position = new Position(command.sequence(), 0);
            if (command.kind() == Kind.SESSION_CLOSE) {
                table.closed(position, agreedMillis);
            } else {
                table.applied(position, new byte[0]);
            }
        }
        return verdict;
    }

    private List<Long> kept() {
        return table.resultsOf(SESSION, 3).stream().map(SessionResult::sequence).toList();
    }

    private static Command openClient(long knownMillis, long nonce) {
        byte[] payload = SessionOpening.at(knownMillis, 0, nonce, 5_000).encode();
        return new Command(Kind.SESSION_OPEN, CLIENT, 1, 1, 0, payload);
    }

    private static Command ofClient(long sequence) {
        return new Command(Kind.COMMAND, CLIENT, 1, sequence, 0, new byte[0]);
    }

    private static Command close(long sequence) {
        return new Command(Kind.SESSION_CLOSE, CLIENT, 1, sequence, 0, new byte[0]);
    }

    private void openAndApply(long boot, long last) {
        assertEquals(Verdict.APPLY, judge(open(boot)));
        for (long sequence = 2; sequence <= last; sequence++) {
            assertEquals(Verdict.APPLY, judge(command(boot, sequence)));
        }
    }

    private static Command open(long boot) {
        return new Command(Kind.SESSION_OPEN, SESSION, boot, 1, 0, new byte[0]);
    }

    private static Command command(long boot, long sequence) {
        return new Command(Kind.COMMAND, SESSION, boot, sequence, 0, new byte[0]);
    }
}
