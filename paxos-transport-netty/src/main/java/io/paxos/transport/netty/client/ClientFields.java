// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ReadLevel;
import io.paxos.message.MalformedFrameException;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.NodeId;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import io.paxos.transport.netty.client.ClientMessage.Coded;
import io.paxos.transport.netty.client.ClientMessage.LeaderHint;
import io.paxos.transport.netty.client.ClientMessage.ReadAnswer;
import io.paxos.transport.netty.client.ClientMessage.ReadRequest;
import io.paxos.transport.netty.client.ClientMessage.ReadStatus;
import io.paxos.transport.netty.client.ClientMessage.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of each {@link ClientMessage}, in their order; {@code docs/client-protocol.md} is the table of them. */
final class ClientFields {
    /** Bytes of a result beside those of the state machine. */
    static final int RESULT_BYTES = 8 + 1 + 12 + 4;

    /** Bytes of an answer to a read beside those of the state machine. */
    static final int ANSWER_BYTES = 8 + 1 + 8 + 8 + 4;

    /** Bytes of a read beside its query. */
    static final int READ_BYTES = 8 + 1 + 8 + 4 + 4;

    /** Bytes of a submission, of results and of answers before the first one, at most. */
    static final int LIST_BYTES = 16 + 4;

    /** Longest text, in characters. */
    static final int TEXT_LENGTH_MAX = 512;

    private static final int SESSION_BYTES = 16;
    private static final byte[] NO_BYTES = {};

    // values() makes a new array each time.
    private static final Reason[] REASONS = Reason.values();
    private static final ReadStatus[] READ_STATUSES = ReadStatus.values();

    private ClientFields() {}

    // ---- how long ------------------------------------------------------------------------------------------------

    static long length(ClientMessage message) {
        if (message instanceof ClientMessage.Submit submit) {
            long length = 4;
            for (Command command : submit.commands()) {
                length += command.encodedLength();
            }
            return length;
        }
        if (message instanceof ClientMessage.Results results) {
            long length = SESSION_BYTES + 4;
            for (SessionResult result : results.results()) {
                length += RESULT_BYTES + result.result().length;
            }
            return length;
        }
        if (message instanceof ClientMessage.Reads reads) {
            long length = 4;
            for (ReadRequest read : reads.reads()) {
                length += READ_BYTES + read.query().length;
            }
            return length;
        }
        if (message instanceof ClientMessage.Answers answers) {
            long length = 4;
            for (ReadAnswer answer : answers.answers()) {
                length += ANSWER_BYTES + answer.bytes().length;
            }
            return length;
        }
        return shortLength(message);
    }

    private static long shortLength(ClientMessage message) {
        if (message instanceof ClientMessage.Hello hello) {
            return 2 + 2 + 4 + textLength(hello.cluster()) + textLength(hello.name());
        }
        if (message instanceof ClientMessage.Welcome welcome) {
            return 2 + textLength(welcome.cluster()) + 4 + 4 + 4 + 4 + 4 + 4 + 8 + hintLength(welcome.leader());
        }
        if (message instanceof ClientMessage.Refusal refusal) {
            return 1 + textLength(refusal.text());
        }
        if (message instanceof ClientMessage.Ended ended) {
            return SESSION_BYTES + textLength(ended.text());
        }
        if (message instanceof ClientMessage.Leader leader) {
            return hintLength(leader.leader());
        }
        if (message instanceof ClientMessage.Attach || message instanceof ClientMessage.Gap) {
            return SESSION_BYTES + 8;
        }
        if (message instanceof ClientMessage.Attached) {
            return SESSION_BYTES + 8 + 8;
        }
        if (message instanceof ClientMessage.Refused) {
            return SESSION_BYTES + 8 + 1;
        }
        if (message instanceof ClientMessage.Detach || message instanceof ClientMessage.Pong) {
            return SESSION_BYTES; // and a pong is two numbers, too
        }
        return 8; // a ping
    }

    private static long textLength(String text) {
        return 2L + Math.min(text.length(), TEXT_LENGTH_MAX);
    }

    private static long hintLength(LeaderHint hint) {
        return 4 + textLength(hint.host()) + 2;
    }

    // ---- writing -------------------------------------------------------------------------------------------------

    static void write(ClientMessage message, ByteBuffer out) {
        if (message instanceof ClientMessage.Submit submit) {
            out.putInt(submit.commands().size());
            for (Command command : submit.commands()) {
                Batch.encode(command, out);
            }
        } else if (message instanceof ClientMessage.Results results) {
            write(results.session(), out);
            out.putInt(results.results().size());
            for (SessionResult result : results.results()) {
                out.putLong(result.sequence()).put(result.status().code());
                write(result.position(), out);
                out.putInt(result.result().length).put(result.result());
            }
        } else if (message instanceof ClientMessage.Reads reads) {
            out.putInt(reads.reads().size());
            for (ReadRequest read : reads.reads()) {
                out.putLong(read.id())
                        .put(codeOf(read.level().kind()))
                        .putLong(read.level().slot());
                out.putInt(read.timeoutMillis());
                out.putInt(read.query().length).put(read.query());
            }
        } else if (message instanceof ClientMessage.Answers answers) {
            out.putInt(answers.answers().size());
            for (ReadAnswer answer : answers.answers()) {
                out.putLong(answer.id()).put((byte) answer.status().code());
                out.putLong(answer.slot()).putLong(answer.ageMillis());
                out.putInt(answer.bytes().length).put(answer.bytes());
            }
        } else {
            writeShort(message, out);
        }
    }

    private static void writeShort(ClientMessage message, ByteBuffer out) {
        if (message instanceof ClientMessage.Hello hello) {
            out.putShort((short) hello.versionMin()).putShort((short) hello.versionMax());
            out.putInt(hello.frameBytesMax());
            write(hello.cluster(), out);
            write(hello.name(), out);
        } else if (message instanceof ClientMessage.Welcome welcome) {
            out.putShort((short) welcome.version());
            write(welcome.cluster(), out);
            out.putInt(welcome.node().number());
            out.putInt(welcome.frameBytesMax()).putInt(welcome.commandsMax()).putInt(welcome.bytesMax());
            out.putInt(welcome.readsMax()).putInt(welcome.commandBytesMax());
            out.putLong(welcome.agreedTimeMillis());
            write(welcome.leader(), out);
        } else if (message instanceof ClientMessage.Refusal refusal) {
            out.put((byte) refusal.reason().code());
            write(refusal.text(), out);
        } else if (message instanceof ClientMessage.Leader leader) {
            write(leader.leader(), out);
        } else if (message instanceof ClientMessage.Ping ping) {
            out.putLong(ping.nonce());
        } else if (message instanceof ClientMessage.Pong pong) {
            out.putLong(pong.nonce()).putLong(pong.agreedTimeMillis());
        } else {
            writeOfSession(message, out);
        }
    }

    private static void writeOfSession(ClientMessage message, ByteBuffer out) {
        if (message instanceof ClientMessage.Attach attach) {
            write(attach.session(), out);
            out.putLong(attach.boot());
        } else if (message instanceof ClientMessage.Attached attached) {
            write(attached.session(), out);
            out.putLong(attached.due()).putLong(attached.agreedTimeMillis());
        } else if (message instanceof ClientMessage.Detach detach) {
            write(detach.session(), out);
        } else if (message instanceof ClientMessage.Gap gap) {
            write(gap.session(), out);
            out.putLong(gap.due());
        } else if (message instanceof ClientMessage.Refused refused) {
            write(refused.session(), out);
            out.putLong(refused.first()).put(codeOf(refused.why()));
        } else if (message instanceof ClientMessage.Ended ended) {
            write(ended.session(), out);
            write(ended.text(), out);
        } else {
            throw new IllegalStateException("no bytes stand for " + message);
        }
    }

    private static void write(SessionId session, ByteBuffer out) {
        out.putLong(session.owner()).putLong(session.tag());
    }

    private static void write(@Nullable Position position, ByteBuffer out) {
        out.putLong(position == null ? 0 : position.slot()).putInt(position == null ? 0 : position.index());
    }

    private static void write(LeaderHint hint, ByteBuffer out) {
        out.putInt(hint.node().number());
        write(hint.host(), out);
        out.putShort((short) hint.port());
    }

    /** A log is no place for control characters, of either side. */
    private static void write(String text, ByteBuffer out) {
        int length = Math.min(text.length(), TEXT_LENGTH_MAX);
        out.putShort((short) length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            out.put((byte) (c >= ' ' && c <= '~' ? c : '?'));
        }
    }

    // ---- reading -------------------------------------------------------------------------------------------------

    static ClientMessage read(ClientMessageKind kind, ByteBuffer in) {
        return switch (kind) {
            case HELLO ->
                new ClientMessage.Hello(
                        Short.toUnsignedInt(in.getShort()),
                        Short.toUnsignedInt(in.getShort()),
                        positive("frameBytesMax", in.getInt()),
                        readText(in),
                        readText(in));
            case WELCOME -> readWelcome(in);
            case REFUSAL -> new ClientMessage.Refusal(ofCode(REASONS, in.get()), readText(in));
            case ATTACH -> new ClientMessage.Attach(readSession(in), positive("boot", in.getLong()));
            case ATTACHED ->
                new ClientMessage.Attached(
                        readSession(in), positive("due", in.getLong()), notNegative("agreed time", in.getLong()));
            case DETACH -> new ClientMessage.Detach(readSession(in));
            case SUBMIT -> new ClientMessage.Submit(readCommands(in));
            case RESULTS -> new ClientMessage.Results(readSession(in), readResults(in));
            case GAP -> new ClientMessage.Gap(readSession(in), positive("due", in.getLong()));
            case REFUSED ->
                new ClientMessage.Refused(readSession(in), positive("first", in.getLong()), refusalOf(in.get()));
            case ENDED -> new ClientMessage.Ended(readSession(in), readText(in));
            case READS -> new ClientMessage.Reads(readReads(in));
            case ANSWERS -> new ClientMessage.Answers(readAnswers(in));
            case LEADER -> new ClientMessage.Leader(readHint(in));
            case PING -> new ClientMessage.Ping(in.getLong());
            case PONG -> new ClientMessage.Pong(in.getLong(), notNegative("agreed time", in.getLong()));
        };
    }

    private static ClientMessage readWelcome(ByteBuffer in) {
        return new ClientMessage.Welcome(
                Short.toUnsignedInt(in.getShort()),
                readText(in),
                new NodeId(in.getInt()),
                positive("frameBytesMax", in.getInt()),
                positive("commandsMax", in.getInt()),
                positive("bytesMax", in.getInt()),
                positive("readsMax", in.getInt()),
                positive("commandBytesMax", in.getInt()),
                notNegative("agreed time", in.getLong()),
                readHint(in));
    }

    private static List<Command> readCommands(ByteBuffer in) {
        int count = readCount("commands", in, Command.OVERHEAD_BYTES);
        List<Command> commands = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            commands.add(Batch.decodeCommand(in));
        }
        return commands;
    }

    private static List<SessionResult> readResults(ByteBuffer in) {
        int count = readCount("results", in, RESULT_BYTES);
        List<SessionResult> results = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long sequence = positive("sequence", in.getLong());
            SessionResult.Status status = SessionResult.Status.ofCode(in.get());
            Position position = readPosition(in);
            if (status == SessionResult.Status.APPLIED && position == null) {
                throw new MalformedFrameException("result: " + sequence + " was applied nowhere");
            }
            results.add(new SessionResult(sequence, status, position, readBytes(in)));
        }
        return results;
    }

    private static List<ReadRequest> readReads(ByteBuffer in) {
        int count = readCount("reads", in, READ_BYTES);
        List<ReadRequest> reads = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long id = in.getLong();
            ReadLevel level = new ReadLevel(kindOf(in.get()), in.getLong());
            reads.add(new ReadRequest(id, level, positive("timeout", in.getInt()), readBytes(in)));
        }
        return reads;
    }

    private static List<ReadAnswer> readAnswers(ByteBuffer in) {
        int count = readCount("answers", in, ANSWER_BYTES);
        List<ReadAnswer> answers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long id = in.getLong();
            ReadStatus status = ofCode(READ_STATUSES, in.get());
            long slot = notNegative("slot", in.getLong());
            long ageMillis = in.getLong();
            if (ageMillis < -1) {
                throw new MalformedFrameException("answer age: " + ageMillis + " ms is below -1");
            }
            answers.add(new ReadAnswer(id, status, slot, ageMillis, readBytes(in)));
        }
        return answers;
    }

    /** A count of things of which each takes at least so many bytes, all of which are there. */
    private static int readCount(String what, ByteBuffer in, int bytesEach) {
        int count = in.getInt();
        if (count < 1 || (long) count * bytesEach > in.remaining()) {
            throw new MalformedFrameException(
                    "count of " + what + ": " + count + " with " + in.remaining() + " bytes remaining");
        }
        return count;
    }

    private static byte[] readBytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        if (length == 0) {
            return NO_BYTES;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static SessionId readSession(ByteBuffer in) {
        return new SessionId(in.getLong(), in.getLong());
    }

    private static @Nullable Position readPosition(ByteBuffer in) {
        long slot = in.getLong();
        int index = in.getInt();
        if (slot == 0 && index == 0) {
            return null;
        }
        return new Position(slot, index);
    }

    private static LeaderHint readHint(ByteBuffer in) {
        NodeId node = new NodeId(in.getInt());
        String host = readText(in);
        int port = Short.toUnsignedInt(in.getShort());
        if (host.isEmpty() != (port == 0)) {
            throw new MalformedFrameException("leader: host '" + host + "' does not fit port " + port);
        }
        return new LeaderHint(node, host, port);
    }

    private static String readText(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > TEXT_LENGTH_MAX || length > in.remaining()) {
            throw new MalformedFrameException("text: " + length + " characters is outside the allowed range 0.."
                    + Math.min(TEXT_LENGTH_MAX, in.remaining()));
        }
        byte[] text = new byte[length];
        in.get(text);
        for (byte c : text) {
            if (c < ' ' || c > '~') {
                throw new MalformedFrameException(String.format("text: %02x is no printable ASCII", c));
            }
        }
        return new String(text, StandardCharsets.US_ASCII);
    }

    // The codes of what core names without one; ours, and frozen.

    private static byte codeOf(ReadLevel.Kind kind) {
        return switch (kind) {
            case LINEARIZABLE -> 1;
            case LEASED -> 2;
            case AT_LEAST -> 3;
            case LOCAL -> 4;
        };
    }

    private static ReadLevel.Kind kindOf(byte code) {
        return switch (code) {
            case 1 -> ReadLevel.Kind.LINEARIZABLE;
            case 2 -> ReadLevel.Kind.LEASED;
            case 3 -> ReadLevel.Kind.AT_LEAST;
            case 4 -> ReadLevel.Kind.LOCAL;
            default ->
                throw new MalformedFrameException("read level: code " + code + " is outside the allowed range 1..4");
        };
    }

    private static byte codeOf(SessionReceiver.Refusal refusal) {
        return switch (refusal) {
            case NO_LEADER -> 1;
            case OVERLOADED -> 2;
        };
    }

    private static SessionReceiver.Refusal refusalOf(byte code) {
        return switch (code) {
            case 1 -> SessionReceiver.Refusal.NO_LEADER;
            case 2 -> SessionReceiver.Refusal.OVERLOADED;
            default ->
                throw new MalformedFrameException("refusal: code " + code + " is outside the allowed range 1..2");
        };
    }

    /** A later version that has more codes says so in the frame's version. */
    private static <C extends Coded> C ofCode(C[] all, byte code) {
        for (C each : all) {
            if (each.code() == code) {
                return each;
            }
        }
        throw new MalformedFrameException(
                all.getClass().getComponentType().getSimpleName() + ": code " + code + " is unknown to this version");
    }

    private static long positive(String field, long value) {
        if (value < 1) {
            throw new MalformedFrameException(field + ": " + value + " must be above zero");
        }
        return value;
    }

    private static int positive(String field, int value) {
        return (int) positive(field, (long) value);
    }

    private static long notNegative(String field, long value) {
        if (value < 0) {
            throw new MalformedFrameException(field + ": " + value + " must not be negative");
        }
        return value;
    }
}
