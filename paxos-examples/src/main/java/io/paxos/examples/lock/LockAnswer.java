// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What the table of locks answers.
 *
 * @param kind what became of it
 * @param owner who has the lock now; empty if nobody
 * @param token of the grant that holds; {@link FencingToken#NONE} if nobody has it
 * @param leftMillis how much of the lease is left, in agreed time as of the last command; 0 if nobody has it
 */
record LockAnswer(Kind kind, String owner, FencingToken token, long leftMillis) {

    /** What can become of a command. The codes are part of the format: never reuse one. */
    enum Kind {
        /** The lock is the caller's. */
        GRANTED(1),
        /** Somebody else has it. */
        HELD(2),
        /** Nobody has it; or, to who renews or releases: not under that token. */
        NOT_HELD(3),
        /** There are as many locks as there may be. */
        FULL(4),
        /** That was no command. */
        NO_COMMAND(5);

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
            throw new IllegalArgumentException("an answer of kind " + code + " is not one of a lock service");
        }
    }

    static LockAnswer nobody(Kind kind) {
        return new LockAnswer(kind, "", FencingToken.NONE, 0);
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(kind.code);
            out.writeUTF(owner);
            out.writeLong(token.slot());
            out.writeInt(token.index());
            out.writeLong(leftMillis);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is anything else: the server is no lock service
     */
    static LockAnswer decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Kind kind = Kind.ofCode(in.readByte());
            return new LockAnswer(kind, in.readUTF(), new FencingToken(in.readLong(), in.readInt()), in.readLong());
        } catch (IOException tooShort) {
            throw new IllegalArgumentException(
                    "an answer of " + bytes.length + " bytes is not one of a lock service", tooShort);
        }
    }
}
