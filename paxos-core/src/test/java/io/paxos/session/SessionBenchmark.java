// SPDX-License-Identifier: Apache-2.0
package io.paxos.session;

import io.paxos.model.Command;
import io.paxos.model.Position;
import io.paxos.model.SessionId;

/**
 * What the session table costs a command: judging it, keeping its result, and letting go of acknowledged ones. A program, not a
 * test; {@code docs/performance.md} sets it against what a write costs in all. Arguments: how many sessions take turns.
 */
final class SessionBenchmark {

    private static final int COMMANDS = 4_000_000;
    private static final int ROUNDS = 5;
    private static final int IN_FLIGHT = 16;
    private static final byte[] RESULT = new byte[8];

    private SessionBenchmark() {}

    /** Prints nanoseconds a command, a line a round; the first ones warm up. */
    public static void main(String[] arguments) {
        int sessions = arguments.length == 0 ? 256 : Integer.parseInt(arguments[0]);
        for (int round = 1; round <= ROUNDS; round++) {
            System.out.printf("round %d: %d sessions, %.0f ns a command%n", round, sessions, nanosOf(sessions));
        }
    }

    private static double nanosOf(int sessions) {
        SessionTable table = new SessionTable();
        SessionId[] ids = new SessionId[sessions];
        for (int i = 0; i < sessions; i++) {
            ids[i] = new SessionId(i + 1, 7);
            take(table, new Command(Command.Kind.SESSION_OPEN, ids[i], 1, 1, 1, new byte[0]), i + 1L);
        }
        long began = System.nanoTime();
        for (int i = 0; i < COMMANDS; i++) {
            long sequence = 2L + i / sessions;
            long acknowledgedBelow = Math.max(1, sequence - IN_FLIGHT);
            take(
                    table,
                    new Command(Command.Kind.COMMAND, ids[i % sessions], 1, sequence, acknowledgedBelow, RESULT),
                    sessions + i + 1L);
        }
        return (System.nanoTime() - began) / (double) COMMANDS;
    }

    private static void take(SessionTable table, Command command, long slot) {
        if (table.judge(command, slot) != SessionTable.Verdict.APPLY) {
            throw new IllegalStateException(command + " was not the next one");
        }
        table.applied(new Position(slot, 0), RESULT);
    }
}
