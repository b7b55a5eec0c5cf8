// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import org.jspecify.annotations.Nullable;

/** What a load is made against: a remote client, or a node in this JVM. */
interface Target {

    /** Told once for each operation, on any thread, maybe before the call that began it has returned. */
    interface Completion {
        /**
         * It is over.
         *
         * @param failure why there is no answer; null if there is one
         */
        void done(@Nullable Object failure);
    }

    /**
     * Has a command applied.
     *
     * @param command free to be changed when this returns
     */
    void write(byte[] command, Completion completion);

    /** Asks for the number of commands; linearizable. */
    void read(Completion completion);
}
