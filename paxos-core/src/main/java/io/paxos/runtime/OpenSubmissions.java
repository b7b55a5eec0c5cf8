// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.Outcome;
import io.paxos.driver.Submission;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Every submission whose caller was not told yet. Normally the core tells them; when the node fails, whoever stops it
 * does, whatever became of the core.
 */
final class OpenSubmissions {

    private final Set<Ticket> open = ConcurrentHashMap.newKeySet();
    private final Callbacks callbacks;

    OpenSubmissions(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    Ticket open(Submission.Completion completion) {
        Ticket ticket = new Ticket(completion);
        open.add(ticket);
        return ticket;
    }

    /** Tells all that are left. */
    void completeAll(Outcome outcome) {
        for (Ticket ticket : List.copyOf(open)) {
            ticket.complete(outcome);
        }
    }

    /** One caller, told once. */
    final class Ticket implements Submission.Completion {

        private final Submission.Completion completion;
        private final AtomicBoolean told = new AtomicBoolean();

        Ticket(Submission.Completion completion) {
            this.completion = completion;
        }

        @Override
        public void complete(Outcome outcome) {
            if (told.compareAndSet(false, true)) {
                open.remove(this);
                callbacks.complete(completion, outcome);
            }
        }
    }
}
