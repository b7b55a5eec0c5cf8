// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.ClientGateway;
import io.paxos.ReadLevel;
import io.paxos.ReadReceiver;
import io.paxos.model.ClusterId;
import io.paxos.model.Command;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import io.paxos.session.SessionReceiver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** One client's session, told by the test what the node tells. */
class OnceSessionTest {

    private final List<Command> sent = new ArrayList<>();

    private final ClientGateway gateway = new ClientGateway() {
        @Override
        public ClusterId cluster() {
            return new ClusterId("test");
        }

        @Override
        public NodeId node() {
            return new NodeId(1);
        }

        @Override
        public int commandBytesMax() {
            return 1_000;
        }

        @Override
        public void attach(SessionId session, long boot, SessionReceiver receiver) {}

        @Override
        public void detach(SessionId session, SessionReceiver receiver) {}

        @Override
        public boolean submit(List<Command> commands) {
            return sent.addAll(commands);
        }

        @Override
        public int readsMax() {
            return 1;
        }

        @Override
        public void read(ReadLevel level, List<byte[]> queries, long timeoutMillis, ReadReceiver receiver) {
            throw new IllegalStateException("nobody reads");
        }

        @Override
        public Optional<NodeId> leader() {
            return Optional.empty();
        }

        @Override
        public Runnable watchLeader(Consumer<Optional<NodeId>> watcher) {
            return () -> {};
        }

        @Override
        public long agreedTimeMillis() {
            return 1;
        }
    };

    private final OnceSession session = new OnceSession(
            OnceName.of("c"),
            1_000,
            gateway,
            Runnable::run,
            () -> CompletableFuture.completedFuture(null),
            any -> null);

    private CompletableFuture<byte[]> call(long sequence) {
        KvCommand command = KvCommand.of(KvCommand.Operation.DEL, "k".getBytes(StandardCharsets.US_ASCII));
        CompletableFuture<byte[]> reply = new CompletableFuture<>();
        session.call(new OnceSession.Call(new OnceCommand("c", sequence, command), Long.MAX_VALUE, reply));
        return reply;
    }

    private static String text(CompletableFuture<byte[]> reply) {
        return new String(reply.join(), StandardCharsets.US_ASCII);
    }

    /** It was sent, took effect, and the session expired behind it: all of that in a snapshot, of which only the end is seen. */
    @Test
    void whatBecameOfACommandIsNotClaimedWhereASnapshotHidesIt() {
        session.attached(3, List.of());
        CompletableFuture<byte[]> reply = call(2);
        assertEquals(3, sent.get(0).sequence());
        session.attached(1, List.of());
        assertTrue(text(reply).startsWith("-UNKNOWN sequence 2 of client 'c' may have been applied"), text(reply));
        assertTrue(text(call(3)).startsWith("-EXPIRED client 'c' is not known"), "it was never sent");
    }
}
