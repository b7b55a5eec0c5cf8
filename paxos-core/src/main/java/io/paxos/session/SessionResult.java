// SPDX-License-Identifier: Apache-2.0
package io.paxos.session;

import io.paxos.model.Position;
import org.jspecify.annotations.Nullable;

/**
 * What became of one command of a session, as the log says it: the same on every replica.
 *
 * @param sequence of the command within its session
 * @param status what became of it
 * @param position where it took effect; where it was refused, if it was. Null only for {@link Status#RESULT_GONE}, if the
 *     position is kept no longer either
 * @param result what the state machine returned; empty for everything but {@link Status#APPLIED}. Read only: every retry
 *     is answered with the same bytes
 */
@SuppressWarnings("ArrayRecordComponent") // shared, never written, not compared
public record SessionResult(
        long sequence, Status status, @Nullable Position position, byte[] result) {

    /** What can become of a command. */
    public enum Status {
        /** It took effect, once; this is its result. Opening, keeping alive and closing a session are answered so too. */
        APPLIED(1),
        /** It took effect, once; its result was too large to keep, or is kept no longer. */
        RESULT_GONE(2),
        /**
         * This copy of the command has no effect: its session expired, or was closed, or never was open. Where it was
         * answered nothing else before, on an attachment that began before the command was sent, no other copy of it ever
         * had or will have one.
         */
        EXPIRED(3),
        /** The session was not opened, for so many are; an open may be tried again later. */
        REFUSED_TOO_MANY_SESSIONS(4),
        /** The session was not opened: another client uses its name. Draw another one. */
        COLLISION(5),
        /** The session was not opened: what it asks for is out of range. */
        REFUSED_OUT_OF_RANGE(6);

        private static final Status[] ALL = values();

        private final byte code;

        Status(int code) {
            this.code = (byte) code;
        }

        /** The number that stands for it wherever it is written; it never changes. */
        public byte code() {
            return code;
        }

        /**
         * The status of that code.
         *
         * @throws IllegalArgumentException if this version knows no such status
         */
        public static Status ofCode(byte code) {
            for (Status status : ALL) {
                if (status.code == code) {
                    return status;
                }
            }
            throw new IllegalArgumentException("session result status: " + code + " is unknown to this version");
        }
    }
}
