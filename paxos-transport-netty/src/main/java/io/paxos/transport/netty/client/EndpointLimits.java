// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

/** Every bound and every time of an endpoint, with its unit in the name; {@link NettyClientEndpointBuilder} says what for. */
record EndpointLimits(
        int connectionsMax,
        int sessionsMax,
        int commandsMax,
        int commandBytesMax,
        int readsMax,
        int frameBytesMax,
        int answerBytesMax,
        int helloTimeoutMillis,
        int ioThreads) {

    static final EndpointLimits DEFAULT =
            new EndpointLimits(1_024, 16, 4_096, 16 << 20, 1_024, 4 << 20, 64 << 20, 3_000, 1);

    /** Connections that have not said hello, at most. */
    static final int UNIDENTIFIED_MAX = 256;

    /** How long commands rest for which the node has no room, at first and at most. */
    static final int RETRY_MILLIS_MIN = 1;

    static final int RETRY_MILLIS_MAX = 16;

    /** How long a read may wait at the node; a client that waits longer asks again. One that is gone leaves nothing behind for longer. */
    static final int READ_MILLIS_MAX = 10_000;

    /** A client that is not read because the node has no room is told so often that somebody is there. */
    static final int BUSY_MILLIS = 250;

    EndpointLimits {
        require("connectionsMax", connectionsMax, 1, 1_000_000);
        require("sessionsMax", sessionsMax, 1, 65_536);
        require("commandsMax", commandsMax, 1, 1_000_000);
        require("commandBytesMax", commandBytesMax, 1, 1 << 30);
        require("readsMax", readsMax, 1, 1_000_000);
        require("frameBytesMax", frameBytesMax, ClientCodec.HELLO_BYTES_MAX, 256 << 20);
        require("answerBytesMax", answerBytesMax, frameBytesMax, 1 << 30);
        require("helloTimeoutMillis", helloTimeoutMillis, 10, 3_600_000);
        require("ioThreads", ioThreads, 1, 64);
    }

    static void require(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    field + ": " + value + " is outside the allowed range " + min + ".." + max);
        }
    }
}
