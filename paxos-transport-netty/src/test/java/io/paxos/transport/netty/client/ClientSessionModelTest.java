// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.Outcome;
import io.paxos.model.Command;
import io.paxos.model.SessionId;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import io.paxos.transport.netty.connect.Backoff;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * A client's rules against a log with replicas of a dumb session table, under everything that can happen between them: nodes
 * that lag, refuse, lose, duplicate and delay commands; connections that break, with what is on them; sessions that expire
 * while the client is away. Whatever happens: nothing takes effect twice, what was said to be done was, what was said to be
 * refused was not, effects are in the order in which the commands were given, and in the end everybody was told.
 */
class ClientSessionModelTest {
    private static final int RUNS = 1_000;
    private static final int NODES = 3;
    private static final long FAULTS_MILLIS = 6_000;
    private static final long END_MILLIS = 30_000;

    @Test
    void nothingIsAppliedTwiceLostOrMisreportedWhateverHappensOnTheWay() {
        long first = Long.getLong("paxos.client.seed", 1);
        int runs = Integer.getInteger("paxos.client.runs", Long.getLong("paxos.client.seed") == null ? RUNS : 1);
        long done = 0;
        long refused = 0;
        long unknown = 0;
        long sessions = 0;
        for (long seed = first; seed < first + runs; seed++) {
            World world = new World(seed);
            try {
                world.run();
                world.judge();
            } catch (Throwable failed) { // an Error counts as well
                throw new AssertionError("replay with -Dpaxos.client.seed=" + seed, failed);
            }
            done += world.count(Outcome.Done.class);
            refused += world.count(Outcome.Refused.class);
            unknown += world.count(Outcome.Unknown.class);
            sessions += world.sessions.size();
        }
        if (runs == RUNS) {
            assertTrue(
                    done > 10L * runs && refused > runs / 10 && unknown > runs / 10,
                    done + " " + refused + " " + unknown);
            assertTrue(sessions > runs + runs / 10, "sessions expire in some runs: " + sessions);
        }
    }

    private record Happening(long atMillis, long order, Runnable what) {}

    private static final class World implements ClientSession.Port {
        private final SplittableRandom random;
        private final ModelLog log;
        private final List<ModelLog.Replica> replicas = new ArrayList<>();
        private final PriorityQueue<Happening> agenda = new PriorityQueue<>((a, b) ->
                a.atMillis != b.atMillis ? Long.compare(a.atMillis, b.atMillis) : Long.compare(a.order, b.order));
        private final ClientSession client;
        private final Map<Submission, Outcome> told = new LinkedHashMap<>();
        private final List<Submission> given = new ArrayList<>();
        private final Set<SessionId> sessions = new HashSet<>();
        private final int lossPercent;
        private final int copyPercent;
        private final int cutPercent;
        private final int awayPercent;
        private final int latencyMillisMax;
        private final long sessionTimeoutMillis;
        private long now = 1;
        private long order;
        private int connection;
        private int node = -1;
        private long toNodeMillis;
        private long toClientMillis;

        World(long seed) {
            random = new SplittableRandom(seed);
            log = new ModelLog(1 + random.nextInt(40));
            for (int i = 0; i < NODES; i++) {
                replicas.add(log.new Replica());
            }
            lossPercent = random.nextInt(3) * random.nextInt(20);
            copyPercent = random.nextInt(3) * random.nextInt(20);
            cutPercent = random.nextInt(3) * random.nextInt(6);
            awayPercent = random.nextInt(2) * 30;
            latencyMillisMax = random.nextBoolean() ? 10 : 150;
            sessionTimeoutMillis = random.nextInt(3) == 0 ? 1_000 : 20_000;
            SessionTiming timing = new SessionTiming(
                    1 + random.nextInt(32), 1_000, sessionTimeoutMillis, 200 + random.nextInt(300), 5, 100);
            client = new ClientSession(
                    this,
                    timing,
                    new RetryBudget(50, 0.2, 100, now),
                    new Backoff(5, 100, bound -> random.nextLong(bound)),
                    random::nextLong);
        }

        private boolean chance(int percent) {
            return now < FAULTS_MILLIS && random.nextInt(100) < percent;
        }

        private void in(long millis, Runnable what) {
            agenda.add(new Happening(now + millis, order++, what));
        }

        void run() {
            int commands = 20 + random.nextInt(60);
            for (int i = 0; i < commands; i++) {
                byte[] payload = ("c" + i).getBytes(StandardCharsets.US_ASCII);
                long at = random.nextLong(FAULTS_MILLIS);
                agenda.add(new Happening(at, i, () -> give(payload)));
            }
            every(10, () -> {
                client.tick(now);
                home();
                client.pump(now);
            });
            every(20, () -> log.agreedMillis += 20);
            for (ModelLog.Replica replica : replicas) {
                every(1 + random.nextInt(10), () -> apply(replica));
            }
            every(50, () -> {
                if (chance(cutPercent)) {
                    cut();
                    if (chance(awayPercent)) {
                        log.agreedMillis += sessionTimeoutMillis + 1; // away for too long
                    }
                }
                if (chance(1)) {
                    log.agreedMillis += random.nextLong(2 * sessionTimeoutMillis);
                }
            });
            while (!agenda.isEmpty() && agenda.peek().atMillis() < END_MILLIS) {
                Happening next = agenda.remove();
                now = Math.max(now, next.atMillis());
                next.what().run();
            }
            replicas.forEach(ModelLog.Replica::applyAll);
        }

        private void every(long millis, Runnable what) {
            in(millis, () -> {
                what.run();
                every(millis, what);
            });
        }

        private void give(byte[] payload) {
            long deadline = now + (random.nextInt(3) == 0 ? 100 + random.nextInt(1_000) : END_MILLIS);
            Submission submission = new Submission(payload, deadline, new CompletableFuture<>());
            given.add(submission);
            client.offer(submission);
            client.pump(now);
        }

        private void apply(ModelLog.Replica replica) {
            for (int left = random.nextInt(8); left > 0 && replica.isBehind(); left--) {
                replica.applyNext();
            }
        }

        // ---- connections -----------------------------------------------------------------------------------------

        /** Takes another home if there is none, after some time without one. */
        private void home() {
            if (node < 0 && random.nextInt(now < FAULTS_MILLIS ? 20 : 2) == 0) {
                node = random.nextInt(NODES);
                connection++;
                toNodeMillis = now;
                toClientMillis = now;
                client.homeOpened(new NodeLimits(1 + random.nextInt(32), 1_000, 1, 1_000, 4_096), now);
            }
        }

        private void cut() {
            if (node >= 0) {
                replicas.get(node).detachAll();
                node = -1;
                connection++;
                client.homeLost();
            }
        }

        /** In order, after a while, unless the connection is cut before. */
        private void toNode(Runnable what) {
            int sentOn = connection;
            toNodeMillis = Math.max(toNodeMillis, now + random.nextInt(latencyMillisMax));
            agenda.add(new Happening(toNodeMillis, order++, () -> {
                if (connection == sentOn) {
                    what.run();
                }
            }));
        }

        private void toClient(int sentOn, Runnable what) {
            toClientMillis = Math.max(toClientMillis, now + random.nextInt(latencyMillisMax));
            agenda.add(new Happening(toClientMillis, order++, () -> {
                if (connection == sentOn) {
                    what.run();
                    client.pump(now);
                }
            }));
        }

        // ---- what the client wants -------------------------------------------------------------------------------

        @Override
        public void attach(SessionId session, long boot) {
            assertEquals(ClientSession.BOOT, boot);
            sessions.add(session);
            int sentOn = connection;
            toNode(() -> replicas.get(node).attach(session, new Receiver(session, sentOn)));
        }

        @Override
        public void detach(SessionId session) {}

        @Override
        public void send(Command command) {
            int sentOn = connection;
            toNode(() -> submit(command, sentOn));
        }

        private void submit(Command command, int sentOn) {
            if (chance(lossPercent)) {
                if (random.nextBoolean()) {
                    SessionReceiver.Refusal why = random.nextBoolean()
                            ? SessionReceiver.Refusal.NO_LEADER
                            : SessionReceiver.Refusal.OVERLOADED;
                    toClient(sentOn, () -> client.refused(command.session(), command.sequence(), why, now));
                }
                return;
            }
            log.append(command);
            while (chance(copyPercent)) {
                in(random.nextInt(3_000), () -> log.append(command));
            }
        }

        @Override
        public void leaveHome(String why) {
            if (node >= 0) {
                replicas.get(node).detachAll();
            }
            node = -1;
            connection++;
        }

        @Override
        public void settle(Submission submission, Outcome outcome) {
            assertEquals(null, told.put(submission, outcome), "told twice");
        }

        private final class Receiver implements SessionReceiver {
            private final SessionId session;
            private final int sentOn;

            Receiver(SessionId session, int sentOn) {
                this.session = session;
                this.sentOn = sentOn;
            }

            @Override
            public void attached(long due, List<SessionResult> cached) {
                long agreed = replicas.get(node).agreedMillis();
                toClient(sentOn, () -> {
                    client.results(session, cached, now);
                    client.attached(session, due, agreed, now);
                });
            }

            @Override
            public void results(List<SessionResult> results) {
                toClient(sentOn, () -> client.results(session, results, now));
            }

            @Override
            public void gap(long due) {
                toClient(sentOn, () -> client.gap(session, due, now));
            }

            @Override
            public void refused(long firstSequence, Refusal reason) {
                toClient(sentOn, () -> client.refused(session, firstSequence, reason, now));
            }

            @Override
            public void ended(String reason) {
                toClient(sentOn, () -> client.ended(session, reason));
            }
        }

        // ---- what must be true -----------------------------------------------------------------------------------

        void judge() {
            Map<String, Integer> times = new LinkedHashMap<>();
            for (String effect : log.effects) {
                times.merge(effect, 1, Integer::sum);
            }
            List<String> expectedOrder = new ArrayList<>();
            for (Submission submission : given) {
                String name = new String(submission.payload(), StandardCharsets.US_ASCII);
                Outcome outcome = told.get(submission);
                int effects = times.getOrDefault(name, 0);
                assertTrue(outcome != null, name + " was never told");
                assertTrue(effects <= 1, name + " took effect " + effects + " times");
                if (outcome instanceof Outcome.Done done) {
                    assertEquals(1, effects, name + " was said to be done");
                    assertArrayEquals(submission.payload(), done.result());
                } else if (outcome instanceof Outcome.DoneResultGone) {
                    assertEquals(1, effects, name + " was said to be done");
                } else if (outcome instanceof Outcome.Refused) {
                    assertEquals(0, effects, name + " was said to be refused: " + outcome);
                }
                if (effects == 1) {
                    expectedOrder.add(name);
                }
            }
            assertEquals(expectedOrder, log.effects, "effects in the order of the commands");
        }

        long count(Class<? extends Outcome> type) {
            return told.values().stream().filter(type::isInstance).count();
        }
    }
}
