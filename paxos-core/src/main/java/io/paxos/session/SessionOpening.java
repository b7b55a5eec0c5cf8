// SPDX-License-Identifier: Apache-2.0
package io.paxos.session;

import java.nio.ByteBuffer;

/**
 * What a client asks for when it opens a session: the payload of its {@code SESSION_OPEN}, of sequence 1 and boot 1.
 *
 * <p>The same bytes are sent again when the answer was lost, and to keep the session alive while there is nothing else to
 * send. They name the last agreed time at which they may open anything. Why: A's session expires, and with it what its
 * commands have done is forgotten. Were a late copy of its opening to open it again, late copies of its commands would take
 * effect a second time. So a client that has had no answer by then draws another session, and never makes another opening
 * for the same one.
 *
 * @param nonceHigh with {@code nonceLow} 128 random bits, by which two clients that drew the same session are told apart
 * @param nonceLow the other half
 * @param timeoutMillis the session expires when nothing of it was applied for longer than this, in agreed time; from
 *     {@link #TIMEOUT_MILLIS_MIN} to {@link #TIMEOUT_MILLIS_MAX}
 * @param notAfterAgreedMillis the agreed time that was known when this was made, plus {@code timeoutMillis}; what is later
 *     than that is refused
 */
public record SessionOpening(long nonceHigh, long nonceLow, long timeoutMillis, long notAfterAgreedMillis) {

    /** Shortest time-out of a session. */
    public static final long TIMEOUT_MILLIS_MIN = 1_000;

    /** Longest time-out of a session: a day. */
    public static final long TIMEOUT_MILLIS_MAX = 24L * 60 * 60 * 1_000;

    static final int BYTES = 4 * Long.BYTES;

    /** An opening that is made now. */
    public static SessionOpening at(long agreedMillis, long nonceHigh, long nonceLow, long timeoutMillis) {
        return new SessionOpening(nonceHigh, nonceLow, timeoutMillis, agreedMillis + timeoutMillis);
    }

    /** Whether an opening may ask for this when it is applied at that agreed time. */
    boolean isWithinBounds(long agreedMillis) {
        return timeoutMillis >= TIMEOUT_MILLIS_MIN
                && timeoutMillis <= TIMEOUT_MILLIS_MAX
                && notAfterAgreedMillis >= timeoutMillis
                && notAfterAgreedMillis - timeoutMillis <= agreedMillis;
    }

    /** Its 32 bytes. */
    public byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putLong(nonceHigh)
                .putLong(nonceLow)
                .putLong(timeoutMillis)
                .putLong(notAfterAgreedMillis)
                .array();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is not 32 bytes long; the numbers are not judged
     */
    public static SessionOpening decode(byte[] payload) {
        if (payload.length != BYTES) {
            throw new IllegalArgumentException(
                    "session opening: " + payload.length + " bytes, where " + BYTES + " are expected");
        }
        ByteBuffer in = ByteBuffer.wrap(payload);
        return new SessionOpening(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }
}
