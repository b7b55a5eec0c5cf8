// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterId;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import io.paxos.transport.Introduction;
import io.paxos.transport.Transport;
import io.paxos.transport.netty.guard.Complaints;
import io.paxos.transport.netty.guard.UnidentifiedConnections;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;

/** Members, frames and greetings that the tests of this package share. Node n1 is the one under test. */
final class Fixtures {
    static final NodeId N1 = new NodeId(1);
    static final NodeId N2 = new NodeId(2);
    static final NodeId N3 = new NodeId(3);
    static final ClusterId CLUSTER = new ClusterId("fixtures");
    static final int FRAME_BYTES_MAX = 64 << 10;

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private Fixtures() {}

    static MemberId member(int number) {
        return new MemberId(new NodeId(number), new Incarnation(0x1111_0000_0000_0000L * number + number));
    }

    static Introduction introduction(int number, long boot) {
        return new Introduction(CLUSTER, member(number), boot);
    }

    /** What a member says when it dials n1. */
    static Greeting greeting(int number, long boot) {
        return Greeting.of(introduction(number, boot), 1_000L * number + boot, N1, FRAME_BYTES_MAX);
    }

    /** Node n1 with the peers n2 and n3. */
    static LocalNode local(Transport.Receiver receiver, Complaints complaints) {
        Limits limits = new Limits(FRAME_BYTES_MAX, 1 << 20, 256 << 10, 2, 1, 1_000, 3_000, 1_000, 10, 100);
        Greeting self = Greeting.of(introduction(1, 5), 1, NodeId.NONE, FRAME_BYTES_MAX);
        return new LocalNode(
                self,
                receiver,
                limits,
                new PeerRegister(self, new TreeSet<>(Set.of(N2, N3))),
                new UnidentifiedConnections(limits.unidentifiedConnectionsMax()),
                new Tally(),
                complaints,
                UnpooledByteBufAllocator.DEFAULT,
                Sockets.NIO);
    }

    static Frame heartbeat(int from, long boot, long sequence) {
        Message message = new Message.Heartbeat(new Ballot(3, member(from)), sequence, true, 17);
        return new Frame(new FoundingId(7, 8), 0, member(from), boot, message);
    }

    static Frame accept(int from, long boot, int valueBytes) {
        Proposal proposal = new Proposal(9, new Ballot(3, member(from)), Value.of(new byte[valueBytes]));
        return new Frame(new FoundingId(7, 8), 0, member(from), boot, new Message.Accept(proposal));
    }

    static Frame notice(int from, long boot) {
        Message message = new Message.ChosenNotice(new Ballot(3, member(from)), new SlotRange(9, 9), 9);
        return new Frame(new FoundingId(7, 8), 0, member(from), boot, message);
    }

    static Frame piece(int from, long boot, int bytes) {
        Message message = new Message.SnapshotPiece(1, new SnapshotId(9, 1L << 30, 5), 0, Value.of(new byte[bytes]));
        return new Frame(new FoundingId(7, 8), 0, member(from), boot, message);
    }

    static byte[] hello(Greeting greeting) {
        return ControlCodec.encode(new ControlFrame.Hello(greeting));
    }

    static byte[] encoded(Frame frame) {
        ByteBuffer out = ByteBuffer.allocate(FrameCodec.encodedLength(frame));
        FrameCodec.encode(frame, out);
        return out.array();
    }

    static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /** What a logger says from now on; to be given back to {@link #stopListening}. */
    static ListAppender<ILoggingEvent> listenTo(Class<?> logger) {
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        Logger logback = (Logger) LoggerFactory.getLogger(logger);
        logback.addAppender(appender);
        logback.setAdditive(false);
        return appender;
    }

    static void stopListening(Class<?> logger, ListAppender<ILoggingEvent> appender) {
        Logger logback = (Logger) LoggerFactory.getLogger(logger);
        logback.detachAppender(appender);
        logback.setAdditive(true);
    }

    static List<String> lines(ListAppender<ILoggingEvent> appender) {
        return List.copyOf(appender.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + DEADLINE + ": " + what);
            }
            try {
                boolean unused = never.await(2, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", interrupted);
            }
        }
    }
}
