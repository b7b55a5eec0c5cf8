// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.journal.Journal;
import io.paxos.journal.JournalSpace;
import io.paxos.model.DurableRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the journal, in the order in which the core asked for it, and tells the core what is forced.
 *
 * <p>The journal has a thread of its own: one append, and so one force, for all that queued up while the last one ran. But
 * where forces are quick and there is little to write, handing a write over and being told of its end cost more than the
 * write. Then the thread that turned the core may append itself, if it may be kept that long ({@code mayWait}), and does so
 * after the turn, outside the core: others turn it meanwhile, and what they write waits its turn here.
 *
 * <pre>
 *   turn ── mayWait, small, forces were quick, nothing before it ──▶ reserved by the turning thread ──▶ appended by it
 *     └──── otherwise ──▶ queued ──▶ appended by the journal's thread
 * </pre>
 *
 * <p>Whoever appends holds the lock, and a reservation holds it from within the turn on: so nothing overtakes.
 */
final class JournalWriter {

    /** More than that at once is worth a thread's waking. */
    private static final long RESERVED_BYTES_MAX = 16 << 10;

    /** After so many bytes the journal's own thread has a turn: it obtains the next segment. */
    private static final long RESERVED_BYTES_IN_A_ROW_MAX = 256 << 10;

    /** A force that takes no longer may be waited for by a thread that has other things to do. */
    static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(Journal.IDLE_MARK_MILLIS);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(Journal.SPACE_RETRY_MILLIS);

    /**
     * @param sequence the driver's number for it
     * @param records the records of one step
     */
    record Write(long sequence, List<DurableRecord> records) {}

    private final Journal journal;
    private final FrameInbox inbox;
    private final StopSignal stop;
    private final BatchQueue<Write> waiting = new BatchQueue<>();
    private final ReentrantLock appending = new ReentrantLock();

    // Whoever holds the lock.
    private @Nullable List<Write> reserved;
    private long reservedBytesInARow;
    private final Quickness quickness = Quickness.unknown(QUICK_NANOS);
    private boolean marked = true;
    private long appendedNanos;

    /** What the driver was last told; the journal's thread only. */
    private boolean saidShort;

    JournalWriter(Journal journal, FrameInbox inbox, StopSignal stop) {
        this.journal = journal;
        this.inbox = inbox;
        this.stop = stop;
    }

    // ---- whoever turns the core ---------------------------------------------------------------------------------

    /**
     * Takes the writes of a turn.
     *
     * @param mayWait whether the calling thread may append them itself, by {@link #appendReserved} after the turn
     */
    void append(List<Write> writes, boolean mayWait) {
        if (!mayWait || bytesOf(writes) > RESERVED_BYTES_MAX || !appending.tryLock()) {
            waiting.putAll(writes);
            return;
        }
        if (quickness.isGiven() && reservedBytesInARow <= RESERVED_BYTES_IN_A_ROW_MAX && waiting.isEmpty()) {
            reserved = writes; // the lock is kept
            return;
        }
        appending.unlock();
        waiting.putAll(writes);
    }

    /** Appends what the calling thread reserved, if anything, and leaves word for the core. */
    void appendReserved() throws IOException {
        if (!appending.isHeldByCurrentThread()) {
            return;
        }
        try {
            List<Write> writes = reserved;
            reserved = null;
            if (writes == null || stop.isRequested()) {
                return;
            }
            reservedBytesInARow += bytesOf(writes);
            if (marked) {
                waiting.wakeTaker(); // it waits without an end: from now on it has to look whether this is to be marked
            }
            if (!inbox.isEmpty()) {
                inbox.wakeCore(); // brought in while the core was turned: this thread looks again only after the force
            }
            appendNow(writes);
            inbox.putQuietly(forced(writes));
        } catch (Throwable thrown) {
            stop.fail("journal", thrown); // before the lock is free: a write behind a hole would vouch for it
            throw thrown;
        } finally {
            appending.unlock();
        }
    }

    private static long bytesOf(List<Write> writes) {
        long bytes = 0;
        for (Write write : writes) {
            for (DurableRecord record : write.records()) {
                bytes += record instanceof DurableRecord.Accepted accepted
                        ? accepted.proposal().value().length()
                        : record instanceof DurableRecord.Chosen chosen
                                ? chosen.proposal().value().length()
                                : 0;
            }
        }
        return bytes;
    }

    private static FrameInbox.Input forced(List<Write> writes) {
        long last = writes.get(writes.size() - 1).sequence();
        return driver -> driver.forced(last);
    }

    private void appendNow(List<Write> writes) throws IOException {
        List<DurableRecord> records = writes.get(0).records();
        if (writes.size() > 1) {
            records = new ArrayList<>();
            for (Write write : writes) {
                records.addAll(write.records());
            }
        }
        long began = System.nanoTime();
        journal.append(records);
        appendedNanos = System.nanoTime();
        quickness.took(appendedNanos - began);
        marked = false;
    }

    // ---- the journal's thread -----------------------------------------------------------------------------------

    /**
     * The body of the thread. When nothing came for a while, and at an orderly end, the journal marks that the last batch was
     * forced. A member that may not vote writes nothing: so a full disk is looked at again without being asked to.
     */
    void run() throws IOException {
        try {
            long waitNanos = Long.MAX_VALUE;
            while (!stop.isRequested()) {
                waiting.await(waitNanos);
                List<Write> appended = locked(this::appendWaiting);
                if (!appended.isEmpty()) {
                    inbox.putAndTurn(forced(appended));
                }
                waitNanos = locked(this::lookAfter);
            }
            locked(this::markEnd);
        } catch (Throwable thrown) {
            stop.fail("journal", thrown); // not only when it has the lock, which a disk that hangs may keep from it
            throw thrown;
        } finally {
            appending.lock(); // for good: whoever appends just now is waited for, and nobody does any more
        }
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T locked(Work<T> work) throws IOException {
        appending.lock();
        try {
            return work.run();
        } catch (Throwable thrown) {
            stop.fail("journal", thrown); // as above
            throw thrown;
        } finally {
            appending.unlock();
        }
    }

    /** Group commit: one append, and so one force, for all that queued up while the last one ran. */
    private List<Write> appendWaiting() throws IOException {
        List<Write> writes = waiting.poll();
        if (writes.isEmpty() || stop.isRequested()) {
            return List.of();
        }
        appendNow(writes);
        return writes;
    }

    /**
     * Marks, and obtains space.
     *
     * @return how long to wait for more
     */
    private long lookAfter() throws IOException {
        reservedBytesInARow = 0;
        if (stop.isRequested()) {
            return 0;
        }
        if (!marked && System.nanoTime() - appendedNanos >= IDLE_NANOS) {
            journal.markIdle();
            marked = true;
        }
        if (!marked || saidShort) {
            journal.prepare();
            tellSpace();
        }
        return !marked ? IDLE_NANOS : saidShort ? RETRY_NANOS : Long.MAX_VALUE;
    }

    /**
     * An orderly end: damage to the last batch is to be known as such at the next start. What still waits is not appended:
     * a write before it may have been dropped, and nobody was told of either.
     */
    private boolean markEnd() throws IOException {
        if (!marked && stop.isOrderly()) {
            journal.markIdle();
            marked = true;
        }
        return marked;
    }

    private void tellSpace() {
        JournalSpace space = journal.space();
        if (space.isShort() != saidShort) {
            saidShort = space.isShort();
            inbox.put(driver -> driver.journalSpace(!space.isShort(), space.detail()));
        }
    }

    /** Wakes the thread for good. */
    void close() {
        waiting.close();
    }
}
