// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import static io.paxos.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.driver.Driver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnstileTest {

    private static final FrameInbox.Input SOMETHING = Driver::endTurn; // counted here, never given

    private final StopSignal stop = new StopSignal();
    private final FrameInbox inbox = new FrameInbox(1_000, false, stop);

    private Turnstile turnstile(Turnstile.Turn turn) {
        Turnstile turnstile = new Turnstile(inbox, stop, turn, () -> {});
        inbox.turnedBy(turnstile);
        return turnstile;
    }

    @Test
    void whoBringsSomethingInTurnsACoreThatIsAtRest() {
        List<Thread> turnedBy = new ArrayList<>();
        turnstile(mayWait -> {
            turnedBy.add(Thread.currentThread());
            assertEquals(1, inbox.poll().size());
        });
        inbox.putAndTurn(SOMETHING);
        assertEquals(List.of(Thread.currentThread()), turnedBy);
    }

    /** Threads bring things in as fast as they can and wake nobody: whatever they brought is taken, by one at a time. */
    @Test
    void nothingIsLeftLyingAndTurnsNeverMeet() throws Exception {
        int threads = 4;
        int each = 20_000;
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean met = new AtomicBoolean();
        AtomicInteger taken = new AtomicInteger();
        Turnstile turnstile = turnstile(mayWait -> {
            met.compareAndSet(false, inside.incrementAndGet() != 1);
            taken.addAndGet(inbox.poll().size());
            inside.decrementAndGet();
        });
        AtomicBoolean over = new AtomicBoolean();
        Thread core = new Thread(() -> {
            while (!over.get()) {
                inbox.await(TimeUnit.SECONDS.toNanos(30)); // no tick helps: it turns only when it is woken
                turnstile.enter();
            }
        });
        core.start();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                for (int k = 0; k < each; k++) {
                    inbox.putAndTurn(SOMETHING);
                }
            });
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        while (taken.get() < threads * each) {
            Thread.onSpinWait(); // the core's thread was woken for the rest
        }
        over.set(true);
        inbox.put(SOMETHING);
        core.join();
        assertFalse(met.get());
    }

    @Test
    void aThreadThatWasLentIsNotKept() {
        AtomicInteger turns = new AtomicInteger();
        turnstile(mayWait -> {
            turns.incrementAndGet();
            inbox.putQuietly(SOMETHING); // there is always more to do
        });
        inbox.putAndTurn(SOMETHING);
        assertTrue(turns.get() < 10, turns + " turns");
    }

    @Test
    void whatIsBroughtInFromWithinATurnWaitsForTheNext() {
        List<Integer> taken = new ArrayList<>();
        turnstile(mayWait -> {
            taken.add(inbox.poll().size());
            if (taken.size() == 1) {
                inbox.putAndTurn(SOMETHING);
                assertEquals(1, taken.size());
            }
        });
        inbox.putAndTurn(SOMETHING);
        assertEquals(List.of(1, 1), taken);
    }

    /** Between the throw and the stop nobody may turn a core whose last turn was not ended. */
    @Test
    void aCoreThatThrewIsTurnedNoMore() {
        AtomicInteger turns = new AtomicInteger();
        Turnstile turnstile = turnstile(mayWait -> {
            turns.incrementAndGet();
            throw new IllegalStateException("bug");
        });
        inbox.putAndTurn(SOMETHING);
        inbox.putAndTurn(SOMETHING);
        assertEquals(1, turns.get());
        assertNotNull(stop.reason());
        assertFalse(turnstile.isHeldByCurrentThread());
    }

    /** B throws inside while the core's thread waits outside: it may not go on with what B left half done. */
    @Test
    void whoWaitedOutsideWhileTheCoreThrewDoesNotTurnIt() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch throwsNow = new CountDownLatch(1);
        AtomicInteger turns = new AtomicInteger();
        Turnstile turnstile = turnstile(mayWait -> {
            turns.incrementAndGet();
            inside.countDown();
            assertTrue(throwsNow.await(30, TimeUnit.SECONDS));
            throw new IllegalStateException("bug");
        });
        Thread in = new Thread(() -> inbox.putAndTurn(SOMETHING));
        in.start();
        assertTrue(inside.await(30, TimeUnit.SECONDS));
        Thread core = new Thread(turnstile::enter);
        core.start();
        eventually("the core's thread waits outside", () -> core.getState() == Thread.State.WAITING);
        throwsNow.countDown();
        core.join();
        in.join();
        assertEquals(1, turns.get());
    }

    @Test
    void closedForGoodItWaitsForWhoIsInAndLetsNobodyInAnyMore() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leaves = new CountDownLatch(1);
        AtomicInteger turns = new AtomicInteger();
        Turnstile turnstile = turnstile(mayWait -> {
            turns.incrementAndGet();
            inbox.poll();
            inside.countDown();
            assertTrue(leaves.await(30, TimeUnit.SECONDS));
        });
        Thread in = new Thread(() -> inbox.putAndTurn(SOMETHING));
        in.start();
        assertTrue(inside.await(30, TimeUnit.SECONDS));
        CountDownLatch closed = new CountDownLatch(1);
        Thread closer = new Thread(() -> {
            turnstile.closeForGood();
            closed.countDown();
        });
        closer.start();
        assertFalse(closed.await(20, TimeUnit.MILLISECONDS));
        leaves.countDown();
        assertTrue(closed.await(30, TimeUnit.SECONDS));
        in.join();
        inbox.putAndTurn(SOMETHING);
        assertEquals(1, turns.get());
    }
}
