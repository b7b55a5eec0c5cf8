// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.model.NodeId;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a connection asks of the node behind it. Called on event loops, so nothing here blocks; each future completes on any
 * thread, with a reply in RESP2 or with a failure that {@link LogErrors} can word.
 */
interface KvLog {

    /** Does it, through the log. */
    CompletableFuture<byte[]> submit(KvCommand command);

    /**
     * Reads, without the log.
     *
     * @param command one that {@linkplain KvCommand.Operation#isRead reads}
     * @param local whether whatever this node has applied is good enough
     * @param reading does it where the store may be read, and says what the future completes with
     */
    CompletableFuture<byte[]> read(KvCommand command, boolean local, Reading reading);

    /** Whoever wants the reply of a read, on the thread that reads. Called again if the read has to be done again. */
    @FunctionalInterface
    interface Reading {

        /**
         * Reads, or does not want to any more.
         *
         * @param store does the read
         * @return what it returned, or nothing, which is no reply
         */
        byte[] read(Supplier<byte[]> store);
    }

    /** Does it, through the log, unless it was done before; the reply of the first time then. */
    CompletableFuture<byte[]> once(OnceCommand command);

    /**
     * Lets another node lead.
     *
     * @param target which one, or null for whichever is best prepared
     */
    CompletableFuture<byte[]> handOver(@Nullable NodeId target);
}
