// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CounterTest {
    private static final Counter COUNTER = new Counter();

    @Test
    void incrementsTellSuccessiveSums() {
        Judged.accepted(COUNTER, add(1, 1, 1, 0, 1), add(2, 1, 2, 2, 3), get(3, 2, 4, 5));
    }

    @Test
    void overlappingIncrementsMayTellSumsInAnyOrder() {
        Judged.accepted(COUNTER, add(1, 1, 2, 0, 9), add(2, 1, 3, 1, 8), add(3, 1, 1, 2, 7));
    }

    @Test
    void twoIncrementsThatTellTheSameSumAreRefused() {
        Judged.refused(COUNTER, add(1, 1, 1, 0, 9), add(2, 1, 1, 1, 8));
    }

    @Test
    void aLostIncrementIsRefused() {
        Judged.refused(COUNTER, acknowledgedAdd(1, 1, 0, 1), acknowledgedAdd(2, 1, 2, 3), get(3, 1, 4, 5));
    }

    @Test
    void aDoubledIncrementIsRefused() {
        Judged.refused(COUNTER, acknowledgedAdd(1, 1, 0, 1), get(3, 2, 4, 5));
    }

    @Test
    void aSumThatGoesBackIsRefused() {
        Judged.refused(COUNTER, openAdd(1, 1, 0), get(2, 1, 1, 2), get(2, 0, 3, 4));
    }

    @Test
    void anUnknownIncrementCountsOnceOrNever() {
        Judged.accepted(COUNTER, openAdd(1, 1, 0), get(2, 0, 1, 2), get(2, 1, 3, 4));
        Judged.accepted(COUNTER, openAdd(1, 1, 0), get(2, 0, 1, 2));
        Judged.refused(COUNTER, openAdd(1, 1, 0), get(2, 2, 1, 2));
    }

    @Test
    void threeUnknownIncrementsCountUpToThree() {
        Judged.accepted(
                COUNTER, openAdd(1, 1, 0), openAdd(2, 1, 0), openAdd(3, 1, 0), get(4, 2, 1, 2), get(4, 3, 3, 4));
        Judged.refused(COUNTER, openAdd(1, 1, 0), openAdd(2, 1, 0), openAdd(3, 1, 0), get(4, 4, 1, 2));
        Judged.refused(COUNTER, openAdd(1, 1, 0), openAdd(2, 1, 0), openAdd(3, 1, 5), get(4, 3, 1, 2));
    }

    @Test
    void addingAndTakingAwayMayCancelOut() {
        Judged.accepted(COUNTER, openAdd(1, 5, 0), openAdd(2, -5, 0), get(3, 5, 1, 2), get(3, 0, 3, 4));
        Judged.refused(COUNTER, openAdd(1, 5, 0), openAdd(2, -5, 0), get(3, 5, 1, 2), get(3, 0, 3, 4), get(3, 5, 5, 6));
    }

    @Test
    void addingNothingTellsTheSum() {
        Judged.accepted(COUNTER, add(1, 3, 3, 0, 1), add(2, 0, 3, 2, 3));
        Judged.refused(COUNTER, add(1, 3, 3, 0, 1), add(2, 0, 0, 2, 3));
    }

    @Test
    void moreOperationsInFlightThanAWordHasBitsAreJudged() {
        List<Operation<Counter.Input, Long>> operations = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            operations.add(add(i, 1, 150 - i, i, 1_000 + i));
        }
        Judged.accepted(COUNTER, History.ofTimes(operations));
        operations.set(149, add(149, 1, 2, 149, 1_149));
        Judged.refused(COUNTER, History.ofTimes(operations));
    }

    @Test
    void moreUnknownOperationsThanAWordHasBitsAreJudged() {
        List<Operation<Counter.Input, Long>> operations = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            operations.add(openAdd(i, 1, i));
        }
        operations.add(get(200, 150, 1_000, 1_001));
        Judged.accepted(COUNTER, History.ofTimes(operations));
        operations.set(150, get(200, 151, 1_000, 1_001));
        Judged.refused(COUNTER, History.ofTimes(operations));
    }

    private static Operation<Counter.Input, Long> add(long client, long amount, long sum, long from, long to) {
        return Operation.answered(client, new Counter.Add(amount), sum, from, to);
    }

    private static Operation<Counter.Input, Long> acknowledgedAdd(long client, long amount, long from, long to) {
        return Operation.acknowledged(client, new Counter.Add(amount), from, to);
    }

    private static Operation<Counter.Input, Long> openAdd(long client, long amount, long from) {
        return Operation.open(client, new Counter.Add(amount), from);
    }

    private static Operation<Counter.Input, Long> get(long client, long sum, long from, long to) {
        return Operation.answered(client, new Counter.Get(), sum, from, to);
    }
}
