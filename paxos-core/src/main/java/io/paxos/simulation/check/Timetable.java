// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The operations of one key, laid out for the search. Answered ones are numbered by their responses: number j is the one
 * that responded as the j-th. Open ones are numbered by their invocations. For each response it is known which operations
 * may come before it.
 *
 * <p>Each answered operation has a <em>seat</em> while it is in flight, the lowest that is free, so that a set of operations in
 * flight is a bit set as wide as the most that were in flight at once, not as the history.
 */
final class Timetable<I, O> {
    private final List<Operation<I, O>> answered = new ArrayList<>();
    private final List<Operation<I, O>> open = new ArrayList<>();
    private final int[] seats;
    private final int[][] inFlight;
    private final int[] openBefore;
    private final int[] inFlightFrom;
    private int seatCount;

    /**
     * @param numbers of the operations of the key in the history, ascending
     */
    Timetable(History<I, O> history, List<Integer> numbers) {
        List<Integer> byResponse = new ArrayList<>();
        List<Integer> openNumbers = new ArrayList<>();
        for (int number : numbers) {
            (history.response(number) == History.NEVER ? openNumbers : byResponse).add(number);
        }
        byResponse.sort(Comparator.comparingInt(history::response));
        byResponse.forEach(number -> answered.add(history.operations().get(number)));
        openNumbers.forEach(number -> open.add(history.operations().get(number)));
        int count = answered.size();
        seats = new int[count];
        inFlight = new int[count][];
        openBefore = new int[count];
        inFlightFrom = new int[count];

        List<Integer> byInvocation = new ArrayList<>();
        for (int j = 0; j < count; j++) {
            byInvocation.add(j);
        }
        byInvocation.sort(Comparator.comparingInt(j -> history.invocation(byResponse.get(j))));
        // Ascending by response, as the search wants them: who must be placed first is tried first.
        List<Integer> now = new ArrayList<>();
        PriorityQueue<Integer> freeSeats = new PriorityQueue<>();
        int invoked = 0;
        int opened = 0;
        for (int j = 0; j < count; j++) {
            int response = history.response(byResponse.get(j));
            while (invoked < count && history.invocation(byResponse.get(byInvocation.get(invoked))) < response) {
                int starts = byInvocation.get(invoked++);
                Integer free = freeSeats.poll();
                seats[starts] = free != null ? free : seatCount++;
                inFlightFrom[starts] = j;
                insert(now, starts);
            }
            while (opened < openNumbers.size() && history.invocation(openNumbers.get(opened)) < response) {
                opened++;
            }
            inFlight[j] = now.stream().mapToInt(Integer::intValue).toArray();
            openBefore[j] = opened;
            now.remove(Integer.valueOf(j));
            freeSeats.add(seats[j]);
        }
    }

    private static void insert(List<Integer> ascending, int number) {
        int at = ascending.size();
        while (at > 0 && ascending.get(at - 1) > number) {
            at--;
        }
        ascending.add(at, number);
    }

    /** How many operations were answered. */
    int answeredCount() {
        return answered.size();
    }

    /** How many were not. */
    int openCount() {
        return open.size();
    }

    Operation<I, O> answered(int j) {
        return answered.get(j);
    }

    Operation<I, O> open(int k) {
        return open.get(k);
    }

    /** The most operations in flight at once, those that stay open not counted. */
    int seatCount() {
        return seatCount;
    }

    int seat(int j) {
        return seats[j];
    }

    /** The answered operations that were in flight just before the j-th response; j first, the others by their responses. Not to be changed. */
    int[] inFlight(int j) {
        return inFlight[j];
    }

    /** The open operations invoked before the j-th response are those below this number. */
    int openBefore(int j) {
        return openBefore[j];
    }

    /** Whether an answered operation was invoked before the response with the second number. */
    boolean isInFlight(int j, int response) {
        return inFlightFrom[j] <= response;
    }
}
