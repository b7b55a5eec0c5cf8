// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.paxos.examples.kv.resp.RespLimits;
import io.paxos.examples.kv.resp.RespReply;
import io.paxos.examples.kv.resp.RespRequest;
import io.paxos.model.NodeId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real sockets, the real store, and a log of one node in memory that completes when the test says so. */
class KvConnectionTest {

    private static final int TIMEOUT_MILLIS = 20_000;

    /** A submission that the test completes. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, not compared
    private record Submission(KvCommand command, Supplier<byte[]> reply, CompletableFuture<byte[]> result) {}

    /** What a connection asks for, as words. */
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    private final KvLog log = new KvLog() {
        @Override
        public CompletableFuture<byte[]> submit(KvCommand command) {
            return ask("write", command, () -> store.execute(command));
        }

        @Override
        public CompletableFuture<byte[]> read(KvCommand command, boolean local, Reading reading) {
            return ask(
                    local ? "local read" : "read",
                    command,
                    () -> reading.read(() -> {
                        done.incrementAndGet();
                        return store.execute(command);
                    }));
        }

        @Override
        public CompletableFuture<byte[]> once(OnceCommand command) {
            KvCommand asked = command.command();
            return ask("once " + command.client() + " " + command.sequence(), asked, () -> store.execute(asked));
        }

        @Override
        public CompletableFuture<byte[]> handOver(NodeId target) {
            return CompletableFuture.completedFuture(
                    RespReply.status((target == null ? "somebody" : target) + " leads"));
        }
    };

    private final KvStore store = new KvStore();
    private final LinkedBlockingQueue<Submission> submissions = new LinkedBlockingQueue<>();
    private final AtomicInteger submitted = new AtomicInteger();

    /** Reads that the store did; one that was put off is asked for again. */
    private final AtomicInteger done = new AtomicInteger();

    private final ExecutorService apply = Executors.newSingleThreadExecutor();
    private volatile boolean byHand;
    private KvListener listener;

    @BeforeEach
    void open() throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        listener = KvListener.open(anyPort, RespLimits.DEFAULT, table(), log);
    }

    private static CommandTable table() {
        return new CommandTable(
                new HandshakeCommands("test", () -> "info"), new Saves(() -> null, Path.of("absent")), 512 << 10);
    }

    @AfterEach
    void close() {
        listener.close();
        apply.shutdownNow();
    }

    private CompletableFuture<byte[]> ask(String how, KvCommand command, Supplier<byte[]> reply) {
        asked.add(how + " " + command.operation());
        submitted.incrementAndGet();
        if (!byHand) {
            return CompletableFuture.supplyAsync(reply, apply);
        }
        Submission submission = new Submission(command, reply, new CompletableFuture<>());
        submissions.add(submission);
        return submission.result;
    }

    private byte[] execute(KvCommand command) {
        return store.execute(command);
    }

    private Submission next() throws InterruptedException {
        Submission next = submissions.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        assertNotNull(next, () -> "nothing was asked for; so far " + asked);
        return next;
    }

    @Test
    void repliesKeepTheOrderOfTheRequestsWhateverTheOrderOfCompletion() throws Exception {
        byHand = true;
        try (Socket client = connect()) {
            StringBuilder expected = new StringBuilder();
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                requests.append("SET k")
                        .append(i)
                        .append(" v\r\nPING ")
                        .append(i)
                        .append("\r\n");
                expected.append("+OK\r\n$")
                        .append(Integer.toString(i).length())
                        .append("\r\n")
                        .append(i)
                        .append("\r\n");
            }
            send(client, requests.toString());
            List<Submission> all = new ArrayList<>();
            while (all.size() < 100) {
                all.add(submissions.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
            }
            Collections.shuffle(all, new Random(7));
            all.forEach(submission -> submission.result.complete(execute(submission.command)));
            assertEquals(expected.toString(), read(client, expected.length()));
        }
    }

    @Test
    void longPipelineIsHeldAtTheBoundAndGoesOnAsRepliesLeave() throws Exception {
        byHand = true;
        int requests = 20_000;
        try (Socket client = connect()) {
            CompletableFuture<Void> writer =
                    CompletableFuture.runAsync(() -> send(client, "INCR n\r\n".repeat(requests)));
            Submission first = submissions.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            int most = 0;
            StringBuilder expected = new StringBuilder();
            for (int i = 1; i <= requests; i++) {
                Submission next = i == 1 ? first : submissions.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
                most = Math.max(most, submissions.size());
                next.result.complete(execute(next.command));
                expected.append(':').append(i).append("\r\n");
            }
            assertEquals(expected.toString(), read(client, expected.length()));
            writer.join();
            assertTrue(most <= KvConnection.WAITING_MAX, "waiting: " + most);
        }
    }

    @Test
    void longPipelineThatNeedsNoLogIsAnsweredWhole() throws Exception {
        try (Socket client = connect()) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> send(client, "PING\r\n".repeat(50_000)));
            assertEquals("+PONG\r\n".repeat(50_000), read(client, 7 * 50_000));
            writer.join();
        }
    }

    @Test
    void clientThatReadsNothingIsNotReadEither() throws Exception {
        store.execute(
                KvCommand.of(KvCommand.Operation.SET, "k".getBytes(StandardCharsets.US_ASCII), new byte[500_000]));
        try (Socket client = connect()) {
            client.setReceiveBufferSize(64 << 10);
            send(client, "GET k\r\n".repeat(1_000));
            // Half a gigabyte was asked for; what was read is some 4 MiB here, and what Netty and the sockets hold.
            int seen = 0;
            for (int i = 0; i < 1_000; i++) {
                String header = read(client, 9);
                assertEquals("$500000\r\n", header);
                assertEquals(500_002, read(client, 500_002).length());
                seen++;
                int ahead = done.get() - seen;
                assertTrue(ahead <= 64, "ahead of the client: " + ahead);
            }
        }
    }

    /** A few hundred reads of a few megabytes each filled the heap: the node reads all it has at once, and tells then. */
    @Test
    void readsWhoseRepliesFindNoRoomArePutOffAndAnsweredInTheirOrder() throws Exception {
        byHand = true;
        StringBuilder requests = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        int value = 100_000;
        for (int i = 0; i < 200; i++) {
            String text = Character.toString('a' + i % 26).repeat(value);
            store.execute(KvCommand.of(KvCommand.Operation.SET, bytes("k" + i), bytes(text)));
            requests.append("GET k").append(i).append("\r\n");
            expected.append("$100000\r\n").append(text).append("\r\n");
        }
        try (Socket client = connect()) {
            send(client, requests.toString());
            CompletableFuture<String> replies =
                    CompletableFuture.supplyAsync(() -> readUnchecked(client, expected.length()));
            for (int answered = 0; answered < 200; ) {
                List<Submission> together = new ArrayList<>(List.of(next()));
                submissions.drainTo(together);
                List<byte[]> read =
                        together.stream().map(each -> each.reply.get()).toList();
                long bytes = read.stream().mapToLong(each -> each.length).sum();
                assertTrue(bytes <= KvConnection.WAITING_BYTES_MAX + value + 10, "bytes at once: " + bytes);
                for (int i = together.size() - 1; i >= 0; i--) {
                    answered += read.get(i).length > 0 ? 1 : 0;
                    together.get(i).result.complete(read.get(i));
                }
            }
            assertEquals(expected.toString(), replies.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
        }
    }

    /** The last read in flight ends without a reply, and nothing is in flight then. */
    @Test
    void writeBehindAReadThatWasPutOffWaitsForIt() throws Exception {
        byHand = true;
        store.execute(KvCommand.of(KvCommand.Operation.SET, bytes("k"), new byte[500_000]));
        EmbeddedChannel channel = new EmbeddedChannel(new KvConnection(table(), log));
        for (int i = 0; i < 10; i++) {
            channel.writeInbound(new RespRequest.Call(List.of(bytes("GET"), bytes("k"))));
        }
        channel.writeInbound(new RespRequest.Call(List.of(bytes("SET"), bytes("k"), bytes("v"))));
        List<Submission> reads = new ArrayList<>();
        submissions.drainTo(reads);
        assertEquals(10, reads.size());
        List<byte[]> replies = reads.stream().map(each -> each.reply.get()).toList();
        assertEquals(0, replies.get(9).length, "there was no room for it");
        for (int i = 9; i >= 0; i--) {
            reads.get(i).result.complete(replies.get(i));
        }
        channel.runPendingTasks();
        Submission again = next();
        assertEquals(KvCommand.Operation.GET, again.command.operation());
        assertTrue(submissions.isEmpty(), "one by one at first, and no write");
        again.result.complete(again.reply.get());
        channel.runPendingTasks();
        assertEquals(KvCommand.Operation.SET, next().command.operation());
        channel.finishAndReleaseAll();
    }

    /** What it waits behind would never leave otherwise. */
    @Test
    void readThatAllOthersWaitForNeedsNoRoom() throws Exception {
        byHand = true;
        store.execute(KvCommand.of(KvCommand.Operation.SET, bytes("k"), bytes("v")));
        EmbeddedChannel channel = new EmbeddedChannel(new KvConnection(table(), log));
        channel.writeInbound(new RespRequest.Call(List.of(bytes("GET"), bytes("k"))));
        long ready = 0;
        while (ready < KvConnection.WAITING_BYTES_MAX) {
            channel.writeInbound(new RespRequest.Call(List.of(bytes("PING"), new byte[500_000])));
            ready += 500_000;
        }
        Submission first = next();
        byte[] noRoom = first.reply.get();
        assertEquals(0, noRoom.length);
        first.result.complete(noRoom);
        channel.runPendingTasks();
        Submission again = next();
        again.result.complete(again.reply.get());
        channel.runPendingTasks();
        ByteBuf out = channel.readOutbound();
        assertEquals("$1\r\nv\r\n$500000\r\n", out.toString(0, 16, StandardCharsets.ISO_8859_1));
        out.release();
        channel.finishAndReleaseAll();
    }

    /** A read that has timed out is done all the same, later; what it finds is nobody's by then. */
    @Test
    void readThatIsDoneTooLateTakesNoRoom() throws Exception {
        byHand = true;
        store.execute(KvCommand.of(KvCommand.Operation.SET, bytes("k"), new byte[500_000]));
        EmbeddedChannel channel = new EmbeddedChannel(new KvConnection(table(), log));
        for (int i = 0; i < 100; i++) {
            channel.writeInbound(new RespRequest.Call(List.of(bytes("GET"), bytes("k"))));
            Submission late = next();
            late.result.complete(bytes("-TIMEOUT\r\n"));
            assertEquals(0, late.reply.get().length);
            channel.runPendingTasks();
            ByteBuf out = channel.readOutbound();
            assertEquals("-TIMEOUT\r\n", out.toString(StandardCharsets.ISO_8859_1));
            out.release();
        }
        channel.writeInbound(new RespRequest.Call(List.of(bytes("GET"), bytes("k"))));
        assertEquals(500_011, next().reply.get().length);
        channel.finishAndReleaseAll();
    }

    /** A read does not go through the log: begun too soon, it would miss the write before it, or see the one behind it. */
    @Test
    void readBehindAWriteWaitsForItAndAWriteBehindAReadToo() throws Exception {
        byHand = true;
        try (Socket client = connect()) {
            send(client, "SET k a\r\nGET k\r\nMGET k k\r\nSET k b\r\nSET k c\r\nGET k\r\n");
            Submission write = next();
            assertEquals(List.of("write SET"), List.copyOf(asked));
            write.result.complete(execute(write.command));
            Submission get = next();
            Submission getMany = next();
            assertEquals(List.of("write SET", "read GET", "read MGET"), List.copyOf(asked));
            getMany.result.complete(execute(getMany.command));
            get.result.complete(execute(get.command));
            Submission b = next();
            Submission c = next();
            assertEquals(List.of("write SET", "write SET"), asked.subList(3, 5));
            b.result.complete(execute(b.command));
            assertEquals(5, submitted.get());
            c.result.complete(execute(c.command));
            Submission last = next();
            last.result.complete(execute(last.command));
            String expected = "+OK\r\n$1\r\na\r\n*2\r\n$1\r\na\r\n$1\r\na\r\n+OK\r\n+OK\r\n$1\r\nc\r\n";
            assertEquals(expected, read(client, expected.length()));
        }
    }

    @Test
    void numberedCommandsOfOneClientGoTogetherAndNothingElseMeanwhile() throws Exception {
        byHand = true;
        try (Socket client = connect()) {
            send(client, "ONCE c 1 INCR n\r\nONCE c 2 INCR n\r\nONCE d 1 INCR n\r\nINCR n\r\n");
            for (List<String> together :
                    List.of(List.of("once c 1 ADD", "once c 2 ADD"), List.of("once d 1 ADD"), List.of("write ADD"))) {
                List<Submission> all = new ArrayList<>();
                while (all.size() < together.size()) {
                    all.add(next());
                }
                assertEquals(together, asked.subList(asked.size() - together.size(), asked.size()));
                all.forEach(each -> each.result.complete(execute(each.command)));
            }
            assertEquals(":1\r\n:2\r\n:3\r\n:4\r\n", read(client, 16));
        }
    }

    @Test
    void readonlySwitchesTheConnectionAndOnlyIt() throws Exception {
        try (Socket client = connect();
                Socket other = connect()) {
            send(client, "GET k\r\nREADONLY\r\nGET k\r\nREADWRITE\r\nGET k\r\nREADONLY\r\n");
            assertEquals("$-1\r\n+OK\r\n$-1\r\n+OK\r\n$-1\r\n+OK\r\n", read(client, 30));
            send(other, "GET k\r\nFAILOVER TO n2\r\n");
            assertEquals("$-1\r\n+n2 leads\r\n", read(other, 16));
            assertEquals(List.of("read GET", "local read GET", "read GET", "read GET"), List.copyOf(asked));
        }
    }

    @Test
    void errorsAreRepliesAndTheConnectionGoesOn() throws Exception {
        byHand = true;
        try (Socket client = connect()) {
            send(client, "GET a\r\nNOPE\r\nSET k " + "x".repeat(100) + "\r\n*2\r\n$3\r\nGET\r\n$600000\r\n");
            send(client, "y".repeat(600_000) + "\r\nPING\r\n");
            submissions
                    .poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    .result
                    .completeExceptionally(new IllegalStateException("broken\r\n+OK"));
            submissions
                    .poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    .result
                    .complete("+OK\r\n".getBytes(StandardCharsets.US_ASCII));
            String expected = String.join(
                    "\r\n",
                    "-UNKNOWN outcome unknown, may have been applied: java.lang.IllegalStateException: broken  +OK",
                    "-ERR unknown command 'NOPE', with args beginning with: ",
                    "+OK",
                    "-ERR value is too large: 600000 bytes, the limit is 524288",
                    "+PONG",
                    "");
            assertEquals(expected, read(client, expected.length()));
        }
    }

    @Test
    void protocolErrorIsToldAfterEarlierRepliesAndEndsTheConnection() throws Exception {
        try (Socket client = connect()) {
            send(client, "SET k v\r\n*1\r\n+PING\r\nPING\r\n");
            assertEquals("+OK\r\n-ERR Protocol error: expected '$', got '+'\r\n", readToEnd(client));
        }
    }

    @Test
    void quitIsAnsweredAfterEarlierRepliesAndEndsTheConnection() throws Exception {
        try (Socket client = connect()) {
            send(client, "INCR n\r\nQUIT\r\nINCR n\r\n");
            assertEquals(":1\r\n+OK\r\n", readToEnd(client));
        }
        assertEquals(1, submitted.get());
    }

    @Test
    void clientThatHasSaidAllStillGetsItsReplies() throws Exception {
        byHand = true;
        try (Socket client = connect()) {
            send(client, "INCR n\r\nINCR n\r\n");
            client.shutdownOutput();
            for (int i = 0; i < 2; i++) {
                Submission submission = submissions.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
                submission.result.complete(execute(submission.command));
            }
            assertEquals(":1\r\n:2\r\n", readToEnd(client));
        }
    }

    /** The reply was lost, and each one behind it was taken for the one before. */
    @Test
    void connectionWhoseRepliesFindNoBufferIsClosedAndNoReplyTakesThePlaceOfAnother() throws Exception {
        byHand = true;
        AtomicInteger small = new AtomicInteger(1);
        EmbeddedChannel channel = new EmbeddedChannel(new KvConnection(table(), log));
        channel.config().setAllocator(new AbstractByteBufAllocator(false) {
            @Override
            protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
                boolean isSmall = small.getAndDecrement() > 0;
                return new UnpooledHeapByteBuf(this, isSmall ? 1 : initialCapacity, isSmall ? 1 : maxCapacity);
            }

            @Override
            protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
                throw new AssertionError("buffers are on the heap here");
            }

            @Override
            public boolean isDirectBufferPooled() {
                return false;
            }
        });
        for (String key : List.of("a", "b")) {
            channel.writeInbound(new RespRequest.Call(List.of(bytes("GET"), bytes(key))));
        }
        Submission first = next();
        Submission second = next();
        first.result.complete(bytes("$1\r\na\r\n"));
        assertThrows(IndexOutOfBoundsException.class, () -> {
            channel.runPendingTasks();
            channel.checkException();
        });
        second.result.complete(bytes("$1\r\nb\r\n"));
        channel.runPendingTasks();
        assertFalse(channel.isOpen());
        assertNull(channel.readOutbound());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void clientThatIsGoneCostsNothingMore() throws Exception {
        byHand = true;
        try (Socket client = connect()) {
            client.setSoLinger(true, 0);
            send(client, "INCR n\r\n");
            assertFalse(submissions.isEmpty() && submissions.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS) == null);
        }
        Submission submission = submissions.poll();
        if (submission != null) {
            submission.result.complete(execute(submission.command));
        }
        try (Socket client = connect()) {
            send(client, "PING\r\n");
            assertEquals("+PONG\r\n", read(client, 7));
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(listener.address(), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static void send(Socket client, String requests) {
        try {
            OutputStream out = client.getOutputStream();
            out.write(requests.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Socket client, int length) throws IOException {
        byte[] bytes = client.getInputStream().readNBytes(length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String readUnchecked(Socket client, int length) {
        try {
            return read(client, length);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String readToEnd(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        in.transferTo(all);
        return all.toString(StandardCharsets.ISO_8859_1);
    }
}
