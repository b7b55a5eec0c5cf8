// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What is asked of the table of locks, as it stands in the log:
 *
 * <pre>
 *   version 1 · kind 1 · name 2 + n · owner 2 + n · lease in milliseconds 8 · token's slot 8 · token's index 4     (big endian)
 * </pre>
 *
 * @param name of the lock
 * @param owner who asks for it; of no meaning for the others
 * @param leaseMillis how long it is wanted; of no meaning for {@code RELEASE} and {@code LOOK}
 * @param token of the grant; of no meaning for {@code ACQUIRE} and {@code LOOK}
 */
record LockCommand(Kind kind, String name, String owner, long leaseMillis, FencingToken token) {

    /** Longest name of a lock or an owner, in characters. */
    static final int NAME_CHARS_MAX = 256;

    static final long LEASE_MILLIS_MIN = 100;
    static final long LEASE_MILLIS_MAX = 24L * 60 * 60 * 1_000;

    private static final byte VERSION = 1;

    /** What can be asked. The codes are part of the format: never reuse one. */
    enum Kind {
        /** Wants the lock. */
        ACQUIRE(1),
        /** Has it, and wants it for longer. */
        RENEW(2),
        /** Gives it back. */
        RELEASE(3),
        /** Asks who has it; a query, never in the log. */
        LOOK(4);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        private static Kind ofCode(byte code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("lock command of kind " + code);
        }
    }

    LockCommand {
        requireName("name", name);
        requireName("owner", owner);
        boolean leased = kind == Kind.ACQUIRE || kind == Kind.RENEW;
        if (leased && (leaseMillis < LEASE_MILLIS_MIN || leaseMillis > LEASE_MILLIS_MAX)) {
            throw new IllegalArgumentException("leaseMillis: " + leaseMillis + " is outside the allowed range "
                    + LEASE_MILLIS_MIN + ".." + LEASE_MILLIS_MAX);
        }
    }

    private static void requireName(String field, String value) {
        if (value.isEmpty() || value.length() > NAME_CHARS_MAX) {
            throw new IllegalArgumentException(
                    field + ": " + value.length() + " characters are outside the allowed range 1.." + NAME_CHARS_MAX);
        }
    }

    static LockCommand acquire(String name, String owner, long leaseMillis) {
        return new LockCommand(Kind.ACQUIRE, name, owner, leaseMillis, FencingToken.NONE);
    }

    static LockCommand renew(String name, FencingToken token, long leaseMillis) {
        return new LockCommand(Kind.RENEW, name, "-", leaseMillis, token);
    }

    static LockCommand release(String name, FencingToken token) {
        return new LockCommand(Kind.RELEASE, name, "-", 0, token);
    }

    static LockCommand look(String name) {
        return new LockCommand(Kind.LOOK, name, "-", 0, FencingToken.NONE);
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeByte(kind.code);
            out.writeUTF(name);
            out.writeUTF(owner);
            out.writeLong(leaseMillis);
            out.writeLong(token.slot());
            out.writeInt(token.index());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is anything else; the only thing this throws
     */
    static LockCommand decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte version = in.readByte();
            if (version != VERSION) {
                throw new IllegalArgumentException("lock command of version " + version + ", this is " + VERSION);
            }
            LockCommand command = new LockCommand(
                    Kind.ofCode(in.readByte()),
                    in.readUTF(),
                    in.readUTF(),
                    in.readLong(),
                    new FencingToken(in.readLong(), in.readInt()));
            if (in.available() > 0) {
                throw new IllegalArgumentException("lock command: " + in.available() + " bytes too many");
            }
            return command;
        } catch (IOException tooShort) {
            throw new IllegalArgumentException("lock command: " + bytes.length + " bytes are no command", tooShort);
        }
    }
}
