// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.Entry;
import java.io.DataInput;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * What the log is for: the host application's deterministic state.
 *
 * <p><b>Thread.</b> One thread of the node, in slot order, one call at a time, on every replica; if it {@link #appliesQuickly},
 * one thread at a time, each after the other has returned. No lock is needed for state that only this method touches.
 *
 * <p><b>Determinism.</b> The same entries must lead to the same state and the same results on every replica: no clock
 * (use {@link Entry#agreedTimeMillis()}), no randomness, no hash order, no environment.
 *
 * <p><b>Restart.</b> The state lives in memory. After a restart the node restores it from its newest snapshot and applies
 * the log behind that; without snapshots it applies the whole log again, from slot 1, to a fresh state machine.
 *
 * <p><b>Failure.</b> A business failure is data in the result. Whatever is thrown is a bug: this replica stops at that
 * slot, applies nothing more and says why; a restart meets the same entry again.
 */
@FunctionalInterface
public interface StateMachine {

    /**
     * Applies one command.
     *
     * @param entry the command with its position, its agreed time and its session; its bytes belong to the callee
     * @return the result, which belongs to the library from now on; empty for none, never null. It reaches the caller
     *     of {@code submit} on the node that submitted the command, and nobody else
     */
    byte[] apply(Entry entry);

    /**
     * Whether {@link #apply} and {@link #digest} take a few tens of microseconds at most, whatever the command and whatever the
     * state, and wait for nothing: no lock, no disk, no network, no walk through all of the state. Then the node also calls them on
     * the thread that found the command chosen, a transport's event loop most of the time, which saves two hand-overs between
     * threads for each command. Queries, captures and restores stay on the thread of the node. What is chained to results without
     * an executor of its own runs on those threads, too.
     *
     * <p>An {@code apply} that takes long there holds up this node's heartbeats, and may cost it the leadership. A machine that is
     * caught taking many milliseconds is called on the thread of the node until it has been quick for a while, with a warning.
     * Asked once, at the start.
     *
     * @return false, as this default does, unless it is sure
     */
    default boolean appliesQuickly() {
        return false;
    }

    /**
     * A hash of the whole state as it is now, the same on every replica that has the same state. The library compares, every few
     * hundred slots, a hash over all commands and results between the members; with this one, also what no result has shown
     * yet. Called on the thread of {@link #apply}, which waits for it: keep it up to date as the state changes.
     *
     * @return empty, as this default does, if the machine keeps none
     */
    default OptionalLong digest() {
        return OptionalLong.empty();
    }

    /**
     * Captures the state as it is now; it is written later, on another thread, while {@link #apply} goes on. Keep it cheap:
     * nothing is applied while it runs.
     *
     * <p>A machine without snapshots works, but its log is never trimmed, is applied from its start after each restart, and
     * no member can be brought up from another one's state; the node says so once in its log.
     *
     * @throws UnsupportedOperationException as this default does, if the machine takes no snapshots
     */
    default Snapshot snapshot() {
        throw new UnsupportedOperationException(getClass().getName() + " takes no snapshots");
    }

    /**
     * Replaces the whole state by one that {@link Snapshot#writeTo} wrote: nothing of what was there before may be left, for
     * the state that this is called on may be of any age. Never beside {@link #apply}.
     *
     * @throws IOException if the input is not what was written. The node stops then: it has no state to go on with
     */
    default void restore(DataInput in) throws IOException {
        throw new UnsupportedOperationException(getClass().getName() + " takes no snapshots");
    }

    /**
     * Answers a question about the state, without changing it: what {@link PaxosNode#query} and remote clients read.
     * Between slots: nothing is applied while it runs.
     *
     * @param query the question; it belongs to the callee
     * @return the answer, which belongs to the library from now on; never null
     * @throws RuntimeException passed on to whoever asked; the node goes on
     * @throws UnsupportedOperationException as this default does, if the machine answers none
     */
    default byte[] query(byte[] query) {
        throw new UnsupportedOperationException(getClass().getName() + " answers no queries");
    }
}
