// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.Arrays;

/**
 * One command of a batch, with the identity that makes it take effect once.
 *
 * <p>Ownership: the payload array belongs to the command from construction on and is never written again.
 */
public final class Command {

    /** Bytes that a command costs in a batch beside its payload. */
    public static final int OVERHEAD_BYTES = 1 + 16 + 8 + 8 + 8 + 4;

    /** What a command is for. The codes are part of the format; an unknown one stops the node. */
    public enum Kind {
        /** Bytes for the state machine. */
        COMMAND(1),
        /** Fills a hole, and shows that a new leader can choose. */
        NO_OP(2),
        /** Changes the membership. */
        MEMBERSHIP(3),
        /** Opens a session; closes earlier boots' sessions of the same owner. */
        SESSION_OPEN(4),
        /** Closes a session. */
        SESSION_CLOSE(5),
        /** Moves agreed time on in an idle cluster. */
        TICK(6),
        /** Raises the feature level. */
        FEATURE_LEVEL(7);

        private static final Kind[] ALL = values();

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        public byte code() {
            return code;
        }

        /**
         * The kind of that code.
         *
         * @throws CorruptValueException if this version knows no such kind
         */
        public static Kind ofCode(byte code) {
            for (Kind kind : ALL) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new CorruptValueException("command kind: " + code + " is unknown to this version");
        }
    }

    private final Kind kind;
    private final SessionId session;
    private final long boot;
    private final long sequence;
    private final long acknowledgedBelow;
    private final byte[] payload;

    /**
     * @param boot boot of the session's owner; 0 where there is no session
     * @param sequence from 1 within the session; 0 where there is no session
     * @param acknowledgedBelow the owner has the results of all sequences below this one
     * @param payload owned by the command from now on
     */
    public Command(Kind kind, SessionId session, long boot, long sequence, long acknowledgedBelow, byte[] payload) {
        if (boot < 0 || sequence < 0 || acknowledgedBelow < 0) {
            throw new IllegalArgumentException("command: boot " + boot + ", sequence " + sequence
                    + " and acknowledged-below " + acknowledgedBelow + " must not be negative");
        }
        if (session.isNone() != (sequence == 0)) {
            throw new IllegalArgumentException("command: sequence " + sequence + " does not fit session " + session);
        }
        this.kind = kind;
        this.session = session;
        this.boot = boot;
        this.sequence = sequence;
        this.acknowledgedBelow = acknowledgedBelow;
        this.payload = payload;
    }

    /** A command that belongs to no session and does nothing. */
    public static Command noOp() {
        return new Command(Kind.NO_OP, SessionId.NONE, 0, 0, 0, new byte[0]);
    }

    /** A command that belongs to no session and does nothing but carry its batch's stamp. */
    public static Command tick() {
        return new Command(Kind.TICK, SessionId.NONE, 0, 0, 0, new byte[0]);
    }

    public Kind kind() {
        return kind;
    }

    public SessionId session() {
        return session;
    }

    public long boot() {
        return boot;
    }

    public long sequence() {
        return sequence;
    }

    public long acknowledgedBelow() {
        return acknowledgedBelow;
    }

    /** The payload itself, not a copy: read only. */
    public byte[] payload() {
        return payload;
    }

    /** Bytes it takes in a batch. */
    public int encodedLength() {
        return OVERHEAD_BYTES + payload.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Command that
                && kind == that.kind
                && session.equals(that.session)
                && boot == that.boot
                && sequence == that.sequence
                && acknowledgedBelow == that.acknowledgedBelow
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return session.hashCode() * 31 + Long.hashCode(sequence);
    }

    @Override
    public String toString() {
        return kind + (session.isNone() ? "" : " " + session + "@" + boot + "#" + sequence) + " " + payload.length
                + "B";
    }
}
