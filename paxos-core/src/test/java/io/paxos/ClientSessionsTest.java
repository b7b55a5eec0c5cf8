// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import static io.paxos.Eventually.eventually;
import static io.paxos.LocalCluster.PATIENCE;
import static io.paxos.LocalCluster.bytes;
import static io.paxos.LocalCluster.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.Command;
import io.paxos.model.Command.Kind;
import io.paxos.model.Entry;
import io.paxos.model.SessionId;
import io.paxos.session.SessionOpening;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of remote clients through the gateways of real nodes, and outcomes as values. */
class ClientSessionsTest {

    private static final SessionId CLIENT = new SessionId(0, 0x1234);

    @TempDir
    Path directory;

    /** Writes down what it is told. */
    private static final class Told implements SessionReceiver {
        private final List<Long> due = new CopyOnWriteArrayList<>();
        private final Map<Long, SessionResult> results = new ConcurrentSkipListMap<>();
        private final List<String> ends = new CopyOnWriteArrayList<>();

        @Override
        public void attached(long dueNow, List<SessionResult> cached) {
            results(cached);
            due.add(dueNow);
        }

        @Override
        public void results(List<SessionResult> more) {
            more.forEach(each -> results.put(each.sequence(), each));
        }

        @Override
        public void gap(long dueNow) {
            due.add(dueNow);
        }

        @Override
        public void refused(long firstSequence, Refusal reason) {}

        @Override
        public void ended(String reason) {
            ends.add(reason);
        }

        String text(long sequence) {
            SessionResult result = results.get(sequence);
            return result == null ? "nothing" : result.status() + " " + LocalCluster.text(result.result());
        }
    }

    private static Command open(ClientGateway through, long timeoutMillis) {
        byte[] payload = SessionOpening.at(through.agreedTimeMillis(), 1, 2, timeoutMillis)
                .encode();
        return new Command(Kind.SESSION_OPEN, CLIENT, 1, 1, 0, payload);
    }

    private static List<Command> commands(long first, long last) {
        List<Command> commands = new ArrayList<>();
        for (long sequence = first; sequence <= last; sequence++) {
            commands.add(new Command(Kind.COMMAND, CLIENT, 1, sequence, 0, bytes("c" + sequence)));
        }
        return commands;
    }

    @Test
    void aClientThatMovesLearnsTheFirstResultsAndNothingTakesEffectTwice() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            ClientGateway one = cluster.node(1).clients();
            ClientGateway two = cluster.node(2).clients();
            Told first = new Told();
            one.attach(CLIENT, 1, first);
            eventually("it is told how the session stands", () -> first.due.equals(List.of(1L)));
            assertTrue(one.submit(List.of(open(one, 60_000))));
            eventually("the session is open", () -> first.text(1).equals("APPLIED "));
            assertTrue(one.submit(commands(2, 101)));
            eventually("all are applied", () -> first.results.size() == 101);

            cluster.node(3).submitAndWait(bytes("other"), PATIENCE);
            Told second = new Told();
            two.attach(CLIENT, 1, second);
            assertTrue(two.submit(commands(2, 102)));
            eventually("the new one is applied", () -> second.results.containsKey(102L));
            for (long sequence = 2; sequence <= 101; sequence++) {
                assertEquals(first.text(sequence), second.text(sequence));
                assertEquals(
                        first.results.get(sequence).position(),
                        second.results.get(sequence).position());
            }
            assertEquals("APPLIED 102", second.text(102));
            two.submit(commands(105, 105));
            eventually("the gap is named", () -> second.due.contains(103L));
            eventually("all have all", () -> cluster.machine(3).applied().size() == 102);
            Told third = new Told();
            two.attach(CLIENT, 1, third);
            eventually("one receiver a node", () -> second.ends.size() == 1);
        }
    }

    /** No command moves agreed time on: the leader ticks. */
    @Test
    void anIdleSessionExpiresAndItsCommandsHaveNoEffect() {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            ClientGateway gateway = cluster.node(2).clients();
            Told told = new Told();
            gateway.attach(CLIENT, 1, told);
            Command opening = open(gateway, 1_000);
            gateway.submit(List.of(opening));
            eventually("the session is open", () -> told.text(1).equals("APPLIED "));
            long activeMillis = gateway.agreedTimeMillis();
            eventually("the leader ticks", () -> gateway.agreedTimeMillis() > activeMillis + 1_000);
            gateway.submit(commands(2, 2));
            eventually("it has expired", () -> told.text(2).equals("EXPIRED "));
            gateway.submit(List.of(opening));
            eventually("its opening is too late", () -> told.text(1).equals("EXPIRED "));
            assertEquals(List.of(), cluster.machine(2).applied());
        }
    }

    @Test
    void whatIsNoClientsIsRefusedAtTheGateway() {
        try (LocalCluster cluster = new LocalCluster(directory, 1).startAll()) {
            ClientGateway gateway = cluster.node(1).clients();
            assertThrows(IllegalArgumentException.class, () -> gateway.attach(new SessionId(1, 7), 1, new Told()));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> gateway.submit(List.of(new Command(Kind.MEMBERSHIP, CLIENT, 1, 2, 0, bytes("x")))));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> gateway.submit(List.of(new Command(Kind.COMMAND, CLIENT, 1, 2, 0, new byte[64 << 20]))));
            assertEquals(1, gateway.leader().orElseThrow().number());
        }
    }

    @Test
    void anOutcomeSaysWhereTheCommandTookEffectAndATokenAsksAgain() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            Outcome outcome = cluster.node(2).execute(bytes("x"), PATIENCE).get(30, TimeUnit.SECONDS);
            Outcome.Done done = assertInstanceOf(Outcome.Done.class, outcome);
            assertEquals("1", text(done.result()));
            assertTrue(done.position().slot() > 0);
            NodeStatus status = cluster.node(2).status();
            SessionId session =
                    new SessionId(status.node().number(), status.incarnation().bits());
            CommandToken token = new CommandToken(session, status.boot(), 2);
            eventually(
                    "another node tells it too",
                    () -> cluster.node(1).ask(token, PATIENCE).join() instanceof Outcome.Done again
                            && again.position().equals(done.position()));
            cluster.stop(2);
            cluster.start(2);
            cluster.node(2).awaitReady(PATIENCE);
            CommandToken never = new CommandToken(session, status.boot(), 3);
            Outcome lost = cluster.node(2).ask(never, PATIENCE).get(30, TimeUnit.SECONDS);
            assertEquals(
                    Outcome.Reason.LOST,
                    assertInstanceOf(Outcome.Refused.class, lost).reason());
            assertInstanceOf(
                    Outcome.DoneResultGone.class,
                    cluster.node(2).ask(token, PATIENCE).get(30, TimeUnit.SECONDS));
        }
    }

    /** It is looked up where commands are applied, and one of them hangs. */
    @Test
    void aTokenOfWhichNothingIsFoundInTimeIsUnknown() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch hangs = new CountDownLatch(1);
        try (LocalCluster cluster = new LocalCluster(directory, 1)) {
            PaxosNode node = cluster.start(1, cluster.builder(1).stateMachine(entry -> {
                hangs.countDown();
                try {
                    assertTrue(goOn.await(60, TimeUnit.SECONDS));
                } catch (InterruptedException gone) {
                    throw new IllegalStateException(gone);
                }
                return entry.command();
            }));
            node.awaitReady(PATIENCE);
            CompletableFuture<Outcome> hanging = node.execute(bytes("x"), PATIENCE);
            assertTrue(hangs.await(30, TimeUnit.SECONDS));
            CommandToken token = new CommandToken(new SessionId(0, 77), 1, 2);
            Outcome outcome = node.ask(token, Duration.ofMillis(50)).get(30, TimeUnit.SECONDS);
            assertInstanceOf(Outcome.Unknown.class, outcome);
            goOn.countDown();
            assertInstanceOf(Outcome.Done.class, hanging.get(30, TimeUnit.SECONDS));
        } finally {
            goOn.countDown();
        }
    }

    /** Answers as all do, and keeps something else. */
    private record SecretlyDifferent(long secret) implements StateMachine {
        @Override
        public byte[] apply(Entry entry) {
            return entry.command();
        }

        @Override
        public OptionalLong digest() {
            return OptionalLong.of(secret);
        }
    }

    @Test
    void aNodeWhoseStateIsNotThatOfAMajorityStopsAndTheOthersGoOn() {
        theOddOneOutOf(new LocalCluster(directory, 3), 3, 2);
    }

    /** Its digest counts for nothing, but what it reads to callers would be wrong for ever. */
    @Test
    void aLearnerWhoseStateIsNotThatOfAMajorityStopsToo() {
        theOddOneOutOf(new LocalCluster(directory, 3, 1), 4, 4);
    }

    private static void theOddOneOutOf(LocalCluster members, int size, int odd) {
        List<String> failures = new CopyOnWriteArrayList<>();
        try (LocalCluster cluster = members) {
            for (int number = 1; number <= size; number++) {
                cluster.start(
                        number,
                        cluster.builder(number)
                                .stateMachine(new SecretlyDifferent(number == odd ? 666 : 1))
                                .listener(new NodeListener() {
                                    @Override
                                    public void failed(String reason, Throwable cause) {
                                        failures.add(reason);
                                    }
                                }));
            }
            cluster.node(1).awaitReady(PATIENCE);
            for (int i = 0; failures.isEmpty() && i < 2_000; i++) {
                cluster.node(1).submitAndWait(bytes("x"), PATIENCE);
            }
            eventually("it stops", () -> !cluster.node(odd).health().isLive());
            eventually("and says why", () -> failures.size() == 1);
            assertTrue(failures.get(0).contains("is not what a majority came to"), failures.get(0));
            assertEquals("y", text(cluster.node(3).submitAndWait(bytes("y"), Duration.ofSeconds(30))));
            assertEquals(List.of(), cluster.node(1).health().reasons());
        }
    }
}
