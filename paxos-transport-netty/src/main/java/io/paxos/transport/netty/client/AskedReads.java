// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The reads of which a node was asked, by a number that is given once: a table whose places are used again, and whose size is
 * that of the most reads that were ever open. A number says the place, in its low bits, and how many were given before.
 * One thread at a time.
 */
final class AskedReads {
    private static final int PLACE_BITS = 20;
    private static final int PLACES_MAX = 1 << PLACE_BITS;
    private static final int PLACES_MIN = 64;

    private @Nullable PendingRead[] reads = new PendingRead[PLACES_MIN];
    private long[] numbers = new long[PLACES_MIN];

    /** The places that are free, as a stack. */
    private int[] free = new int[PLACES_MIN];

    private int used;
    private int placesFree;
    private long given;

    /**
     * Takes one in.
     *
     * @return its number, above zero
     */
    long add(PendingRead read) {
        int place = placesFree > 0 ? free[--placesFree] : newPlace();
        long number = ++given << PLACE_BITS | place;
        reads[place] = read;
        numbers[place] = number;
        return number;
    }

    private int newPlace() {
        if (used == reads.length) {
            if (used == PLACES_MAX) {
                throw new IllegalStateException("more than " + PLACES_MAX + " reads are open");
            }
            reads = Arrays.copyOf(reads, 2 * used);
            numbers = Arrays.copyOf(numbers, 2 * used);
            free = Arrays.copyOf(free, 2 * used);
        }
        return used++;
    }

    /** Takes out the read of that number; null if there is none any more, or never was. */
    @Nullable
    PendingRead remove(long number) {
        int place = (int) (number & PLACES_MAX - 1);
        return place < used && numbers[place] == number ? removeAt(place) : null;
    }

    private @Nullable PendingRead removeAt(int place) {
        PendingRead read = reads[place];
        reads[place] = null;
        numbers[place] = 0;
        free[placesFree++] = place;
        return read;
    }

    /** Takes out those of which that is true, and hands them on. */
    void removeIf(Predicate<PendingRead> which, Consumer<PendingRead> to) {
        for (int place = 0; place < used; place++) {
            PendingRead read = reads[place];
            if (read != null && which.test(read)) {
                removeAt(place);
                to.accept(read);
            }
        }
    }

    boolean isEmpty() {
        return placesFree == used;
    }
}
