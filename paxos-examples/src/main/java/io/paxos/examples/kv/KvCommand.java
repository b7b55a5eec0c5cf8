// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One operation on the store, as it stands in the log:
 *
 * <pre>
 *   version 1 · operation code 1 · number of arguments 2 · { length 4 · bytes } for each     (bytes; big endian)
 * </pre>
 *
 * @param operation what to do
 * @param arguments as many as the operation takes; the arrays belong to the command
 */
record KvCommand(Operation operation, List<byte[]> arguments) {

    /** Bytes a key may have. */
    static final int KEY_BYTES_MAX = 64 << 10;

    /** Most keys of one command. */
    static final int ARGUMENTS_MAX = 1_024;

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 4;

    /** The operations. Codes are part of the format: never reuse one. */
    enum Operation {
        GET(1, 1, 1, 1),
        SET(2, 2, 2, 1),
        /** Sets a key that does not exist. */
        SET_NX(3, 2, 2, 1),
        /** Sets a key that exists. */
        SET_XX(4, 2, 2, 1),
        DEL(5, 1, ARGUMENTS_MAX, ARGUMENTS_MAX),
        EXISTS(6, 1, ARGUMENTS_MAX, ARGUMENTS_MAX),
        /** Key, and what to add as eight bytes. */
        ADD(7, 2, 2, 1),
        MGET(8, 1, ARGUMENTS_MAX, ARGUMENTS_MAX),
        DBSIZE(9, 0, 0, 0),
        /** Key, expected value, new value. */
        CAS(10, 3, 3, 1);

        private final byte code;
        private final int argumentsMin;
        private final int argumentsMax;
        private final int keysMax;

        Operation(int code, int argumentsMin, int argumentsMax, int keysMax) {
            this.code = (byte) code;
            this.argumentsMin = argumentsMin;
            this.argumentsMax = argumentsMax;
            this.keysMax = keysMax;
        }

        private static Operation ofCode(byte code) throws CorruptCommandException {
            for (Operation operation : values()) {
                if (operation.code == code) {
                    return operation;
                }
            }
            throw new CorruptCommandException("operation " + code + " is unknown to this version");
        }

        /** Whether it changes nothing. */
        boolean isRead() {
            return this == GET || this == EXISTS || this == MGET || this == DBSIZE;
        }

        /** How many of the leading arguments are keys. */
        int keys(int arguments) {
            return Math.min(keysMax, arguments);
        }
    }

    KvCommand {
        arguments = List.copyOf(arguments);
        if (arguments.size() < operation.argumentsMin || arguments.size() > operation.argumentsMax) {
            throw new IllegalArgumentException(operation + " takes " + operation.argumentsMin + ".."
                    + operation.argumentsMax + " arguments, not " + arguments.size());
        }
    }

    static KvCommand of(Operation operation, byte[]... arguments) {
        return new KvCommand(operation, List.of(arguments));
    }

    /** Adds a number to a key's. */
    static KvCommand add(byte[] key, long delta) {
        return of(
                Operation.ADD,
                key,
                ByteBuffer.allocate(Long.BYTES).putLong(delta).array());
    }

    byte[] argument(int index) {
        return arguments.get(index);
    }

    /** What {@link #add} adds. */
    long delta() {
        return ByteBuffer.wrap(argument(1)).getLong();
    }

    /** Whether an encoded command may make the store larger; for anything that is no command, false. */
    static boolean mayGrow(byte[] encoded) {
        if (encoded.length < HEADER_BYTES) {
            return false;
        }
        byte code = encoded[1];
        return code == Operation.SET.code
                || code == Operation.SET_NX.code
                || code == Operation.SET_XX.code
                || code == Operation.ADD.code
                || code == Operation.CAS.code;
    }

    byte[] encode() {
        int length = HEADER_BYTES;
        for (byte[] argument : arguments) {
            length = Math.addExact(length, Integer.BYTES + argument.length);
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.put(VERSION).put(operation.code).putShort((short) arguments.size());
        for (byte[] argument : arguments) {
            out.putInt(argument.length).put(argument);
        }
        return out.array();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws CorruptCommandException if the bytes are anything else; the only thing this throws
     */
    static KvCommand decode(byte[] bytes) throws CorruptCommandException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER_BYTES) {
            throw new CorruptCommandException("command of " + bytes.length + " bytes has no header");
        }
        byte version = in.get();
        if (version != VERSION) {
            throw new CorruptCommandException("command version " + version + " is unknown, this is " + VERSION);
        }
        Operation operation = Operation.ofCode(in.get());
        int count = Short.toUnsignedInt(in.getShort());
        if (count < operation.argumentsMin || count > operation.argumentsMax) {
            throw new CorruptCommandException(operation + " with " + count + " arguments");
        }
        List<byte[]> arguments = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            arguments.add(decodeArgument(in, operation, i, count));
        }
        if (in.hasRemaining()) {
            throw new CorruptCommandException(in.remaining() + " bytes after the last argument");
        }
        return new KvCommand(operation, arguments);
    }

    private static byte[] decodeArgument(ByteBuffer in, Operation operation, int index, int count)
            throws CorruptCommandException {
        if (in.remaining() < Integer.BYTES) {
            throw new CorruptCommandException("argument " + index + " is missing");
        }
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new CorruptCommandException(
                    "argument " + index + " of " + length + " bytes, of which " + in.remaining() + " are there");
        }
        if (index < operation.keys(count) && length > KEY_BYTES_MAX) {
            throw new CorruptCommandException("key of " + length + " bytes, the limit is " + KEY_BYTES_MAX);
        }
        if (operation == Operation.ADD && index == 1 && length != Long.BYTES) {
            throw new CorruptCommandException("addend of " + length + " bytes, not " + Long.BYTES);
        }
        byte[] argument = new byte[length];
        in.get(argument);
        return argument;
    }
}
