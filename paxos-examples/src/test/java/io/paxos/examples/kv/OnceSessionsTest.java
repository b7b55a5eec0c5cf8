// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.PaxosNode;
import io.paxos.ReadLevel;
import io.paxos.examples.kv.KvCommand.Operation;
import io.paxos.model.NodeId;
import io.paxos.transport.InProcessNetwork;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real nodes in this JVM, and clients that change between them, lose answers, and make mistakes. */
@Timeout(120)
class OnceSessionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(1);
    private static final byte[] KEY = bytes("n");
    private static final byte[] FULL = bytes("-OOM\r\n");

    @TempDir
    Path home;

    private final InProcessNetwork network = new InProcessNetwork();
    private final PaxosNode[] nodes = new PaxosNode[3];
    private final OnceSessions[] sessions = new OnceSessions[3];
    private volatile boolean isFull;

    @BeforeEach
    void start() {
        for (int i = 0; i < nodes.length; i++) {
            start(i);
        }
        for (PaxosNode node : nodes) {
            node.awaitReady(PATIENCE);
        }
    }

    private void start(int i) {
        PaxosNode node = PaxosNode.builder()
                .cluster("once")
                .node(new NodeId(i + 1))
                .voters("n1", "n2", "n3")
                .directory(home.resolve("n" + (i + 1)))
                .formatIfEmpty(true)
                .transport(network.transport(new NodeId(i + 1)))
                .stateMachine(new KvStateMachine())
                .start();
        nodes[i] = node;
        sessions[i] = sessions(node, Duration.ofHours(1));
    }

    private OnceSessions sessions(PaxosNode node, Duration timeout) {
        return new OnceSessions(
                node.clients(),
                () -> node.read(ReadLevel.LINEARIZABLE, () -> ""),
                command -> isFull ? FULL : null,
                timeout,
                PATIENCE);
    }

    @AfterEach
    void stop() {
        for (int i = 0; i < nodes.length; i++) {
            sessions[i].close();
            nodes[i].close();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static CompletableFuture<byte[]> increment(OnceSessions at, String client, long sequence) {
        return at.submit(new OnceCommand(client, sequence, KvCommand.add(KEY, 1)));
    }

    private static String reply(CompletableFuture<byte[]> reply) throws Exception {
        return new String(reply.get(PATIENCE.toMillis() * 2, TimeUnit.MILLISECONDS), StandardCharsets.UTF_8).strip();
    }

    private String incremented(int node, String client, long sequence) throws Exception {
        return reply(increment(sessions[node], client, sequence));
    }

    @Test
    void retryIsAnsweredWithTheFirstAnswerOnWhicheverNode() throws Exception {
        assertEquals(":1", incremented(0, "c", 1));
        assertEquals(":2", incremented(1, "c", 2));
        assertEquals(":2", incremented(2, "c", 2));
        assertEquals(":1", incremented(2, "c", 1));
        assertEquals(":3", incremented(0, "another", 1));
        assertEquals(":4", incremented(2, "c", 3));
        assertEquals(":2", incremented(0, "c", 2));
    }

    @Test
    void retryIsAnsweredWithTheFirstAnswerAfterARestartOfAll() throws Exception {
        assertEquals(":1", incremented(0, "c", 1));
        for (int i = 0; i < nodes.length; i++) {
            sessions[i].close();
            nodes[i].close();
        }
        start();
        assertEquals(":1", incremented(1, "c", 1));
        assertEquals(":2", incremented(2, "c", 2));
    }

    @Test
    void pipelineIsDoneOnceThoughAllOfItIsSentAgainElsewhere() throws Exception {
        List<CompletableFuture<byte[]>> replies = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int n = 1; n <= OnceSession.ANSWERS_KEPT; n++) {
                replies.add(increment(sessions[round], "c", n));
            }
        }
        for (int i = 0; i < replies.size(); i++) {
            assertEquals(":" + (i % OnceSession.ANSWERS_KEPT + 1), reply(replies.get(i)));
        }
    }

    /** "Not allowed" is no answer to a command that took effect: its client would do something else in its place. */
    @Test
    void retryIsAnsweredWithTheFirstAnswerThoughTheStoreIsFullByNow() throws Exception {
        assertEquals(":1", incremented(0, "c", 1));
        isFull = true;
        for (int node = 0; node < nodes.length; node++) {
            assertEquals(":1", incremented(node, "c", 1));
            assertEquals("-OOM", incremented(node, "c", 2));
            assertEquals("-GAP sequence 3 of client 'c', not applied: 2 is next", incremented(node, "c", 3));
            assertEquals("-OOM", incremented(node, "another", 1));
        }
        isFull = false;
        assertEquals(":2", incremented(1, "c", 2));
        assertEquals(":3", incremented(2, "another", 1));
    }

    @Test
    void gapIsNamedAndNothingIsDone() throws Exception {
        String unknown = incremented(0, "c", 3);
        assertTrue(unknown.startsWith("-EXPIRED client 'c' is not known, sequence 3 is not applied"), unknown);
        assertEquals(":1", incremented(0, "c", 1));
        for (int node = 0; node < nodes.length; node++) {
            assertEquals("-GAP sequence 9 of client 'c', not applied: 2 is next", incremented(node, "c", 9));
        }
        assertEquals(":2", incremented(1, "c", 2));
    }

    @Test
    void oldNumberWhoseAnswerIsGoneIsSaidToBeApplied() throws Exception {
        for (int n = 1; n <= OnceSession.ANSWERS_KEPT + 5; n++) {
            assertEquals(":" + n, incremented(n % 3, "c", n));
        }
        String gone = incremented(1, "c", 2);
        assertTrue(gone.startsWith("-APPLIED sequence 2 of client 'c' was applied before"), gone);
    }

    /** Agreed time moves with the log, so somebody else's commands make it pass. */
    @Test
    void clientThatWasSilentForTooLongIsForgottenAndMayBeginAgain() throws Exception {
        try (OnceSessions brief = sessions(nodes[0], FORGOTTEN_AFTER)) {
            assertEquals(":1", reply(increment(brief, "c", 1)));
            long forgotten = System.nanoTime() + 3 * FORGOTTEN_AFTER.toNanos();
            while (System.nanoTime() < forgotten) {
                nodes[1].submitAndWait(
                        KvCommand.of(Operation.SET, bytes("k"), KEY).encode(), PATIENCE);
            }
            String late = reply(increment(brief, "c", 2));
            assertTrue(late.startsWith("-EXPIRED client 'c' "), late);
            assertEquals(":2", reply(increment(brief, "c", 1)), "under the old name it is a new client");
        }
    }

    @Test
    void whoWaitsIsToldWhenTheServerStops() throws Exception {
        nodes[1].close();
        nodes[2].close();
        CompletableFuture<byte[]> stuck = increment(sessions[0], "c", 1);
        sessions[0].close();
        String told = reply(stuck);
        assertTrue(told.startsWith("-UNKNOWN sequence 1 of client 'c' may have been applied"), told);
    }
}
