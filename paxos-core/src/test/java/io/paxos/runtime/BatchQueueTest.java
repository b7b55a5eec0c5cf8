// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BatchQueueTest {

    private final BatchQueue<Integer> queue = new BatchQueue<>();

    @Test
    void theTakerGetsEverythingAtOnceAndInOrder() {
        queue.put(1);
        queue.putAll(List.of(2, 3));
        queue.putAll(List.of());
        queue.put(4);
        assertEquals(List.of(1, 2, 3, 4), queue.takeAll());
        assertEquals(List.of(), queue.poll());
    }

    @Test
    void nothingIsLostAndTheOrderOfEachPutterIsKept() throws Exception {
        int putters = 4;
        int each = 5_000;
        List<Thread> threads = IntStream.range(0, putters)
                .mapToObj(putter -> new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        queue.put(putter * each + i);
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        List<Integer> taken = new ArrayList<>();
        while (taken.size() < putters * each) {
            taken.addAll(queue.takeAll());
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (int putter = 0; putter < putters; putter++) {
            int first = putter * each;
            assertEquals(
                    IntStream.range(first, first + each).boxed().toList(),
                    taken.stream().filter(item -> item / each == first / each).toList());
        }
    }

    @Test
    void closingWakesTheTakerAndHandsOutNothingMore() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        new Thread(() -> {
                    assertTrue(queue.takeAll().isEmpty());
                    ended.countDown();
                })
                .start();
        queue.close();
        assertTrue(ended.await(10, TimeUnit.SECONDS));
        queue.put(1);
        assertEquals(List.of(), queue.takeAll());
    }

    /** An interrupt would close the file that a thread of ours is in, so it must not stay on the thread. */
    @Test
    void anInterruptOnlyEndsTheWait() {
        Thread.currentThread().interrupt();
        queue.await(TimeUnit.SECONDS.toNanos(20));
        assertFalse(Thread.interrupted());
    }

    @Test
    void whatIsPutQuietlyIsThereForWhoLooks() {
        queue.putAllQuietly(List.of(1));
        queue.putQuietly(2);
        assertFalse(queue.isEmpty());
        queue.await(TimeUnit.SECONDS.toNanos(20)); // at once: there is something
        assertEquals(List.of(1, 2), queue.poll());
        assertTrue(queue.isEmpty());
    }

    @Test
    void aTakerThatIsWokenLooksThoughThereIsNothing() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        new Thread(() -> {
                    queue.await(Long.MAX_VALUE);
                    ended.countDown();
                })
                .start();
        while (!ended.await(1, TimeUnit.MILLISECONDS)) {
            queue.wakeTaker();
        }
        assertTrue(queue.isEmpty());
    }

    /** Else a wake that comes between its last look and its wait is lost, and it waits without an end. */
    @Test
    void aTakerThatIsWokenBeforeItWaitsDoesNotWait() {
        queue.wakeTaker();
        queue.await(Long.MAX_VALUE);
        long began = System.nanoTime();
        queue.await(TimeUnit.MILLISECONDS.toNanos(5)); // once
        assertTrue(System.nanoTime() - began >= TimeUnit.MILLISECONDS.toNanos(5));
    }
}
