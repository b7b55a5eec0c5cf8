// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ReadLevel;
import io.paxos.ReadResult;
import io.paxos.transport.netty.client.ClientMessage.ReadAnswer;
import io.paxos.transport.netty.client.ClientMessage.ReadStatus;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One read of the application on its way; the I/O thread's, but for what is final. */
final class PendingRead {
    private static final ReadAnswer NOT_ASKED = new ReadAnswer(
            0, ReadStatus.NO_LEADER, 0, -1, "no node answered in time".getBytes(StandardCharsets.US_ASCII));

    private final ReadLevel level;
    private final byte[] query;
    private final long deadlineMillis;
    private final CompletableFuture<ReadResult<byte[]>> future;
    private boolean sent;
    private int lastFailed = HomeChoice.NONE;
    private ReadAnswer lastAnswer = NOT_ASKED;
    private long notBeforeMillis = Long.MIN_VALUE;

    PendingRead(ReadLevel level, byte[] query, long deadlineMillis, CompletableFuture<ReadResult<byte[]>> future) {
        this.level = level;
        this.query = query;
        this.deadlineMillis = deadlineMillis;
        this.future = future;
    }

    ReadLevel level() {
        return level;
    }

    byte[] query() {
        return query;
    }

    long deadlineMillis() {
        return deadlineMillis;
    }

    CompletableFuture<ReadResult<byte[]>> future() {
        return future;
    }

    boolean wasSent() {
        return sent;
    }

    void sent() {
        sent = true;
    }

    /** That node did not answer, or not with a result. */
    void failed(int node, @Nullable ReadAnswer answer, long restUntilMillis) {
        lastFailed = node;
        lastAnswer = answer == null ? lastAnswer : answer;
        notBeforeMillis = restUntilMillis;
    }

    int lastFailed() {
        return lastFailed;
    }

    /** What the last node said that gave no result. */
    ReadAnswer lastAnswer() {
        return lastAnswer;
    }

    long notBeforeMillis() {
        return notBeforeMillis;
    }
}
