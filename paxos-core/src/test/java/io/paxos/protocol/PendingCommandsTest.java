// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.paxos.model.Command;
import io.paxos.model.MemberId;
import io.paxos.model.SessionId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What waits at the leader. Catches: a session's repetitions that each take a slot, so that the cluster is the slower the
 * longer it has been slow (hazard V4; the simulator made 818 slots of 202 operations); a repetition left out that was needed.
 */
class PendingCommandsTest {

    private static Command one(MemberId owner, long boot, long sequence) {
        return new Command(Command.Kind.COMMAND, SessionId.ofNode(owner), boot, sequence, 0, new byte[] {1});
    }

    private static List<Command> of(MemberId owner, long... sequences) {
        List<Command> commands = new ArrayList<>();
        for (long sequence : sequences) {
            commands.add(one(owner, 1, sequence));
        }
        return commands;
    }

    private static List<Long> drained(PendingCommands pending) {
        List<Long> sequences = new ArrayList<>();
        while (!pending.isEmpty()) {
            pending.takeBatch().forEach(command -> sequences.add(command.sequence()));
        }
        return sequences;
    }

    @Test
    void whatWaitsIsNotTakenTwice() {
        PendingCommands pending = new PendingCommands(Limits.DEFAULT);
        assertEquals(List.of(), pending.offer(of(A, 1, 2, 3)));
        long bytes = pending.bytes();
        assertEquals(List.of(), pending.offer(of(A, 1, 2, 3)));

        assertEquals(bytes, pending.bytes());
        assertEquals(List.of(1L, 2L, 3L), drained(pending));
    }

    @Test
    void whatWasProposedIsNotTakenTwice() {
        PendingCommands pending = new PendingCommands(Limits.DEFAULT);
        pending.offer(of(A, 1, 2, 3));
        drained(pending);
        assertEquals(List.of(), pending.offer(of(A, 2, 3, 4, 5)));

        assertEquals(List.of(4L, 5L), drained(pending));
    }

    /** 1 to 3 were lost on their way, so 4 to 6 were skipped wherever they were applied. */
    @Test
    void whatWasSkippedForAGapIsTakenAgain() {
        PendingCommands pending = new PendingCommands(Limits.DEFAULT);
        pending.offer(of(A, 4, 5, 6));
        drained(pending);
        pending.offer(of(A, 1, 2));
        pending.offer(of(A, 3, 4, 5, 6));

        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), drained(pending));
    }

    /** Left out as a copy, it would neither keep an idle session alive nor open one that expired under this leader. */
    @Test
    void openingOfAClientsSessionIsTakenEachTimeAndCountsAnew() {
        SessionId client = new SessionId(0, 7);
        Command opening = new Command(Command.Kind.SESSION_OPEN, client, 1, 1, 0, new byte[32]);
        Command second = new Command(Command.Kind.COMMAND, client, 1, 2, 0, new byte[1]);
        PendingCommands pending = new PendingCommands(Limits.DEFAULT);
        for (int round = 0; round < 2; round++) {
            pending.offer(List.of(opening));
            pending.offer(List.of(second));
            pending.offer(List.of(second));
        }

        assertEquals(List.of(1L, 2L, 1L, 2L), drained(pending));
    }

    @Test
    void anotherBootAndAnotherOwnerHaveSequencesOfTheirOwn() {
        PendingCommands pending = new PendingCommands(Limits.DEFAULT);
        pending.offer(List.of(one(A, 1, 1), one(A, 2, 1), one(B, 1, 1)));

        assertEquals(List.of(1L, 1L, 1L), drained(pending));
    }

    @Test
    void commandsWithoutASessionAreAllTaken() {
        PendingCommands pending = new PendingCommands(Limits.DEFAULT);
        pending.offer(List.of(Command.noOp()));
        pending.offer(List.of(Command.noOp()));

        assertEquals(List.of(0L, 0L), drained(pending));
    }

    /** What an earlier leadership proposed may never be chosen. */
    @Test
    void aNewLeadershipTakesEverythingAgain() {
        PendingCommands pending = new PendingCommands(Limits.DEFAULT);
        pending.offer(of(A, 1, 2));
        pending.clear();
        pending.offer(of(A, 1, 2));

        assertEquals(List.of(1L, 2L), drained(pending));
    }

    @Test
    void aListThatDoesNotFitIsNotTakenAndNotRemembered() {
        PendingCommands pending = new PendingCommands(new Limits(1, 1_024, 4, 1_024, 1_024, 4, 4));
        List<Command> two = List.of(large(1), large(2));
        assertEquals(List.of(), pending.offer(two));
        assertFalse(pending.offer(List.of(large(2), large(3))).isEmpty());
        assertEquals(List.of(), pending.offer(two));
        assertEquals(List.of(1L, 2L), drained(pending));
        assertEquals(List.of(), pending.offer(List.of(large(2), large(3))));

        assertEquals(List.of(3L), drained(pending));
    }

    @Test
    void whatIsTakenAgainBehindANewOneIsCounted() {
        PendingCommands pending = new PendingCommands(new Limits(1, 1_024, 4, 1_024, 1_024, 4, 4));
        assertEquals(List.of(), pending.offer(List.of(large(2))));
        assertFalse(pending.offer(List.of(large(1), large(2))).isEmpty());
        assertEquals(List.of(2L), drained(pending));
        assertEquals(List.of(), pending.offer(List.of(large(1), large(2))));

        assertEquals(List.of(1L, 2L), drained(pending));
    }

    private static Command large(long sequence) {
        return new Command(Command.Kind.COMMAND, SessionId.ofNode(A), 1, sequence, 0, new byte[400]);
    }
}
