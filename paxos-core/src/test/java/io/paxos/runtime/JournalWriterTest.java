// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import static io.paxos.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.driver.Driver;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whether a thread may append itself depends on how long appends took by the clock, and so on what else the machine does: where a
 * test needs such a thread, it tries until there is one.
 */
@Timeout(60)
class JournalWriterTest {

    private static final FrameInbox.Input SOMETHING = Driver::endTurn; // looked at here, never given
    private static final Ballot BALLOT = new Ballot(1, new MemberId(new NodeId(1), new Incarnation(1)));

    private final StopSignal stop = new StopSignal();
    private final FrameInbox inbox = new FrameInbox(1_000, true, stop);
    private final RecordingJournal journal = new RecordingJournal();
    private final JournalWriter writer = new JournalWriter(journal, inbox, stop);
    private final AtomicReference<Throwable> endedBy = new AtomicReference<>();
    private final Thread thread = new Thread(() -> {
        try {
            writer.run();
        } catch (Throwable thrown) {
            endedBy.set(thrown);
        }
    });
    private long sequence;

    @AfterEach
    void end() throws InterruptedException {
        journal.goesOn.countDown();
        stop.close();
        writer.close();
        thread.join();
        assertFalse(journal.threadsMet(), "two threads were in the journal at once");
    }

    private static List<JournalWriter.Write> write(long sequence, int bytes) {
        Proposal proposal = new Proposal(sequence, BALLOT, Value.of(new byte[bytes]));
        return List.of(new JournalWriter.Write(sequence, List.of(new DurableRecord.Accepted(proposal))));
    }

    /** A turn of the core that writes that much; returns who appended it, once somebody has. */
    private Thread turn(int bytes, boolean mayWait) throws IOException {
        long mine = ++sequence;
        writer.append(write(mine, bytes), mayWait);
        writer.appendReserved();
        Thread by = journal.whoAppended(mine);
        while (by == null) {
            assertFalse(Thread.interrupted(), "nobody appended write " + mine); // by the test's timeout
            Thread.onSpinWait();
            by = journal.whoAppended(mine);
        }
        return by;
    }

    private void turnUntilOneAppendsItself() throws IOException {
        while (turn(1, true) != Thread.currentThread()) {
            Thread.onSpinWait();
        }
    }

    /** A thread that was lent and hangs in an append of its own; it ends when that has ended. */
    private Thread lentThatHangs() throws InterruptedException {
        Thread lent = new Thread(() -> {
            journal.hangFor(Thread.currentThread());
            try {
                turnUntilOneAppendsItself();
            } catch (IOException thrown) {
                throw new AssertionError(thrown);
            }
        });
        lent.start();
        assertTrue(journal.hangs.await(30, TimeUnit.SECONDS));
        return lent;
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    void aThreadAppendsItselfOnlyAfterManyQuickForces() throws Exception {
        thread.start();
        for (int i = 0; i < Quickness.GIVEN; i++) {
            assertSame(thread, turn(1, true));
        }
        turnUntilOneAppendsItself();
        assertSame(thread, turn(1, false), "not if it may not wait");
        assertEquals(upTo(sequence), journal.appended());
    }

    @Test
    void muchAtOnceIsForTheJournalsThread() throws Exception {
        thread.start();
        turnUntilOneAppendsItself();
        assertSame(thread, turn((16 << 10) + 1, true));
        while (turn(16 << 10, true) != Thread.currentThread()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aForceThatHangsCostsTheTrustAtOnce() throws Exception {
        thread.start();
        Thread lent = lentThatHangs();
        // Long enough by the clock to take away whatever was earned.
        assertFalse(stop.requested().await(Quickness.MOST, TimeUnit.MILLISECONDS));
        journal.goesOn.countDown();
        lent.join();
        assertSame(thread, turn(1, true));
    }

    @Test
    void nothingOvertakesAWriteThatWaits() throws Exception {
        CountDownLatch turning = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        AtomicLong hangsBehind = new AtomicLong();
        inbox.turnedBy(new Turnstile(
                inbox,
                stop,
                mayWait -> {
                    inbox.poll();
                    // Not for what it appended before: that it may bring in late.
                    if (hangsBehind.get() > 0
                            && journal.whoAppended(hangsBehind.get()) != null
                            && Thread.currentThread() == thread) {
                        turning.countDown();
                        assertTrue(goesOn.await(30, TimeUnit.SECONDS));
                    }
                },
                () -> {}));
        thread.start();
        turnUntilOneAppendsItself();
        hangsBehind.set(sequence + 1);
        assertSame(thread, turn(1, false));
        assertTrue(turning.await(30, TimeUnit.SECONDS)); // the journal's thread turns the core, and takes nothing
        long last = sequence;
        writer.append(write(++sequence, 1), false);
        writer.append(write(++sequence, 1), true);
        writer.appendReserved();
        assertEquals(upTo(last), journal.appended());
        goesOn.countDown();
        eventually("all are appended", () -> journal.appended().equals(upTo(last + 2)));
    }

    @Test
    void whatIsWrittenDuringAnAppendByALentThreadFollowsIt() throws Exception {
        thread.start();
        Thread lent = lentThatHangs();
        long last = sequence;
        writer.append(write(last + 1, 1), true);
        writer.appendReserved();
        writer.append(write(last + 2, 1), false);
        writer.append(write(last + 3, 1), true);
        writer.appendReserved();
        assertEquals(upTo(last - 1), journal.appended());
        journal.goesOn.countDown();
        lent.join();
        eventually("all are appended", () -> journal.appended().equals(upTo(last + 3)));
    }

    @Test
    void anOrderlyEndProvesTheLastBatch() throws Exception {
        thread.start();
        turn(1, false);
        long marks = journal.times("mark");
        turn(1, false); // a mark of idleness may have come before it, and may come after it
        stop.close();
        writer.close();
        thread.join();
        assertTrue(journal.times("mark") > marks);
        assertEquals("mark", journal.steps().get(journal.steps().size() - 1).what());
    }

    @Test
    void anEndByFailureWritesNothingMore() throws Exception {
        writer.append(write(++sequence, 1), false);
        journal.hangFor(thread);
        thread.start();
        assertTrue(journal.hangs.await(30, TimeUnit.SECONDS));
        stop.fail("the host's apply threw");
        journal.goesOn.countDown();
        thread.join();
        assertEquals(0, journal.times("mark"));
    }

    @Test
    void afterManyBytesInARowTheJournalsThreadHasItsTurn() throws Exception {
        thread.start();
        turnUntilOneAppendsItself();
        long prepared = journal.times("prepare");
        for (int i = 0; i < 128; i++) {
            turn(8 << 10, true);
        }
        long inARow = 0;
        for (RecordingJournal.Step step : journal.steps()) {
            inARow = step.by() == thread ? 0 : inARow + step.bytes();
            assertTrue(inARow <= (256 << 10) + (16 << 10), () -> "in a row, before " + step);
        }
        eventually("space was seen to", () -> journal.times("prepare") > prepared);
    }

    @Test
    void theLastAppendIsMarkedWhenNothingFollowsAlsoIfALentThreadMadeIt() throws Exception {
        thread.start();
        for (int i = 0; i < 5; i++) {
            turnUntilOneAppendsItself();
            eventually("it is marked", () -> {
                List<RecordingJournal.Step> steps = journal.steps();
                return steps.get(steps.size() - 1).what().equals("mark");
            });
        }
    }

    /** It looks again only after the force, which may take long: what comes in meanwhile is the core's own thread's. */
    @Test
    void whoGoesToAppendLeavesTheInboxToTheCoresThread() throws Exception {
        inbox.turnedBy(new Turnstile(inbox, stop, mayWait -> {}, () -> {}));
        thread.start();
        turnUntilOneAppendsItself();
        Thread core = new Thread(() -> {
            do { // it may be woken for what was forced, too
                inbox.await(Long.MAX_VALUE);
            } while (!inbox.poll().contains(SOMETHING));
        });
        core.start();
        eventually("the core's thread waits", () -> core.getState() == Thread.State.TIMED_WAITING);
        inbox.putQuietly(SOMETHING); // by a thread that found the core turning
        Thread lent = lentThatHangs();
        core.join(TimeUnit.SECONDS.toMillis(30));
        assertFalse(core.isAlive(), "the core's thread was not woken");
        journal.goesOn.countDown();
        lent.join();
    }

    /** A write behind a hole would be taken for a sign that what is missing was forced. */
    @Test
    void anAppendByALentThreadThatFailsStopsTheNodeBeforeAnybodyElseAppends() throws Exception {
        thread.start();
        turnUntilOneAppendsItself();
        OutOfMemoryError planted = new OutOfMemoryError("planted");
        journal.throwFor(Thread.currentThread(), planted);
        assertSame(planted, assertThrows(OutOfMemoryError.class, this::turnUntilOneAppendsItself));
        assertNotNull(stop.reason());
        assertSame(planted, stop.reason().cause());
        long last = sequence;
        writer.append(write(last + 1, 1), false);
        thread.join(); // and so the lock is free
        assertEquals(upTo(last - 1), journal.appended());
    }

    @Test
    void anAppendByTheJournalsThreadThatFailsStopsTheNodeBeforeAnybodyElseAppends() throws Exception {
        thread.start();
        turnUntilOneAppendsItself();
        long last = sequence;
        OutOfMemoryError planted = new OutOfMemoryError("planted");
        journal.throwFor(thread, planted);
        writer.append(write(last + 1, 1), false);
        thread.join();
        assertSame(planted, endedBy.get());
        assertSame(planted, stop.reason().cause());
        writer.append(write(last + 2, 1), true);
        writer.appendReserved();
        assertEquals(upTo(last), journal.appended());
    }

    @Test
    void theJournalsThreadEndsOnlyWhenNobodyAppendsAndNobodyWillAnyMore() throws Exception {
        thread.start();
        Thread lent = lentThatHangs();
        long last = sequence;
        stop.close();
        writer.close();
        thread.join(20);
        assertTrue(thread.isAlive(), "an append is under way");
        journal.goesOn.countDown();
        lent.join();
        thread.join();
        for (boolean mayWait : new boolean[] {true, false}) {
            writer.append(write(++sequence, 1), mayWait);
            writer.appendReserved();
        }
        assertEquals(upTo(last), journal.appended());
    }

    /** Three threads that were lent, the core's and the journal's: each write is appended once, and in sequence. */
    @Test
    void howeverThreadsMeetEachWriteIsAppendedOnceAndInSequence() throws Exception {
        int threads = 3;
        int each = 10_000;
        thread.start();
        turnUntilOneAppendsItself();
        int before = (int) sequence;
        AtomicInteger taken = new AtomicInteger(before);
        Turnstile turnstile = new Turnstile(
                inbox,
                stop,
                mayWait -> {
                    List<JournalWriter.Write> writes = new ArrayList<>();
                    for (FrameInbox.Input input : inbox.poll()) {
                        if (input == SOMETHING) {
                            writes.addAll(write(taken.incrementAndGet(), 1));
                        }
                    }
                    if (!writes.isEmpty()) {
                        writer.append(writes, mayWait);
                    }
                },
                writer::appendReserved);
        inbox.turnedBy(turnstile);
        Thread core = new Thread(() -> {
            while (!stop.isRequested()) {
                inbox.await(TimeUnit.MILLISECONDS.toNanos(2));
                turnstile.enter();
            }
        });
        core.start();
        List<Thread> lent = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread bringer = new Thread(() -> {
                for (int k = 0; k < each; k++) {
                    inbox.putQuietly(SOMETHING);
                    turnstile.offer(true);
                }
            });
            lent.add(bringer);
            bringer.start();
        }
        for (Thread bringer : lent) {
            bringer.join();
        }
        eventually("all are appended", () -> journal.appended().size() >= before + threads * each);
        stop.close();
        writer.close();
        core.join();
        assertEquals(upTo(taken.get()), journal.appended());
        assertEquals(before + threads * each, taken.get());
    }
}
