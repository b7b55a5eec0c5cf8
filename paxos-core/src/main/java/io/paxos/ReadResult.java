// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a read saw.
 *
 * @param value what the reader returned
 * @param slot the state that was read had this slot applied, and nothing behind it. {@link ReadLevel#atLeast(long)} with it
 *     never sees less, on any node
 * @param age how old that state may be <em>as far as the node knows</em>: so long ago a leader that said it had a quorum knew
 *     no more than what was read. Messages on their way, and a leader that does not know yet that it was replaced, are not in
 *     it. Zero for {@code LINEARIZABLE} and {@code LEASED}; empty if no such leader has been heard yet
 * @param <R> what the reader returns
 */
public record ReadResult<R extends @Nullable Object>(R value, long slot, Optional<Duration> age) {}
