// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.Read;
import io.paxos.driver.ReadFailure;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Every read whose caller was not told yet, at most so many; one that reads for several counts as so many. Normally the apply
 * thread or the core tells them; when the node fails, whoever stops it does, whatever became of those.
 */
final class OpenReads {

    private final Set<Ticket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final int readsMax;
    private final Callbacks callbacks;

    OpenReads(int readsMax, Callbacks callbacks) {
        this.readsMax = readsMax;
        this.callbacks = callbacks;
    }

    /**
     * Takes one in.
     *
     * @param onExecutor whether what tells the caller runs code of the host's, and so on its executor
     * @return null if too many are open, or callers are not told fast enough
     */
    @Nullable
    Ticket open(Read.Reader reader, boolean onExecutor) {
        int weight = reader.weight();
        if (onExecutor && callbacks.isBehind()) {
            return null;
        }
        if (count.addAndGet(weight) > readsMax) {
            count.addAndGet(-weight);
            return null;
        }
        Ticket ticket = new Ticket(reader, weight, onExecutor);
        open.add(ticket);
        return ticket;
    }

    /** Tells all that are left. */
    void failAll(ReadFailure failure) {
        for (Ticket ticket : List.copyOf(open)) {
            ticket.failed(failure);
        }
    }

    /** One caller, told once. */
    final class Ticket implements Read.Reader {

        private final Read.Reader reader;
        private final int weight;
        private final boolean onExecutor;
        private final AtomicBoolean told = new AtomicBoolean();

        Ticket(Read.Reader reader, int weight, boolean onExecutor) {
            this.reader = reader;
            this.weight = weight;
            this.onExecutor = onExecutor;
        }

        @Override
        public void read() {
            if (!told.get()) { // else nobody waits for it any more
                reader.read();
            }
        }

        @Override
        public int weight() {
            return weight;
        }

        @Override
        public void answered(long slot, long ageMillis) {
            tell(() -> reader.answered(slot, ageMillis));
        }

        @Override
        public void failed(ReadFailure failure) {
            tell(() -> reader.failed(failure));
        }

        private void tell(Runnable telling) {
            if (told.compareAndSet(false, true)) {
                open.remove(this);
                count.addAndGet(-weight);
                if (onExecutor) {
                    callbacks.run(telling);
                } else {
                    telling.run();
                }
            }
        }
    }
}
