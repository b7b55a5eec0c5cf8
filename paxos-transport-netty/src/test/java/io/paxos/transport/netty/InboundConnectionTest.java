// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.Fixtures.FRAME_BYTES_MAX;
import static io.paxos.transport.netty.Fixtures.N1;
import static io.paxos.transport.netty.Fixtures.N2;
import static io.paxos.transport.netty.Fixtures.N3;
import static io.paxos.transport.netty.Fixtures.accept;
import static io.paxos.transport.netty.Fixtures.concat;
import static io.paxos.transport.netty.Fixtures.encoded;
import static io.paxos.transport.netty.Fixtures.greeting;
import static io.paxos.transport.netty.Fixtures.heartbeat;
import static io.paxos.transport.netty.Fixtures.hello;
import static io.paxos.transport.netty.Fixtures.introduction;
import static io.paxos.transport.netty.Fixtures.lines;
import static io.paxos.transport.netty.Fixtures.listenTo;
import static io.paxos.transport.netty.Fixtures.member;
import static io.paxos.transport.netty.Fixtures.stopListening;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.embedded.EmbeddedChannel;
import io.paxos.message.Frame;
import io.paxos.model.ClusterId;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.transport.Introduction;
import io.paxos.transport.Transport;
import io.paxos.transport.netty.ControlFrame.Reason;
import io.paxos.transport.netty.ControlFrame.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The accepting end, fed byte by byte. */
class InboundConnectionTest {
    private final ListAppender<ILoggingEvent> warnings = listenTo(Wire.class);
    private final ListAppender<ILoggingEvent> errors = listenTo(InboundConnection.class);

    @AfterEach
    void stop() {
        stopListening(Wire.class, warnings);
        stopListening(InboundConnection.class, errors);
    }

    @Test
    void aMemberIsWelcomedAndHeardByteByByte() {
        Wire wire = new Wire();
        wire.feedByteByByte(hello(greeting(2, 3)));
        assertEquals(List.of(new ControlFrame.Welcome(wire.local.greeting().to(N2))), wire.answers());

        List<Frame> frames = List.of(heartbeat(2, 3, 1), accept(2, 3, 1_000), heartbeat(2, 3, 2));
        for (Frame frame : frames) {
            wire.feedByteByByte(encoded(frame));
        }
        assertEquals(frames, wire.received);
        assertTrue(wire.channel.isActive());
        assertEquals(3, wire.local.tally().counters().framesReceived());
        assertEquals(0, wire.local.unidentified().size());
        assertEquals(List.of(), lines(warnings));
        wire.finish();
    }

    @Test
    void helloAndFramesMayComeInOnePiece() {
        Wire wire = new Wire();
        wire.feed(concat(hello(greeting(2, 3)), encoded(heartbeat(2, 3, 1)), encoded(accept(2, 3, 5_000))));
        assertEquals(List.of(heartbeat(2, 3, 1), accept(2, 3, 5_000)), wire.received);
        wire.finish();
    }

    @Test
    void framesOfOneReadReachTheReceiverInOneCall() {
        List<List<Frame>> calls = new ArrayList<>();
        Wire wire = new Wire(new Transport.Receiver() {
            @Override
            public void receive(Frame frame) {
                calls.add(List.of(frame));
            }

            @Override
            public void receive(List<Frame> frames) {
                calls.add(frames);
            }
        });
        List<Frame> three = List.of(heartbeat(2, 3, 1), accept(2, 3, 1_000), heartbeat(2, 3, 2));
        byte[] bytes = concat(encoded(three.get(0)), encoded(three.get(1)), encoded(three.get(2)));
        wire.feed(concat(hello(greeting(2, 3)), bytes));
        wire.feed(bytes);
        byte[] last = encoded(heartbeat(2, 3, 3));
        wire.feed(Arrays.copyOf(last, 70));
        wire.feed(Arrays.copyOfRange(last, 70, last.length));
        assertEquals(List.of(three, three, List.of(heartbeat(2, 3, 3))), calls);
        wire.finish();
    }

    @Test
    void whatWasReadIsConfirmedOnceInAWhile() {
        Wire wire = new Wire();
        wire.feed(hello(greeting(2, 3)));
        wire.pass(Limits.RECEIPT_DELAY_MILLIS);
        wire.answers();
        for (int i = 1; i <= 100; i++) {
            wire.feed(encoded(heartbeat(2, 3, i)));
        }
        assertEquals(List.of(), wire.answers());
        wire.pass(Limits.RECEIPT_DELAY_MILLIS);
        assertEquals(List.of(new ControlFrame.Receipt()), wire.answers());
        wire.pass(60_000);
        assertEquals(List.of(), wire.answers(), "nothing was read since");
        wire.finish();
    }

    @Test
    void aHelloThatDoesNotFitIsRefusedWithTheReasonAndNothingIsHeardAfterIt() {
        Map<Greeting, Reason> table = new LinkedHashMap<>();
        table.put(Greeting.of(new Introduction(new ClusterId("other"), member(2), 3), 1, N1, 1), Reason.OTHER_CLUSTER);
        table.put(Greeting.of(introduction(2, 3), 1, N3, 1), Reason.WRONG_NODE);
        table.put(greeting(4, 3), Reason.UNKNOWN_NODE);
        table.put(greeting(1, 3), Reason.UNKNOWN_NODE);
        table.put(new Greeting(Fixtures.CLUSTER, member(2), 3, 1, N1, 1, 1, 1, 1), Reason.OTHER_GROUP);
        table.put(new Greeting(Fixtures.CLUSTER, member(2), 3, 1, N1, 0, 2, 3, 1), Reason.WIRE_VERSION);
        table.forEach((greeting, reason) -> {
            Wire wire = new Wire();
            wire.feedByteByByte(hello(greeting));
            List<ControlFrame> answers = wire.answers();
            assertEquals(1, answers.size());
            assertEquals(reason, ((Refusal) answers.get(0)).reason());
            assertFalse(wire.channel.isActive());
            assertEquals(1, wire.local.tally().counters().hellosRefused());
            assertEquals(0, wire.local.tally().counters().connectionsAccepted());
        });
        assertEquals(table.size(), lines(warnings).size());
        assertTrue(
                lines(warnings)
                        .get(0)
                        .startsWith("n1: refused the hello from embedded: cluster other of n2/2222 is not"),
                lines(warnings).get(0));
    }

    @Test
    void framesOfSomeoneElseCloseTheConnection() {
        MemberId wiped = new MemberId(N2, new Incarnation(5));
        Frame genuine = heartbeat(2, 3, 1);
        List<Frame> forged = List.of(
                heartbeat(3, 3, 1),
                heartbeat(2, 2, 1),
                heartbeat(2, 4, 1),
                new Frame(genuine.founding(), 0, wiped, 3, genuine.message()),
                new Frame(genuine.founding(), 1, member(2), 3, genuine.message()));
        for (Frame frame : forged) {
            Wire wire = new Wire();
            wire.feed(hello(greeting(2, 3)));
            wire.feed(concat(encoded(genuine), encoded(frame), encoded(genuine)));
            assertEquals(List.of(genuine), wire.received, "nothing is heard from the forged frame on");
            assertFalse(wire.channel.isActive());
            wire.finish();
        }
        assertEquals(
                "n1: closed the connection of n2/2222 boot 3 of cluster fixtures from embedded: it sent a frame of"
                        + " n3/3333 boot 3 group 0",
                lines(warnings).get(0));
    }

    @Test
    void framesOfAnotherFoundingAreTheProtocolsBusiness() {
        Wire wire = new Wire();
        Frame other = new Frame(
                new FoundingId(66, 66), 0, member(2), 3, heartbeat(2, 3, 1).message());
        wire.feed(concat(hello(greeting(2, 3)), encoded(other)));
        assertEquals(List.of(other), wire.received);
        wire.finish();
    }

    @Test
    void aStrangerIsToldApartByItsFirstFourBytes() {
        Map<String, String> banners = new LinkedHashMap<>();
        banners.put("SSH-2.0-OpenSSH_9.2p1\r\n", "it looks like SSH: 'SSH-'");
        banners.put("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "it looks like HTTP: 'GET '");
        banners.put("POST /v1 HTTP/1.1\r\n", "it looks like HTTP: 'POST'");
        banners.put("HTTP/1.1 400 Bad Request\r\n", "it looks like HTTP: 'HTTP'");
        banners.put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "it looks like HTTP/2: 'PRI '");
        banners.put("\u0016\u0003\u0001\u0002\u0000\u0001", "it looks like TLS: bytes 16 03 01 02");
        banners.put("*1\r\n$4\r\nPING\r\n", "it looks like a Redis client: '*1\\r\\n'");
        banners.put("PING\r\n", "it looks like a Redis client: 'PING'");
        banners.put("PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n", "it looks like the PROXY protocol: 'PROX'");
        banners.put("\u0000\u0000\u0000\u0000\u0000", "it is no member of any cluster: bytes 00 00 00 00");
        banners.put("hello?", "it is no member of any cluster: 'hell'");
        List<String> expected = new ArrayList<>();
        banners.forEach((banner, looksLike) -> {
            Wire wire = new Wire();
            wire.feedByteByByte(banner.getBytes(StandardCharsets.ISO_8859_1));
            assertStrangerClosed(wire);
            expected.add("n1: closed a connection from embedded: " + looksLike);
        });
        assertEquals(expected, lines(warnings));
    }

    @Test
    void aFrameBeforeTheHelloIsAStranger() {
        Wire wire = new Wire();
        wire.feed(encoded(heartbeat(2, 3, 1)));
        assertStrangerClosed(wire);
        Wire answers = new Wire();
        answers.feed(ControlCodec.encode(new ControlFrame.Receipt()));
        assertStrangerClosed(answers);
    }

    private static void assertStrangerClosed(Wire wire) {
        assertFalse(wire.channel.isActive());
        assertEquals(List.of(), wire.answers(), "a stranger gets no answer");
        assertEquals(List.of(), wire.received);
        assertEquals(1, wire.local.tally().counters().strangersClosed());
        assertEquals(0, wire.local.unidentified().size());
        wire.finish();
    }

    @Test
    void aHelloLengthOutOfRangeClosesWithoutAllocation() {
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 15, 4_097, 1 << 30, Integer.MAX_VALUE}) {
            Wire wire = new Wire();
            byte[] bytes = hello(greeting(2, 3));
            ByteBuffer.wrap(bytes).putInt(8, length);
            wire.feedByteByByte(bytes);
            assertStrangerClosed(wire);
            assertTrue(wire.allocator.largestBytes() <= 256, () -> wire.allocator.largestBytes() + " bytes");
        }
    }

    @Test
    void aFrameLengthOutOfRangeClosesWithoutAllocationThoughItsChecksumFits() {
        int[] lengths = {Integer.MIN_VALUE, -1, 0, 63, FRAME_BYTES_MAX + 1, 1_397_966_893, Integer.MAX_VALUE};
        for (int length : lengths) {
            Wire wire = new Wire();
            wire.feed(hello(greeting(2, 3)));
            wire.answers();
            byte[] bytes = encoded(heartbeat(2, 3, 1));
            ByteBuffer header = ByteBuffer.wrap(bytes).putInt(8, length);
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, 60);
            header.putInt(60, (int) crc.getValue());
            wire.feedByteByByte(bytes);
            assertFalse(wire.channel.isActive());
            assertEquals(List.of(), wire.received);
            assertTrue(wire.allocator.largestBytes() <= 1_024, () -> wire.allocator.largestBytes() + " bytes");
            wire.finish();
        }
    }

    @Test
    void anAnnouncedFrameTakesMemoryOnlyAsItsBytesCome() {
        Wire wire = new Wire();
        wire.feed(hello(greeting(2, 3)));
        byte[] large = encoded(accept(2, 3, 60_000));
        for (int i = 0; i < 1_000; i++) {
            wire.feed(new byte[] {large[i]});
        }
        assertTrue(wire.allocator.largestBytes() <= 2_048, () -> wire.allocator.largestBytes() + " bytes");
        assertTrue(wire.channel.isActive());
        wire.finish();
    }

    @Test
    void aFrameOfExactlyTheLimitIsTaken() {
        int overhead = encoded(accept(2, 3, 0)).length;
        Frame largest = accept(2, 3, FRAME_BYTES_MAX - overhead);
        Wire wire = new Wire();
        wire.feed(concat(hello(greeting(2, 3)), encoded(largest)));
        assertEquals(List.of(largest), wire.received);
        wire.feed(encoded(accept(2, 3, FRAME_BYTES_MAX - overhead + 1)));
        assertFalse(wire.channel.isActive());
        wire.finish();
    }

    @Test
    void whoDripsItsHelloIsClosedInTime() {
        Wire wire = new Wire();
        byte[] hello = hello(greeting(2, 3));
        for (int i = 0; i < 5; i++) {
            wire.feed(new byte[] {hello[i]});
            wire.pass(500);
        }
        assertTrue(wire.channel.isActive());
        wire.pass(500);
        assertStrangerClosed(wire);
        assertEquals(List.of("n1: closed a connection from embedded: no hello in 3000 ms"), lines(warnings));
    }

    @Test
    void ofTooManySilentConnectionsTheOldestGoes() {
        Wire wire = new Wire();
        EmbeddedChannel second = wire.connect();
        EmbeddedChannel third = wire.connect();
        wire.channel.runPendingTasks();
        assertFalse(wire.channel.isActive());
        assertTrue(second.isActive());
        assertTrue(third.isActive());
        assertEquals(2, wire.local.unidentified().size());
        assertEquals(
                List.of("n1: closed a connection from embedded: more than 2 connections have not said hello, and it was"
                        + " silent longest"),
                lines(warnings));
        second.finishAndReleaseAll();
        third.finishAndReleaseAll();
        assertEquals(0, wire.local.unidentified().size());
        wire.finish();
    }

    @Test
    void whateverTheReceiverThrowsClosesItsConnectionAlone() {
        List<Throwable> kinds = List.of(
                new IllegalStateException("planted"),
                new StackOverflowError("planted"),
                new OutOfMemoryError("planted"),
                new NoClassDefFoundError("planted"),
                new AssertionError("planted"));
        for (Throwable kind : kinds) {
            Wire wire = new Wire(frame -> sneakyThrow(kind));
            wire.feed(hello(greeting(2, 3)));
            wire.feed(concat(encoded(heartbeat(2, 3, 1)), encoded(heartbeat(2, 3, 2))));
            assertFalse(wire.channel.isActive(), kind::toString);

            EmbeddedChannel other = wire.connect();
            assertTrue(other.isActive(), "the node still listens");
            other.finishAndReleaseAll();
            wire.finish();
        }
        assertEquals(kinds.size(), errors.list.size(), "one line each, with the stack trace");
        assertTrue(errors.list.stream().allMatch(event -> event.getThrowableProxy() != null));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void sneakyThrow(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void theBetterOfTwoConnectionsOfAMemberStays() {
        Wire wire = new Wire();
        wire.feed(hello(greeting(2, 3)));
        EmbeddedChannel restarted = wire.connect();
        restarted.writeInbound(io.netty.buffer.Unpooled.wrappedBuffer(hello(greeting(2, 4))));
        wire.channel.runPendingTasks();
        assertFalse(wire.channel.isActive());
        assertTrue(restarted.isActive());
        restarted.finishAndReleaseAll();
        wire.finish();
    }
}
