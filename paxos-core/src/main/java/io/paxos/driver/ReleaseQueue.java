// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.protocol.Effects.Envelope;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for the disk. A message of step k leaves when the writes of step k <em>and of all earlier steps</em>
 * are forced, and messages leave in the order in which they were made.
 *
 * <p>Why all earlier steps, and why also if step k wrote nothing: B gets {@code Prepare(7)} and queues its promise; the
 * same prepare comes again, B has nothing to write, and would answer at once. If B crashes before the force it has told A
 * of a promise it does not remember (hazard S1).
 */
final class ReleaseQueue {

    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private long handedOver;
    private long forced;

    /** Numbers the next write: the records of one step. */
    long nextWrite() {
        return ++handedOver;
    }

    /** Whether every write handed over so far is forced. */
    boolean isAllForced() {
        return forced == handedOver;
    }

    /** Holds the messages of a step until everything handed over by now is forced. */
    void hold(List<Envelope> messages) {
        held.addLast(new Held(handedOver, messages));
    }

    /**
     * Notes that the writes up to that one are forced. A completion that is late or comes twice changes nothing (hazard
     * S7).
     *
     * @throws IllegalStateException if that write was never handed over
     */
    void forced(long writeSequence) {
        if (writeSequence > handedOver) {
            throw new IllegalStateException(
                    "write " + writeSequence + " was reported forced, but only " + handedOver + " were handed over");
        }
        forced = Math.max(forced, writeSequence);
    }

    /** The messages of the oldest step that are free to go, or null if there are none. */
    @Nullable
    List<Envelope> poll() {
        Held first = held.peekFirst();
        if (first == null || first.after > forced) {
            return null;
        }
        held.removeFirst();
        return first.messages;
    }

    private record Held(long after, List<Envelope> messages) {}
}
