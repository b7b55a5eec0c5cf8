// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.CommandToken;
import io.paxos.Outcome;
import io.paxos.model.Command;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.session.SessionOpening;
import io.paxos.session.SessionReceiver.Refusal;
import io.paxos.session.SessionResult;
import io.paxos.session.SessionResult.Status;
import io.paxos.transport.netty.connect.Backoff;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Step by step: what the client says, and when. Times are in milliseconds from 0. */
class ClientSessionTest {
    private static final NodeLimits LIMITS = new NodeLimits(100, 10_000, 10, 1_000, 4_096);
    private static final SessionTiming TIMING = new SessionTiming(4, 10_000, 9_000, 300, 10, 80);

    private final List<String> said = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<byte[]> openings = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(7);
    private final ClientSession client = new ClientSession(
            new Port(),
            TIMING,
            new RetryBudget(6, 0.5, 10, 0),
            new Backoff(10, 80, bound -> bound - 1),
            random::nextLong);

    private final class Port implements ClientSession.Port {
        @Override
        public void attach(SessionId session, long boot) {
            said.add("attach");
        }

        @Override
        public void detach(SessionId session) {
            said.add("detach");
        }

        @Override
        public void send(Command command) {
            if (command.kind() == Command.Kind.SESSION_OPEN) {
                openings.add(command.payload());
            }
            String kind =
                    switch (command.kind()) {
                        case SESSION_OPEN -> "open ";
                        case SESSION_CLOSE -> "close ";
                        default -> "";
                    };
            said.add(kind + command.sequence() + "/" + command.acknowledgedBelow());
        }

        @Override
        public void leaveHome(String why) {
            said.add("leave: " + why);
        }

        @Override
        public void settle(Submission submission, Outcome outcome) {
            String how = outcome instanceof Outcome.Refused refused
                    ? refused.reason().toString()
                    : outcome instanceof Outcome.Unknown unknown
                            ? "unknown " + unknown.token().orElseThrow().sequence()
                            : outcome instanceof Outcome.Done ? "done" : "gone";
            told.add(submission.bytes() + " " + how);
        }
    }

    /** A command that is told apart by its length. */
    private void give(int bytes, long deadline) {
        client.offer(new Submission(new byte[bytes], deadline, new CompletableFuture<>()));
    }

    private void assertSaid(String... expected) {
        assertEquals(List.of(expected), said);
        said.clear();
    }

    private void assertTold(String... expected) {
        assertEquals(List.of(expected), told);
        told.clear();
    }

    private void result(long now, long sequence, Status status) {
        client.results(
                client.session(), List.of(new SessionResult(sequence, status, new Position(1, 0), new byte[0])), now);
        client.pump(now);
    }

    private void tick(long now) {
        client.tick(now);
        client.pump(now);
    }

    /** An open session with two commands of one and two bytes on their way, at time 10. */
    private void open() {
        give(1, 5_000);
        give(2, 5_000);
        client.homeOpened(LIMITS, 0);
        client.pump(0);
        client.attached(client.session(), 1, 500, 5);
        client.pump(5);
        assertSaid("attach", "open 1/1");
        result(10, 1, Status.APPLIED);
        assertSaid("2/2", "3/2");
    }

    @Test
    void aClientThatIsAskedForNothingSaysNothing() {
        client.homeOpened(LIMITS, 0);
        for (long now = 0; now < 100_000; now += 10) {
            tick(now);
        }
        assertSaid();
        assertFalse(client.isBusy());
    }

    @Test
    void commandsFollowTheOpeningInOrderAndOnlyAsManyAsMayBe() {
        open();
        for (int bytes = 3; bytes <= 6; bytes++) {
            give(bytes, 5_000);
        }
        client.pump(11);
        assertSaid("4/2", "5/2");
        result(12, 2, Status.APPLIED);
        assertSaid("6/3");
        assertTold("1 done");
        SessionOpening asked = SessionOpening.decode(openings.get(0));
        assertEquals(9_500, asked.notAfterAgreedMillis());
        assertEquals(9_000, asked.timeoutMillis());
    }

    @Test
    void whatTheNodeTellsWithTheAttachmentIsNotSentAgain() {
        open();
        give(3, 5_000);
        client.pump(11);
        assertSaid("4/2");
        client.homeLost();
        client.homeOpened(LIMITS, 20);
        client.pump(20);
        assertSaid("attach");
        result(25, 3, Status.APPLIED);
        client.attached(client.session(), 4, 600, 25);
        client.pump(25);
        assertSaid("4/2");
        assertTold("2 done", "1 gone"); // the second with its result, the first without
    }

    @Test
    void aNodeThatLagsIsSentEverythingAndTheSameOpening() {
        open();
        client.homeLost();
        client.homeOpened(LIMITS, 20);
        client.pump(20);
        client.attached(client.session(), 1, 400, 25);
        client.pump(25);
        assertSaid("attach", "open 1/1", "2/2", "3/2");
        assertTrue(Arrays.equals(openings.get(0), openings.get(1)), "another one could open it twice");
    }

    /**
     * The home followed A when it took them, and passed them on to A, which was gone. Then the home leads itself, so that
     * nobody moves.
     */
    @Test
    void whatWasSentUnderAnotherLeaderIsSentAgainAtOnceThoughTheHomeStays() {
        open();
        client.leaderNamed(300);
        client.pump(300);
        assertSaid("2/2", "3/2");
        result(305, 2, Status.APPLIED);
        client.leaderNamed(310);
        client.pump(310);
        assertSaid("3/2");
        assertTold("1 done");
    }

    @Test
    void anOpeningThatWasSentUnderAnotherLeaderIsSentAgain() {
        give(1, 5_000);
        client.homeOpened(LIMITS, 0);
        client.pump(0);
        client.leaderNamed(1);
        client.pump(1);
        client.attached(client.session(), 1, 500, 5);
        client.pump(5);
        assertSaid("attach", "open 1/1");
        client.leaderNamed(300);
        client.pump(300);
        assertSaid("open 1/1");
        assertTrue(Arrays.equals(openings.get(0), openings.get(1)), "another one could open it twice");
    }

    @Test
    void aPauseForWantOfALeaderIsOverWhenThereIsOne() {
        open();
        client.refused(client.session(), 2, Refusal.NO_LEADER, 20);
        client.pump(21);
        assertSaid();
        client.leaderNamed(22);
        client.pump(22);
        assertSaid("2/2", "3/2");
    }

    @Test
    void aGapIsFilledOnceHoweverOftenItIsTold() {
        open();
        client.gap(client.session(), 2, 15);
        client.pump(15);
        assertSaid("2/2", "3/2");
        client.gap(client.session(), 2, 16);
        client.pump(16);
        client.gap(client.session(), 4, 16); // not sent yet: no gap
        client.pump(16);
        assertSaid();
        client.gap(client.session(), 2, 15 + SessionTiming.GAP_QUIET_MILLIS);
        client.pump(15 + SessionTiming.GAP_QUIET_MILLIS);
        assertSaid("2/2", "3/2");
    }

    @Test
    void whatIsRefusedIsSentAgainAfterAPauseThatGrowsAndElsewhereAfterThreeTimes() {
        open();
        client.refused(client.session(), 3, Refusal.NO_LEADER, 20);
        tick(29);
        assertSaid();
        tick(30);
        assertSaid("3/2");
        client.refused(client.session(), 2, Refusal.NO_LEADER, 40);
        client.refused(client.session(), 3, Refusal.NO_LEADER, 41); // the same refusal, told twice
        tick(59);
        assertSaid();
        tick(60);
        assertSaid("2/2", "3/2");
        client.refused(client.session(), 2, Refusal.NO_LEADER, 70);
        assertSaid("leave: it knows no leader");
    }

    @Test
    void withoutAnAnswerItIsSentAgainThenElsewhere() {
        open();
        tick(309);
        assertSaid();
        tick(310);
        assertSaid("2/2", "3/2");
        tick(610);
        assertSaid("leave: no answer for 600 ms");
        client.homeOpened(LIMITS, 700);
        client.pump(700);
        tick(1_000);
        assertSaid("attach", "leave: no answer for 300 ms");
    }

    @Test
    void retriesAreBudgeted() {
        open();
        give(3, 5_000);
        give(4, 5_000);
        client.pump(11);
        assertSaid("4/2", "5/2");
        client.gap(client.session(), 2, 20);
        client.pump(20);
        assertSaid("2/2", "3/2", "4/2", "5/2"); // four of six tokens
        client.gap(client.session(), 2, 120);
        client.pump(120);
        assertSaid("2/2", "3/2", "4/2"); // two, and one for the time
        client.pump(130);
        assertSaid();
        result(131, 2, Status.APPLIED);
        result(132, 3, Status.APPLIED); // two answers are worth one
        assertSaid("5/2");
    }

    /**
     * A cluster without a quorum for half a minute, and a client with 3,000 commands under way. All of them sent again at each
     * silence would have used up the budget of twice as many within a second and a half, and each answer would then have
     * brought the next command but a fifth of the way: 24 seconds for what takes no time.
     */
    @Test
    void whatIsSentAgainIsAFewAtFirstAndTheRestWhenOneOfThemIsAnswered() {
        int many = 3_000;
        ClientSession busy = new ClientSession(
                new Port(),
                new SessionTiming(many, 1 << 20, 90_000, 300, 10, 80),
                new RetryBudget(2 * many, 0.2, 100, 0),
                new Backoff(10, 80, bound -> bound - 1),
                random::nextLong);
        NodeLimits limits = new NodeLimits(many, 1 << 20, 10, 1_000, 4_096);
        for (int i = 0; i < many; i++) {
            busy.offer(new Submission(new byte[1], 90_000, new CompletableFuture<>()));
        }
        busy.homeOpened(limits, 0);
        busy.pump(0);
        busy.attached(busy.session(), 1, 500, 0);
        busy.pump(0);
        busy.results(busy.session(), List.of(applied(1)), 0);
        busy.pump(0);
        assertEquals(2 + many, said.size());
        said.clear();
        long now = 0;
        while (now < 30_000) {
            now += 300;
            busy.tick(now);
            busy.pump(now);
            assertTrue(said.size() <= 2 * ClientSession.PROBES + 1, () -> said.size() + " were sent again");
            if (said.remove("leave: no answer for 600 ms")) {
                said.clear();
                busy.homeOpened(limits, now);
                busy.pump(now);
                assertSaid("attach");
                busy.attached(busy.session(), 2, 500, now);
                busy.pump(now);
                assertEquals("2/2", said.get(0));
                assertEquals(ClientSession.PROBES, said.size());
            }
        }
        said.clear();
        busy.results(busy.session(), List.of(applied(2)), now);
        busy.pump(now);
        assertEquals("18/2", said.get(0));
        assertEquals("3001/2", said.get(said.size() - 1));
        assertEquals(many, ClientSession.PROBES + said.size(), "there was enough left for all the others");
    }

    private static SessionResult applied(long sequence) {
        return new SessionResult(sequence, Status.APPLIED, new Position(1, 0), new byte[0]);
    }

    @Test
    void deadlinesAreToldAsUnsentOrUnknownAndSentCommandsAreSentOn() {
        give(1, 50);
        tick(50);
        assertTold("1 NO_LEADER");
        client.homeOpened(LIMITS, 60);
        give(2, 100);
        client.pump(60);
        client.attached(client.session(), 1, 500, 65);
        client.pump(65);
        result(70, 1, Status.APPLIED);
        assertSaid("attach", "open 1/1", "2/2");
        tick(100);
        assertTold("2 unknown 2");
        client.homeLost();
        client.homeOpened(LIMITS, 110);
        client.pump(110);
        client.attached(client.session(), 2, 500, 115);
        client.pump(115);
        assertSaid("attach", "2/2");
        result(120, 2, Status.APPLIED);
        assertTold();
        assertFalse(client.isBusy());
    }

    @Test
    void anExpiredSessionIsToldTruthfullyAndReplaced() {
        open();
        client.homeLost();
        give(3, 5_000);
        give(4, 5_000);
        give(5, 5_000);
        client.homeOpened(LIMITS, 20);
        client.pump(20);
        client.attached(client.session(), 1, 400, 25);
        client.pump(25);
        assertSaid("attach", "open 1/1", "2/2", "3/2", "4/2", "5/2");
        SessionId before = client.session();
        result(30, 1, Status.EXPIRED);
        // Sent on the attachment before this one: nobody knows. Sent on this one: no effect. Not sent: goes on.
        assertTold("1 unknown 2", "2 unknown 3", "3 SESSION_EXPIRED", "4 SESSION_EXPIRED");
        assertSaid("detach", "attach");
        assertNotEquals(before, client.session());
        client.results(before, List.of(new SessionResult(4, Status.EXPIRED, null, new byte[0])), 31);
        client.attached(client.session(), 1, 9_999, 35);
        client.pump(35);
        result(40, 1, Status.APPLIED);
        assertSaid("open 1/1", "2/2");
        assertTrue(!Arrays.equals(openings.get(0), openings.get(openings.size() - 1)));
    }

    @Test
    void afterASnapshotTookThePlaceOfTheStateNobodyKnowsWhatBecameOfAnExpiredSession() {
        open();
        client.attached(client.session(), 1, 99_000, 20); // unasked
        client.pump(20);
        assertSaid("open 1/1", "2/2", "3/2");
        result(25, 1, Status.EXPIRED);
        assertTold("1 unknown 2", "2 unknown 3");
    }

    @Test
    void anIdleSessionIsKeptAliveWithItsOpening() {
        open();
        result(20, 2, Status.APPLIED);
        result(20, 3, Status.APPLIED);
        tick(3_009);
        assertSaid();
        tick(3_010);
        assertSaid("open 1/1");
        assertTrue(Arrays.equals(openings.get(0), openings.get(1)));
        tick(3_310);
        assertSaid("open 1/1");
        result(3_320, 1, Status.RESULT_GONE);
        tick(6_309);
        assertSaid();
        tick(6_310);
        assertSaid("open 1/1");
        assertTold("1 done", "2 done");
    }

    @Test
    void anotherSessionIsDrawnWhereThisOneIsAnothersAndLaterWhereThereAreTooMany() {
        give(1, 5_000);
        client.homeOpened(LIMITS, 0);
        client.pump(0);
        client.attached(client.session(), 1, 500, 5);
        client.pump(5);
        SessionId first = client.session();
        result(10, 1, Status.COLLISION);
        assertNotEquals(first, client.session());
        client.attached(client.session(), 1, 500, 15);
        client.pump(15);
        result(20, 1, Status.REFUSED_TOO_MANY_SESSIONS);
        client.attached(client.session(), 1, 500, 25);
        tick(29);
        assertSaid("attach", "open 1/1", "detach", "attach", "open 1/1", "detach", "attach");
        tick(30);
        assertSaid("open 1/1");
    }

    @Test
    void closingWaitsForTheAnswersAndClosesTheSession() {
        open();
        client.close();
        give(9, 5_000);
        client.pump(11);
        assertSaid("close 4/2");
        assertTold("9 CLOSED");
        result(20, 2, Status.APPLIED);
        result(20, 3, Status.APPLIED);
        assertFalse(client.isClosed());
        result(21, 4, Status.APPLIED);
        assertTrue(client.isClosed());
    }

    @Test
    void whoGivesUpIsToldWhatIsKnown() {
        open();
        give(3, 5_000);
        client.abandon();
        assertTold("3 CLOSED", "1 unknown 2", "2 unknown 3");
        give(4, 5_000);
        assertTold("4 CLOSED");
    }

    @Test
    void whatBecameOfAnUnknownCommandCanBeAskedLater() {
        open();
        tick(5_000);
        assertTold("1 unknown 2", "2 unknown 3");
        CommandToken second = new CommandToken(client.session(), 1, 2);
        CommandToken third = new CommandToken(client.session(), 1, 3);
        CommandToken others = new CommandToken(new SessionId(0, 99), 1, 3);
        client.ask(new Question(second, new Submission(new byte[20], 9_000, new CompletableFuture<>())));
        client.ask(new Question(third, new Submission(new byte[30], 5_500, new CompletableFuture<>())));
        client.ask(new Question(others, new Submission(new byte[40], 9_000, new CompletableFuture<>())));
        assertTold("40 unknown 3");
        result(5_100, 2, Status.APPLIED);
        assertTold("20 done");
        client.ask(new Question(second, new Submission(new byte[21], 9_000, new CompletableFuture<>())));
        assertTold("21 done");
        client.tick(5_500);
        assertTold("30 unknown 3");
        result(5_600, 3, Status.RESULT_GONE);
        client.ask(new Question(third, new Submission(new byte[31], 9_000, new CompletableFuture<>())));
        assertTold("31 gone");
    }
}
