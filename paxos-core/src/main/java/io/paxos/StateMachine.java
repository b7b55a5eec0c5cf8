// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.Entry;

/**
 * What the log is for: the host application's deterministic state.
 *
 * <p><b>Thread.</b> One thread of the node, in slot order, one call at a time, on every replica. No lock is needed for
 * state that only this method touches.
 *
 * <p><b>Determinism.</b> The same entries must lead to the same state and the same results on every replica: no clock
 * (use {@link Entry#agreedTimeMillis()}), no randomness, no hash order, no environment.
 *
 * <p><b>Restart.</b> The state lives in memory; after a restart the node applies its whole log again, from slot 1, to a
 * fresh state machine.
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
}
