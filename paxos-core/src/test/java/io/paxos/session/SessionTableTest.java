// SPDX-License-Identifier: Apache-2.0
package io.paxos.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.model.Command;
import io.paxos.model.Command.Kind;
import io.paxos.model.SessionId;
import io.paxos.session.SessionTable.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionTableTest {

    private static final SessionId SESSION = new SessionId(1, 77);

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
        assertEquals(verdict, table.admit(command(boot, sequence)));
        assertEquals(dueAfterwards, table.nextSequence(SESSION, 3));
    }

    /** The session is at boot 3, and sequences 1 to 5 were applied. */
    @ParameterizedTest(name = "opening boot {0}: {1}, then {2} is due in boot 3 and {3} in boot 4")
    @CsvSource({"2, CLOSED, 6, 1", "3, DUPLICATE, 6, 1", "4, APPLY, 1, 2", "900, APPLY, 1, 1"})
    void aLaterBootClosesTheEarlierOnes(long boot, Verdict verdict, long dueInBoot3, long dueInBoot4) {
        openAndApply(3, 5);
        assertEquals(verdict, table.open(open(boot)));
        assertEquals(dueInBoot3, table.nextSequence(SESSION, 3));
        assertEquals(dueInBoot4, table.nextSequence(SESSION, 4));
    }

    @Test
    void nothingIsTakenBeforeTheSessionIsOpened() {
        assertEquals(Verdict.NOT_OPEN, table.admit(command(1, 2)));
        assertEquals(1, table.nextSequence(SESSION, 1));
        assertEquals(Verdict.APPLY, table.open(open(1)));
        assertEquals(Verdict.APPLY, table.admit(command(1, 2)));
        assertEquals(Verdict.DUPLICATE, table.admit(command(1, 2)));
    }

    @Test
    void sessionsDoNotTouchEachOther() {
        openAndApply(3, 5);
        SessionId other = new SessionId(2, 77);
        assertEquals(Verdict.NOT_OPEN, table.admit(new Command(Kind.COMMAND, other, 3, 6, 0, new byte[0])));
        assertEquals(Verdict.APPLY, table.open(new Command(Kind.SESSION_OPEN, other, 9, 1, 0, new byte[0])));
        assertEquals(2, table.size());
        assertEquals(6, table.nextSequence(SESSION, 3));
    }

    @Test
    void whatOpensNoSessionIsABugOfItsSender() {
        assertThrows(IllegalArgumentException.class, () -> table.open(command(1, 1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> table.open(new Command(Kind.SESSION_OPEN, SESSION, 1, 2, 0, new byte[0])));
    }

    private void openAndApply(long boot, long last) {
        assertEquals(Verdict.APPLY, table.open(open(boot)));
        for (long sequence = 2; sequence <= last; sequence++) {
            assertEquals(Verdict.APPLY, table.admit(command(boot, sequence)));
        }
    }

    private static Command open(long boot) {
        return new Command(Kind.SESSION_OPEN, SESSION, boot, 1, 0, new byte[0]);
    }

    private static Command command(long boot, long sequence) {
        return new Command(Kind.COMMAND, SESSION, boot, sequence, 0, new byte[0]);
    }
}
