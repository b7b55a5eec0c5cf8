// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.driver.Read;
import io.paxos.driver.ReadFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A read of the host application's: its reader, what that saw, and the future of whoever asked. */
final class OneRead<R extends @Nullable Object> implements Read.Reader {

    private final Supplier<R> reader;
    private final CompletableFuture<ReadResult<R>> future = new CompletableFuture<>();
    private @Nullable Saw<R> saw;

    /**
     * What the reader did last.
     *
     * @param value what it returned
     * @param thrown or threw
     */
    private record Saw<R extends @Nullable Object>(
            R value, @Nullable RuntimeException thrown) {}

    OneRead(Supplier<R> reader) {
        this.reader = reader;
    }

    CompletableFuture<ReadResult<R>> future() {
        return future;
    }

    @Override
    @SuppressWarnings("NullAway") // a value that was not read is not looked at
    public void read() {
        try {
            saw = new Saw<>(reader.get(), null);
        } catch (RuntimeException thrown) {
            saw = new Saw<>(null, thrown);
        }
    }

    @Override
    public void answered(long slot, long ageMillis) {
        Saw<R> last = saw;
        if (last == null) {
            throw new IllegalStateException("a read was answered that never read");
        }
        if (last.thrown != null) {
            future.completeExceptionally(last.thrown);
        } else {
            Optional<Duration> age = ageMillis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(ageMillis));
            future.complete(new ReadResult<>(last.value, slot, age));
        }
    }

    @Override
    public void failed(ReadFailure failure) {
        future.completeExceptionally(exceptionOf(failure));
    }

    static Read.Kind kindOf(ReadLevel level) {
        return switch (level.kind()) {
            case LINEARIZABLE -> Read.Kind.LINEARIZABLE;
            case LEASED -> Read.Kind.LEASED;
            case AT_LEAST -> Read.Kind.AT_LEAST;
            case LOCAL -> Read.Kind.LOCAL;
        };
    }

    static ReadRefusal refusalOf(ReadFailure failure) {
        return switch (failure.kind()) {
            case NO_LEADER -> ReadRefusal.NO_LEADER;
            case TIMED_OUT -> ReadRefusal.TIMED_OUT;
            case OVERLOADED -> ReadRefusal.OVERLOADED;
            case CLOSED -> ReadRefusal.CLOSED;
            case FAILED -> ReadRefusal.FAILED;
        };
    }

    private static PaxosException exceptionOf(ReadFailure failure) {
        return switch (failure.kind()) {
            case NO_LEADER -> new NoLeaderException(failure.detail());
            case TIMED_OUT -> new ReadTimedOutException(failure.detail());
            case OVERLOADED -> new OverloadedException(failure.detail());
            case CLOSED -> new NodeClosedException(failure.detail());
            case FAILED -> new NodeFailedException(failure.detail(), failure.cause(), false);
        };
    }
}
