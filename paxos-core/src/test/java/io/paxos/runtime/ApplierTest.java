// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import static io.paxos.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.driver.Application;
import io.paxos.driver.ApplySequence;
import io.paxos.driver.ApplyWork;
import io.paxos.journal.MemoryStorage;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.Entry;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.snapshot.SnapshotStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Catches: a state machine that does not say that it is quick called on a thread that has other things to do; slots applied by
 * two threads at once, out of order, or left lying because each thread thought that another one would; a read or a capture on
 * a lent thread; anything applied behind what threw.
 */
@Timeout(60)
class ApplierTest {

    private static final MemberId SELF = new MemberId(new NodeId(1), new Incarnation(11));
    private static final SessionId OWN = SessionId.ofNode(SELF);
    private static final long BOOT = 3;

    private final StopSignal stop = new StopSignal();
    private final FrameInbox inbox = new FrameInbox(1_000, false, stop);
    private final Machine machine = new Machine();
    private Applier applier;
    private Thread applyThread;

    /** Keeps who applied what, and does on the way what the test wants. */
    private static final class Machine implements Application {
        private final List<Long> sequences = new ArrayList<>();
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicBoolean met = new AtomicBoolean();
        private volatile Thread lastBy = Thread.currentThread();
        private volatile int count;
        private volatile Consumer<Entry> onApply = entry -> {};
        private boolean quick = true;

        @Override
        public byte[] apply(Entry entry) {
            met.compareAndSet(false, inside.incrementAndGet() != 1);
            onApply.accept(entry);
            sequences.add((long) entry.command().length);
            lastBy = Thread.currentThread();
            count = sequences.size();
            inside.decrementAndGet();
            return new byte[0];
        }

        @Override
        public boolean isQuick() {
            return quick;
        }
    }

    private void start() throws IOException {
        Callbacks callbacks = new Callbacks("n1", null, 100, new SnapshotKeeperTest.NodeListenerOfNothing(), stop);
        SnapshotStore store = SnapshotStore.open(new MemoryStorage());
        SnapshotKeeper keeper = new SnapshotKeeper("n1", store, callbacks, inbox, stop, new DutyCycle(100, stop));
        ApplySequence sequence = new ApplySequence(machine, OWN, BOOT);
        applier = new Applier("n1", sequence, machine.isQuick(), keeper, inbox, stop, new NodeClock());
        applyThread = new Thread(() -> {
            try {
                applier.run();
            } catch (Throwable thrown) {
                assertTrue(stop.isRequested(), "the node hears of it first");
            }
        });
        applyThread.start();
        // One that came to its queue late would find there what was put for others, and take it.
        eventually("the apply thread waits", () -> applyThread.getState() == Thread.State.TIMED_WAITING);
        turn(slot(1, 0));
    }

    @AfterEach
    void end() throws InterruptedException {
        stop.close();
        applier.close();
        applyThread.join();
        assertFalse(machine.met.get(), "two threads applied at once");
    }

    private static ApplyWork slot(long slot, int length) {
        Command command = slot == 1
                ? new Command(Command.Kind.SESSION_OPEN, OWN, BOOT, 1, 0, new byte[0])
                : new Command(Command.Kind.COMMAND, OWN, BOOT, slot, 0, new byte[length]);
        Batch batch = new Batch(0, 0, 0, List.of(command));
        return new ApplyWork.Slots(List.of(new Proposal(slot, new Ballot(1, SELF), batch.encode())));
    }

    /** What a turn does, and then the thread that made it. */
    private void turn(ApplyWork... work) {
        applier.goOnWith(List.of(work));
        applier.applyLent();
    }

    @Test
    void aQuickMachineIsCalledByTheThreadThatTurned() throws Exception {
        start();
        List<Boolean> knows = new ArrayList<>();
        machine.onApply = entry -> knows.add(applier.isHeldByCurrentThread());
        turn(slot(2, 5));
        assertEquals(List.of(5L), machine.sequences);
        assertSame(Thread.currentThread(), machine.lastBy);
        assertEquals(List.of(true), knows, "a close in here must not wait for the end of applying");
        assertFalse(applier.isHeldByCurrentThread());
    }

    @Test
    void oneThatDoesNotSayThatItIsQuickIsCalledOnItsOwnThread() throws Exception {
        machine.quick = false;
        start();
        turn(slot(2, 5));
        eventually("applied", () -> machine.count == 1);
        assertSame(applyThread, machine.lastBy);
    }

    @Test
    void muchAtOnceIsForTheApplyThread() throws Exception {
        start();
        turn(slot(2, 100_000));
        eventually("applied", () -> machine.count == 1);
        assertSame(applyThread, machine.lastBy);
    }

    /** A query may take its time: it is done by the apply thread, and the slot behind it waits for it. */
    @Test
    void whatIsNotASlotIsForTheApplyThread() throws Exception {
        start();
        List<Thread> lookedBy = new ArrayList<>();
        CountDownLatch looks = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        applier.put(new ApplyWork.Look(OWN, BOOT, 1, fate -> {
            lookedBy.add(Thread.currentThread());
            looks.countDown();
            try {
                assertTrue(goesOn.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }));
        assertTrue(looks.await(30, TimeUnit.SECONDS));
        turn(slot(2, 5));
        assertEquals(0, machine.count);
        goesOn.countDown();
        eventually("applied", () -> machine.count == 1);
        assertEquals(List.of(applyThread), lookedBy);
    }

    @Test
    void nothingIsLeftLyingAndSlotsAreAppliedInOrderByOneAtATime() throws Exception {
        int slots = 20_000;
        int turners = 3;
        start();
        AtomicInteger next = new AtomicInteger(1);
        List<Thread> lent = new ArrayList<>();
        for (int i = 0; i < turners; i++) {
            int mine = i;
            Thread thread = new Thread(() -> {
                SplittableRandom chance = new SplittableRandom(mine);
                boolean more = true;
                while (more) {
                    synchronized (next) { // as the core is turned by one thread at a time
                        int slot = next.incrementAndGet();
                        more = slot <= slots;
                        if (more) {
                            applier.goOnWith(List.of(slot(slot, slot % 1_000)));
                        }
                    }
                    if (chance.nextInt(50) == 0) {
                        applier.put(new ApplyWork.Look(OWN, BOOT, 1, fate -> assertNotNull(fate)));
                    }
                    applier.applyLent();
                }
            });
            lent.add(thread);
            thread.start();
        }
        for (Thread thread : lent) {
            thread.join();
        }
        eventually("applied", () -> machine.count == slots - 1);
        end();
        assertEquals(
                LongStream.rangeClosed(2, slots)
                        .map(slot -> slot % 1_000)
                        .boxed()
                        .toList(),
                machine.sequences);
    }

    @Test
    void oneThatIsCaughtBeingSlowIsLentNoThreadUntilItHasBeenQuickForAWhile() throws Exception {
        start();
        machine.onApply = entry -> {
            long until = System.nanoTime() + 100 * Applier.QUICK_NANOS;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
        };
        turn(slot(2, 1));
        assertSame(Thread.currentThread(), machine.lastBy, "it is believed until it is caught");
        machine.onApply = entry -> {};
        turn(slot(3, 1));
        eventually("applied", () -> machine.count == 2);
        assertSame(applyThread, machine.lastBy);
        int slot = 4;
        while (machine.lastBy != Thread.currentThread()) {
            int before = machine.count;
            turn(slot(slot++, 1));
            eventually("applied", () -> machine.count == before + 1);
        }
        assertTrue(slot >= 4 + Quickness.GIVEN - 1, "after " + slot);
    }

    @Test
    void whatThrowsOnALentThreadEndsTheNodeAndNothingIsAppliedBehindIt() throws Exception {
        start();
        IllegalStateException bug = new IllegalStateException("a bug");
        machine.onApply = entry -> {
            throw bug;
        };
        turn(slot(2, 1));
        StopSignal.Stop reason = stop.reason();
        assertNotNull(reason);
        assertTrue(reason.reason().contains("slot 2 is not applied"), reason.reason());
        machine.onApply = entry -> {};
        turn(slot(3, 1));
        applier.close();
        applyThread.join();
        assertEquals(0, machine.count);
    }

    /** The node must not report its end while a lent thread is still in the state machine. */
    @Test
    void theApplyThreadEndsAfterTheLentOneHasLeft() throws Exception {
        start();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        machine.onApply = entry -> {
            inside.countDown();
            try {
                assertTrue(goesOn.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        Thread lent = new Thread(() -> turn(slot(2, 1)));
        lent.start();
        assertTrue(inside.await(30, TimeUnit.SECONDS));
        stop.close();
        applier.close();
        eventually("it waits for the lent thread", () -> applyThread.getState() == Thread.State.WAITING);
        assertTrue(applyThread.isAlive());
        goesOn.countDown();
        lent.join();
        applyThread.join();
        assertEquals(1, machine.count);
        turn(slot(3, 1));
        assertEquals(1, machine.count, "nobody comes in after the end");
        assertNotSame(applyThread, machine.lastBy);
    }
}
