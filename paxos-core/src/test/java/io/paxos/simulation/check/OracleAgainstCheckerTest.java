// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random small histories of one versioned register, true and with a lie: what the oracle refuses has no order. */
class OracleAgainstCheckerTest {

    private static final int HISTORIES = 20_000;

    /** Null asks for a read; an identity is written. */
    private record Asked(Observation.@Nullable Identity write) {}

    /** The version, and the write that made it. */
    private record Told(long version, Optional<Observation.Identity> write) {}

    /** All writes so far, the last one visible. */
    private static final class Versioned implements Model<List<Observation.Identity>, Asked, Told> {
        @Override
        public List<Observation.Identity> initial() {
            return List.of();
        }

        @Override
        public @Nullable List<Observation.Identity> step(
                List<Observation.Identity> state, Asked input, @Nullable Told output) {
            List<Observation.Identity> next = state;
            if (input.write() != null) {
                next = new ArrayList<>(state);
                next.add(input.write());
            }
            return output == null || output.equals(last(next)) ? next : null;
        }
    }

    private static Told last(List<Observation.Identity> state) {
        int version = state.size();
        return new Told(version, version == 0 ? Optional.empty() : Optional.of(state.get(version - 1)));
    }

    /** One client's operation: what it asks, and once it has taken effect, what it will be told. */
    private static final class Running {
        private final Asked asked;
        private final int recorded;
        private final long number;
        private @Nullable Told told;

        private Running(Asked asked, int recorded, long number) {
            this.asked = asked;
            this.recorded = recorded;
            this.number = number;
        }
    }

    private final List<Observation> seen = new ArrayList<>();
    private History.Builder<Asked, Told> history = History.builder();

    @Test
    void whatTheOracleRefusesHasNoOrder() {
        int refused = 0;
        int refusedByRealTime = 0;
        int notLinearizable = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            boolean lies = seed % 2 == 1;
            make(new Random(seed), lies);
            Verdict<Asked, Told> verdict =
                    LinearizabilityChecker.of(new Versioned()).check(history.build());
            Optional<Violation> found = judge(new ClientOracle());
            int replay = seed;
            if (found.isPresent()) {
                refused++;
                assertTrue(
                        verdict instanceof Verdict.NotLinearizable<Asked, Told>,
                        () -> "seed " + replay + ": " + found.get() + "\n" + history.build());
            }
            refusedByRealTime +=
                    judge(new ClientOracle(List.of(new RealTimeOrder()))).isPresent() ? 1 : 0;
            notLinearizable += verdict.isLinearizable() ? 0 : 1;
            if (!lies) {
                assertEquals(Optional.empty(), found, () -> "seed " + replay);
            }
        }
        System.out.println(HISTORIES + " histories: " + notLinearizable + " without an order, the oracle refuses "
                + refused + " of them, real-time order alone " + refusedByRealTime);
        assertTrue(refusedByRealTime > HISTORIES / 20, "a sample without stale answers shows little");
    }

    private Optional<Violation> judge(ClientOracle oracle) {
        for (Observation each : seen) {
            Optional<Violation> violation = oracle.observe(each);
            if (violation.isPresent()) {
                return violation;
            }
        }
        return Optional.empty();
    }

    /** Three clients; each operation is invoked, takes effect, and is answered at moments of their own, or never. */
    private void make(Random random, boolean lies) {
        seen.clear();
        history = History.builder();
        List<Observation.Identity> state = new ArrayList<>();
        @Nullable Running[] running = new @Nullable Running[3];
        long number = 0;
        int lieAt = lies ? random.nextInt(6) : -1;
        int answers = 0;
        for (int at = 0; at < 30; at++) {
            int client = random.nextInt(3);
            Running now = running[client];
            if (now == null) {
                running[client] = invoke(random, client, ++number, at);
            } else if (now.told == null && random.nextInt(8) == 0) {
                // Nobody hears of it again, and it never took effect: the checker may think what it likes.
                history.leaveOpen(now.recorded);
                abandon(client, now);
                running[client] = null;
            } else if (now.told == null) {
                if (now.asked.write() != null) {
                    state.add(now.asked.write());
                }
                now.told = last(state);
            } else if (random.nextInt(8) == 0) {
                history.leaveOpen(now.recorded);
                abandon(client, now);
                running[client] = null;
            } else {
                Told told = answers++ == lieAt ? lie(random, state, now.told) : now.told;
                answer(client, now, told, at);
                running[client] = null;
            }
        }
    }

    private Running invoke(Random random, int client, long number, int at) {
        Asked asked = new Asked(random.nextBoolean() ? new Observation.Identity(client, number) : null);
        seen.add(
                asked.write() != null
                        ? new Observation.WriteInvoked(asked.write(), "x")
                        : new Observation.ReadInvoked(client, number, "x"));
        return new Running(asked, history.invoke(client, asked, at), number);
    }

    private void abandon(int client, Running running) {
        if (running.asked.write() == null) {
            seen.add(new Observation.ReadAbandoned(client, running.number));
        }
    }

    private void answer(int client, Running running, Told told, int at) {
        Observation.Identity write = running.asked.write();
        if (write == null) {
            history.respond(running.recorded, told, at);
            seen.add(new Observation.ReadAnswered(client, running.number, told.version(), told.write()));
        } else {
            history.respond(running.recorded, new Told(told.version(), Optional.of(write)), at);
            seen.add(new Observation.WriteAnswered(write, Math.max(1, told.version())));
        }
    }

    /** An older version, as a replica that lags would tell it, or one that nobody made yet. */
    private static Told lie(Random random, List<Observation.Identity> state, Told truth) {
        if (state.isEmpty()) {
            return truth;
        }
        return last(state.subList(0, random.nextInt(state.size() + 1)));
    }
}
