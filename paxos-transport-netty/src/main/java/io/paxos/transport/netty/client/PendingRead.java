// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ReadLevel;
import io.paxos.ReadResult;
import io.paxos.transport.netty.client.ClientMessage.ReadAnswer;
import io.paxos.transport.netty.client.ClientMessage.ReadStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One read of the application on its way; the I/O thread's, but for what is final. To run it, once it is settled, is to tell
 * the caller.
 */
final class PendingRead implements Runnable {
    private static final Optional<Duration> NOT_OLD = Optional.of(Duration.ZERO);

    private static final ReadAnswer NOT_ASKED = new ReadAnswer(
            0, ReadStatus.NO_LEADER, 0, -1, "no node answered in time".getBytes(StandardCharsets.US_ASCII));

    private final ReadLevel level;
    private final byte[] query;
    private final long deadlineMillis;
    private final CompletableFuture<ReadResult<byte[]>> future;
    private boolean sent;
    private int node = HomeChoice.NONE;
    private long sentMillis;
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

    boolean wasSent() {
        return sent;
    }

    /** That node is asked. */
    void sent(int toNode, long nowMillis) {
        sent = true;
        node = toNode;
        sentMillis = nowMillis;
    }

    /** Which node was asked last. */
    int node() {
        return node;
    }

    /** When that was. */
    long sentMillis() {
        return sentMillis;
    }

    /** The node that was asked did not answer, or not with a result. */
    void failed(@Nullable ReadAnswer answer, long restUntilMillis) {
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

    /** That is what the caller is told. */
    PendingRead settled(ReadAnswer answer) {
        lastAnswer = answer;
        return this;
    }

    @Override
    public void run() {
        ReadAnswer answer = lastAnswer;
        if (answer.status() == ReadStatus.ANSWERED) {
            future.complete(new ReadResult<>(answer.bytes(), answer.slot(), ageOf(answer)));
        } else {
            future.completeExceptionally(new RemoteReadException(
                    answer.status().refusal(), new String(answer.bytes(), StandardCharsets.US_ASCII)));
        }
    }

    private static Optional<Duration> ageOf(ReadAnswer answer) {
        if (answer.ageMillis() == 0) {
            return NOT_OLD;
        }
        return answer.ageMillis() < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(answer.ageMillis()));
    }
}
