// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

/**
 * Every bound and every time of the transport, with its unit in the name; {@link NettyTransportBuilder} says what each is for.
 */
record Limits(
        int frameBytesMax,
        long peerBudgetBytesMax,
        int sendBufferBytes,
        int unidentifiedConnectionsMax,
        int ioThreads,
        int connectTimeoutMillis,
        int helloTimeoutMillis,
        int deadPeerMillis,
        int reconnectMillisMin,
        int reconnectMillisMax) {

    static final Limits DEFAULT = new Limits(4 << 20, 16L << 20, 256 << 10, 64, 1, 2_000, 3_000, 5_000, 50, 2_000);

    /** No frame above this size is {@linkplain Urgency#URGENT urgent}. */
    static final int SMALL_FRAME_BYTES_MAX = 512;

    /** The part of each peer's budget that only urgent frames (heartbeats, acknowledgements) may use. */
    static final int URGENT_RESERVE_BYTES = 64 << 10;

    /**
     * How long a node waits before it confirms what it read, in milliseconds: a peer counts as dead after {@link
     * #deadPeerMillis} without a confirmation, so that this must be well below its least value.
     */
    static final int RECEIPT_DELAY_MILLIS = 250;

    private static final int HOUR_MILLIS = 3_600_000;

    Limits {
        require("frameBytesMax", frameBytesMax, 4_096, 256 << 20);
        require("peerBudgetBytesMax", peerBudgetBytesMax, (long) frameBytesMax + URGENT_RESERVE_BYTES, 1L << 40);
        require("sendBufferBytes", sendBufferBytes, 16 << 10, 64 << 20);
        require("unidentifiedConnectionsMax", unidentifiedConnectionsMax, 1, 65_536);
        require("ioThreads", ioThreads, 1, 64);
        require("connectTimeoutMillis", connectTimeoutMillis, 10, HOUR_MILLIS);
        require("helloTimeoutMillis", helloTimeoutMillis, 10, HOUR_MILLIS);
        require("deadPeerMillis", deadPeerMillis, 4 * RECEIPT_DELAY_MILLIS, HOUR_MILLIS);
        require("reconnectMillisMin", reconnectMillisMin, 1, HOUR_MILLIS);
        require("reconnectMillisMax", reconnectMillisMax, reconnectMillisMin, HOUR_MILLIS);
    }

    private static void require(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    field + ": " + value + " is outside the allowed range " + min + ".." + max);
        }
    }
}
