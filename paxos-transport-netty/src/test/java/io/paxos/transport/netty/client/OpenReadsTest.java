// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.paxos.ReadLevel;
import io.paxos.transport.netty.client.ClientMessage.ReadAnswer;
import io.paxos.transport.netty.client.ClientMessage.ReadRequest;
import io.paxos.transport.netty.client.ClientMessage.ReadStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which node is asked, and when again. A read is told apart by the length of its query; times are in milliseconds. */
class OpenReadsTest {
    private static final int QUERY_BYTES_MAX = 10_000;

    private final List<String> sent = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private String said = "";
    private final OpenReads reads = new OpenReads(new Port(), new RetryBudget(3, 0, 10, 0), 300, 10);

    private final class Port implements OpenReads.Port {
        @Override
        public void send(int node, ReadRequest read) {
            numbers.add(read.id());
            sent.add(numbers.size() + ": " + read.query().length + " to " + node + " in " + read.timeoutMillis());
        }

        @Override
        public void settle(PendingRead read, ReadAnswer answer) {
            told.add(read.query().length + " " + answer.status());
            said = new String(answer.bytes(), StandardCharsets.US_ASCII);
        }
    }

    @BeforeEach
    void addThreeNodes() {
        for (int i = 0; i < 3; i++) {
            reads.addNode();
            reads.opened(i, 2, QUERY_BYTES_MAX);
        }
    }

    private void give(ReadLevel level, int length, long now) {
        reads.offer(new PendingRead(level, new byte[length], 1_000, new CompletableFuture<>()));
        reads.pump(now);
    }

    private static int nodeOf(String line) {
        int at = line.indexOf(" to ") + 4;
        return Integer.parseInt(line.substring(at, at + 1));
    }

    private void assertSent(String... expected) {
        assertEquals(List.of(expected), sent);
        sent.clear();
    }

    private void assertTold(String... expected) {
        assertEquals(List.of(expected), told);
        told.clear();
    }

    /** To the attempt that was sent as so many. */
    private void answer(int attempt, ReadStatus status, long now) {
        reads.answered(new ReadAnswer(numbers.get(attempt - 1), status, 1, 0, new byte[0]), now);
        reads.pump(now);
    }

    @Test
    void readsAreSpreadAndWaitWhereEveryNodeHasAsManyAsMayBe() {
        for (int length = 1; length <= 7; length++) {
            give(ReadLevel.LINEARIZABLE, length, 0);
        }
        assertSent(
                "1: 1 to 1 in 1000",
                "2: 2 to 2 in 1000",
                "3: 3 to 0 in 1000",
                "4: 4 to 1 in 1000",
                "5: 5 to 2 in 1000",
                "6: 6 to 0 in 1000");
        answer(2, ReadStatus.ANSWERED, 5);
        assertSent("7: 7 to 2 in 995");
        assertTold("2 ANSWERED");
    }

    @Test
    void whatTheLeaderConfirmsIsAskedOfItWhileItHasRoom() {
        reads.leading(2);
        give(ReadLevel.LEASED, 1, 0);
        give(ReadLevel.LINEARIZABLE, 2, 0);
        give(ReadLevel.LEASED, 3, 0);
        give(ReadLevel.LINEARIZABLE, 4, 0);
        give(ReadLevel.LOCAL, 5, 0);
        assertSent(
                "1: 1 to 2 in 1000",
                "2: 2 to 2 in 1000",
                "3: 3 to 1 in 1000",
                "4: 4 to 0 in 1000",
                "5: 5 to 1 in 1000");
    }

    /** Sent, it would end the connection, and the next one. */
    @Test
    void aQueryGoesWhereItFitsAndFailsAtOnceIfItFitsNowhere() {
        reads.opened(0, 2, 10);
        reads.opened(1, 2, 30);
        reads.opened(2, 2, 20);
        reads.leading(2);
        give(ReadLevel.LINEARIZABLE, 30, 0);
        give(ReadLevel.LINEARIZABLE, 20, 0);
        give(ReadLevel.LINEARIZABLE, 31, 0);
        assertSent("1: 30 to 1 in 1000", "2: 20 to 2 in 1000");
        assertTold("31 TOO_LARGE");
        assertEquals("query: 31 bytes are outside the allowed range 0..30", said);
        answer(2, ReadStatus.TOO_LARGE, 5); // the answer is: no other node's would be shorter
        assertTold("20 TOO_LARGE");
        reads.addNode(); // which may take more; whether it does, it says in time or not
        give(ReadLevel.LINEARIZABLE, 31, 6);
        assertTold();
        reads.opened(3, 2, 40);
        reads.pump(7);
        assertSent("3: 31 to 3 in 993");
        reads.addNode();
        give(ReadLevel.LINEARIZABLE, 41, 8);
        answer(1, ReadStatus.ANSWERED, 9);
        answer(3, ReadStatus.ANSWERED, 9);
        assertTold("30 ANSWERED", "31 ANSWERED");
        reads.tick(1_000);
        assertTold("41 TOO_LARGE");
    }

    @Test
    void aLeaderThatDoesNotKeepUpIsSpared() {
        for (int node = 0; node < 3; node++) {
            reads.opened(node, 10_000, QUERY_BYTES_MAX);
        }
        reads.leading(2);
        int[] asked = new int[3];
        for (int i = 0; i < OpenReads.AT_LEADER_MAX + 100; i++) {
            give(ReadLevel.LINEARIZABLE, 1, 0);
            asked[nodeOf(sent.remove(0))]++;
        }
        assertEquals(List.of(50, 50, OpenReads.AT_LEADER_MAX), List.of(asked[0], asked[1], asked[2]));
    }

    @Test
    void whatIsSentInOneTurnGoesTogetherAndLargeTurnsAreSplit() {
        for (int node = 0; node < 3; node++) {
            reads.opened(node, 100, QUERY_BYTES_MAX);
        }
        for (int i = 0; i < 2 * OpenReads.TOGETHER_MAX + 1; i++) {
            reads.offer(new PendingRead(ReadLevel.LOCAL, new byte[1], 1_000, new CompletableFuture<>()));
        }
        reads.pump(0);
        int[] asked = new int[3];
        for (String each : sent) {
            asked[nodeOf(each)]++;
        }
        assertEquals(List.of(1, OpenReads.TOGETHER_MAX, OpenReads.TOGETHER_MAX), List.of(asked[0], asked[1], asked[2]));
    }

    @Test
    void whatIsRefusedIsAskedOfAnotherNodeAfterARest() {
        give(ReadLevel.LINEARIZABLE, 1, 0);
        assertSent("1: 1 to 1 in 1000");
        answer(1, ReadStatus.NO_LEADER, 5);
        assertSent();
        reads.pump(15);
        assertSent("2: 1 to 2 in 985");
        answer(1, ReadStatus.ANSWERED, 16); // of the first attempt: too late
        assertTold();
        answer(2, ReadStatus.THREW, 17); // another node would throw, too
        assertTold("1 THREW");
        assertFalse(reads.isBusy());
    }

    @Test
    void whatIsNotAnsweredOrLostIsAskedOfAnotherNodeWithinTheBudget() {
        give(ReadLevel.LOCAL, 1, 0);
        reads.tick(299);
        reads.pump(299);
        assertSent("1: 1 to 1 in 1000");
        reads.tick(300);
        reads.pump(300);
        assertSent("2: 1 to 2 in 700");
        reads.closed(2, 310);
        reads.pump(310);
        assertSent("3: 1 to 0 in 690");
        reads.closed(0, 320);
        reads.pump(320);
        assertSent("4: 1 to 1 in 680");
        reads.closed(1, 330);
        reads.opened(1, 2, QUERY_BYTES_MAX);
        reads.opened(2, 2, QUERY_BYTES_MAX);
        reads.tick(999);
        assertTold();
        reads.tick(1_000);
        assertTold("1 NO_LEADER");
    }

    @Test
    void whoGivesUpTellsEverybody() {
        give(ReadLevel.LOCAL, 1, 0);
        reads.closed(0, 0);
        reads.closed(2, 0);
        give(ReadLevel.LOCAL, 2, 0);
        give(ReadLevel.LOCAL, 3, 0);
        reads.abandon(new ReadAnswer(0, ReadStatus.CLOSED, 0, -1, new byte[0]));
        assertTold("1 CLOSED", "2 CLOSED", "3 CLOSED");
        assertFalse(reads.isBusy());
    }
}
