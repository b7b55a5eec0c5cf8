// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import org.jspecify.annotations.Nullable;

/**
 * The commands of a session that have a number and no answer yet, by their number: a ring that grows. From {@link #first} on,
 * which is the lowest without an answer, to below {@link #next}. One thread at a time.
 */
final class SequenceWindow {
    private static final int CAPACITY_MIN = 64;

    private @Nullable Submission[] ring = new Submission[CAPACITY_MIN];
    private long first;
    private long next;
    private long bytes;

    /**
     * @param first the first number to be given
     */
    SequenceWindow(long first) {
        this.first = first;
        this.next = first;
    }

    /** Lowest number without an answer; {@link #next} if there is none. */
    long first() {
        return first;
    }

    /** The number that the next command gets. */
    long next() {
        return next;
    }

    boolean isEmpty() {
        return first == next;
    }

    /** How many numbers are between the first and the next; those answered out of turn count too. */
    int size() {
        return (int) (next - first);
    }

    /** Payload bytes of those without an answer. */
    long bytes() {
        return bytes;
    }

    /** Gives the submission the next number. */
    void add(Submission submission) {
        if (size() == ring.length) {
            grow();
        }
        ring[at(next)] = submission;
        next++;
        bytes += submission.bytes();
    }

    private void grow() {
        @Nullable Submission[] larger = new Submission[2 * ring.length];
        for (long sequence = first; sequence < next; sequence++) {
            larger[(int) (sequence & (larger.length - 1))] = ring[at(sequence)];
        }
        ring = larger;
    }

    /** The submission of that number; null if it has its answer, or the number was not given. */
    @Nullable
    Submission get(long sequence) {
        return sequence < first || sequence >= next ? null : ring[at(sequence)];
    }

    /** Takes out the submission of that number, which has its answer; null if it had it before. */
    @Nullable
    Submission answered(long sequence) {
        Submission submission = get(sequence);
        if (submission == null) {
            return null;
        }
        ring[at(sequence)] = null;
        bytes -= submission.bytes();
        while (first < next && ring[at(first)] == null) {
            first++;
        }
        return submission;
    }

    private int at(long sequence) {
        return (int) (sequence & (ring.length - 1));
    }
}
