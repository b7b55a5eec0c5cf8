// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.netty.channel.embedded.EmbeddedChannel;
import io.paxos.examples.kv.resp.RespDecoder;
import io.paxos.examples.kv.resp.RespLimits;
import io.paxos.model.Entry;
import io.paxos.model.NodeId;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A pipeline of SETs of 256 bytes, and the server's side of a connection over a store that nobody replicates. */
final class SetBurst {

    /** How many there are in a burst. */
    static final int COMMANDS = 16;

    private SetBurst() {}

    /** As the client writes them. */
    static byte[] requests() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < COMMANDS; i++) {
            text.append("*3\r\n$3\r\nSET\r\n$16\r\nkey:0000000000")
                    .append(10 + i)
                    .append("\r\n$256\r\n");
            text.append("x".repeat(256)).append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    static EmbeddedChannel server() {
        CommandTable table = new CommandTable(
                new HandshakeCommands("test", () -> "info"), new Saves(() -> null, Path.of("absent")), 512 << 10);
        return new EmbeddedChannel(new RespDecoder(RespLimits.DEFAULT), new KvConnection(table, new NoLog()));
    }

    /** Applies at once, on the caller's thread, what is submitted. */
    private static final class NoLog implements KvLog {

        private final KvStateMachine machine = new KvStateMachine();

        @Override
        public CompletableFuture<byte[]> submit(KvCommand command) {
            Entry entry = new Entry(new Position(1, 0), 0, SessionId.NONE, command.encode());
            return CompletableFuture.completedFuture(machine.apply(entry));
        }

        @Override
        public CompletableFuture<byte[]> read(KvCommand command, boolean local, Reading reading) {
            throw new IllegalStateException("nobody reads");
        }

        @Override
        public CompletableFuture<byte[]> once(OnceCommand command) {
            throw new IllegalStateException("nobody does anything once");
        }

        @Override
        public CompletableFuture<byte[]> handOver(@Nullable NodeId target) {
            throw new IllegalStateException("nobody leads");
        }
    }
}
