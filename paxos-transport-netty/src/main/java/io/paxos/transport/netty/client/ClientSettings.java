// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.transport.netty.Sockets;
import io.paxos.transport.netty.connect.Address;
import io.paxos.transport.netty.connect.Backoff;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link PaxosClientBuilder} was told; it says what each is for.
 *
 * @param cluster empty for whichever is there
 * @param tls null for plain TCP
 * @param sockets of every connection
 * @param executor null for a thread of the client's own
 */
record ClientSettings(
        List<Address> addresses,
        String cluster,
        String name,
        @Nullable Tls tls,
        Sockets sockets,
        @Nullable Executor executor,
        int commandsMax,
        int commandBytesMax,
        int readsMax,
        int frameBytesMax,
        long timeoutMillis,
        long sessionTimeoutMillis,
        int connectTimeoutMillis,
        int answerMillis,
        int silenceMillis,
        int retryMillisMin,
        int retryMillisMax,
        int retriesPerSecond) {

    /** What an answer is worth in retries. */
    private static final double RETRIES_PER_ANSWER = 0.2;

    private static final int HOUR_MILLIS = 3_600_000;

    ClientSettings {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("addresses: none, say where at least one node serves clients");
        }
        EndpointLimits.require("inFlightCommandsMax", commandsMax, 1, 1_000_000);
        EndpointLimits.require("inFlightBytesMax", commandBytesMax, 1, 1 << 30);
        EndpointLimits.require("inFlightReadsMax", readsMax, 1, 1_000_000);
        EndpointLimits.require("frameBytesMax", frameBytesMax, ClientCodec.HELLO_BYTES_MAX, 256 << 20);
        EndpointLimits.require("timeout in ms", timeoutMillis, 1, 24L * HOUR_MILLIS);
        EndpointLimits.require("sessionTimeout in ms", sessionTimeoutMillis, 1_000, 24L * HOUR_MILLIS);
        EndpointLimits.require("connectTimeoutMillis", connectTimeoutMillis, 10, HOUR_MILLIS);
        EndpointLimits.require("answerMillis", answerMillis, 10, HOUR_MILLIS);
        EndpointLimits.require("silenceMillis", silenceMillis, 40, HOUR_MILLIS);
        EndpointLimits.require("retryMillis min", retryMillisMin, 1, HOUR_MILLIS);
        EndpointLimits.require("retryMillis max", retryMillisMax, retryMillisMin, HOUR_MILLIS);
        EndpointLimits.require("retriesPerSecond", retriesPerSecond, 1, 1_000_000);
    }

    /** The clock of everything in the client: monotonic. */
    long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    Backoff reconnectPause() {
        return new Backoff(retryMillisMin, retryMillisMax, ClientSettings::randomBelow);
    }

    static long randomBelow(long bound) {
        return ThreadLocalRandom.current().nextLong(bound);
    }

    RetryBudget budget(int capacity) {
        return new RetryBudget(capacity, RETRIES_PER_ANSWER, retriesPerSecond, nowMillis());
    }

    SessionTiming sessionTiming() {
        return new SessionTiming(
                commandsMax, commandBytesMax, sessionTimeoutMillis, answerMillis, retryMillisMin, retryMillisMax);
    }
}
