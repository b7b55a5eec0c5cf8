// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.ReadLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which read a number stands for. */
class AskedReadsTest {

    private static PendingRead read(int length) {
        return new PendingRead(ReadLevel.LOCAL, new byte[length], 1_000, new CompletableFuture<>());
    }

    @Test
    void aNumberIsGivenOnceThoughItsPlaceIsUsedAgain() {
        AskedReads asked = new AskedReads();
        PendingRead first = read(1);
        PendingRead second = read(2);
        long one = asked.add(first);
        assertTrue(one > 0);
        assertSame(first, asked.remove(one));
        assertNull(asked.remove(one));
        long two = asked.add(second);
        assertNull(asked.remove(one));
        assertNull(asked.remove(0));
        assertNull(asked.remove(-1));
        assertNull(asked.remove(Long.MAX_VALUE));
        assertFalse(asked.isEmpty());
        assertSame(second, asked.remove(two));
        assertTrue(asked.isEmpty());
    }

    @Test
    void whateverComesAndGoesEveryNumberLeadsToItsRead() {
        SplittableRandom random = new SplittableRandom(7);
        AskedReads asked = new AskedReads();
        Map<Long, PendingRead> open = new TreeMap<>();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(1_000) < 505) {
                PendingRead read = read(i % 10);
                assertNull(open.put(asked.add(read), read));
            } else if (!open.isEmpty()) {
                List<Long> numbers = List.copyOf(open.keySet());
                long number = numbers.get(random.nextInt(numbers.size()));
                assertSame(open.remove(number), asked.remove(number));
            }
            if (i % 1_000 == 999) {
                List<PendingRead> gone = new ArrayList<>();
                asked.removeIf(read -> read.query().length == 3, gone::add);
                long expected = open.values().stream()
                        .filter(read -> read.query().length == 3)
                        .count();
                assertEquals(expected, gone.size());
                assertTrue(open.values().removeAll(gone) || gone.isEmpty());
            }
            assertEquals(open.isEmpty(), asked.isEmpty());
        }
        open.forEach((number, read) -> assertSame(read, asked.remove(number)));
        assertTrue(asked.isEmpty());
    }
}
