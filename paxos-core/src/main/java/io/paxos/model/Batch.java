// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What one slot's {@link Value} says: the leader's stamp and some commands, in the order in which they apply. The
 * layout is frozen (big-endian):
 *
 * <pre>
 * batch    formatLevel u16 | group u32 | agreedTimeMillis u64 | featureLevel u16 | count u32 | command × count
 * command  kind u8 | session.owner u64 | session.tag u64 | boot u64 | sequence u64 | acknowledgedBelow u64
 *          | length u32 | bytes
 * </pre>
 *
 * @param group the log this batch belongs to; 0 until one node carries several
 * @param agreedTimeMillis the leader's stamp; never goes back from slot to slot
 * @param featureLevel what the commands may rely on; 0 for now
 * @param commands at least one, at most {@link #COMMANDS_MAX}
 */
public record Batch(int group, long agreedTimeMillis, int featureLevel, List<Command> commands) {

    /** Version of the layout above. */
    public static final int FORMAT_LEVEL = 1;

    /** Bytes before the first command. */
    public static final int HEADER_BYTES = 2 + 4 + 8 + 2 + 4;

    /** Most commands in one batch. */
    public static final int COMMANDS_MAX = 65_536;

    private static final int TIME_OFFSET = 2 + 4;

    public Batch {
        commands = List.copyOf(commands);
        if (commands.isEmpty() || commands.size() > COMMANDS_MAX) {
            throw new IllegalArgumentException(
                    "batch: " + commands.size() + " commands is outside the allowed range 1.." + COMMANDS_MAX);
        }
        if (agreedTimeMillis < 0 || group < 0 || featureLevel < 0 || featureLevel > 0xFFFF) {
            throw new IllegalArgumentException("batch: time " + agreedTimeMillis + ", group " + group
                    + " or feature level " + featureLevel + " is out of range");
        }
    }

    /** A batch of one no-op. */
    public static Batch noOp(long agreedTimeMillis) {
        return new Batch(0, agreedTimeMillis, 0, List.of(Command.noOp()));
    }

    /** Encodes the batch; done once in the life of a value. */
    public Value encode() {
        int length = HEADER_BYTES;
        for (Command command : commands) {
            length = Math.addExact(length, command.encodedLength());
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.putShort((short) FORMAT_LEVEL).putInt(group).putLong(agreedTimeMillis);
        out.putShort((short) featureLevel).putInt(commands.size());
        for (Command command : commands) {
            encode(command, out);
        }
        return Value.of(out.array());
    }

    /** Writes one command as it stands in a batch and in a forward. */
    public static void encode(Command command, ByteBuffer out) {
        out.put(command.kind().code());
        out.putLong(command.session().owner()).putLong(command.session().tag());
        out.putLong(command.boot()).putLong(command.sequence()).putLong(command.acknowledgedBelow());
        out.putInt(command.payload().length).put(command.payload());
    }

    /**
     * Reads one command.
     *
     * @throws CorruptValueException if the bytes are no command; nothing is allocated by an unverified length
     */
    public static Command decodeCommand(ByteBuffer in) {
        try {
            Command.Kind kind = Command.Kind.ofCode(in.get());
            SessionId session = new SessionId(in.getLong(), in.getLong());
            long boot = in.getLong();
            long sequence = in.getLong();
            long acknowledgedBelow = in.getLong();
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new CorruptValueException(
                        "command length: " + length + " with " + in.remaining() + " bytes remaining");
            }
            byte[] payload = new byte[length];
            in.get(payload);
            return new Command(kind, session, boot, sequence, acknowledgedBelow, payload);
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw new CorruptValueException("command: " + malformed);
        }
    }

    /**
     * Decodes a value.
     *
     * @throws CorruptValueException if no version up to this one can have written it
     */
    public static Batch decode(Value value) {
        ByteBuffer in = ByteBuffer.wrap(value.bytes());
        try {
            int formatLevel = Short.toUnsignedInt(in.getShort());
            if (formatLevel != FORMAT_LEVEL) {
                throw new CorruptValueException("batch format level: " + formatLevel
                        + " is unknown to this version, which knows " + FORMAT_LEVEL);
            }
            int group = in.getInt();
            long agreedTimeMillis = in.getLong();
            int featureLevel = Short.toUnsignedInt(in.getShort());
            int count = in.getInt();
            if (count < 1 || count > COMMANDS_MAX || (long) count * Command.OVERHEAD_BYTES > in.remaining()) {
                throw new CorruptValueException(
                        "batch count: " + count + " commands with " + in.remaining() + " bytes remaining");
            }
            List<Command> commands = decodeCommands(count, in);
            if (in.hasRemaining()) {
                throw new CorruptValueException("batch: " + in.remaining() + " bytes left over");
            }
            return new Batch(group, agreedTimeMillis, featureLevel, commands);
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw new CorruptValueException("batch: " + malformed);
        }
    }

    private static List<Command> decodeCommands(int count, ByteBuffer in) {
        if (count == 1) {
            return List.of(decodeCommand(in)); // as most batches are where little is going on
        }
        Command[] commands = new Command[count];
        for (int i = 0; i < count; i++) {
            commands[i] = decodeCommand(in);
        }
        return List.of(commands);
    }

    /**
     * The stamp of an encoded batch, read in place.
     *
     * @throws CorruptValueException if the value is too short to be a batch
     */
    public static long agreedTimeMillisOf(Value value) {
        if (value.length() < HEADER_BYTES) {
            throw new CorruptValueException("batch: " + value.length() + " bytes is shorter than its header");
        }
        return value.buffer().getLong(TIME_OFFSET);
    }
}
