// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.AppliedReport;
import io.paxos.driver.ApplySequence;
import io.paxos.driver.ApplyWork;
import io.paxos.driver.InstallReport;
import io.paxos.driver.ReadReport;
import io.paxos.model.Proposal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what was chosen, in the order in which the core handed it on, and does what has its place between slots: captures,
 * installs, reads, attachments. One thing at a time, under a lock.
 *
 * <p>It has a thread of its own, for a state machine may take its time. But to hand a command over and to be handed its result costs more
 * than many an {@code apply}. So one that says that it is quick ({@link io.paxos.StateMachine#appliesQuickly}) is also called by
 * whoever turned the core, after the turn and outside it.
 *
 * <pre>
 *   turn ── quick, little, nothing but slots waits ──▶ applied by the thread that turned
 *     └──── otherwise ─────────────────────────────▶ queued ──▶ applied by the apply thread
 * </pre>
 *
 * <p>Nothing is left lying: who cannot get in knows that somebody applies, and who applies looks again when it has let go. A
 * machine that is caught being slow is lent no thread until it has been quick again for a while.
 */
final class Applier {

    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

    /** Slots applied between two reports, so that the first results do not wait for the last slot. */
    private static final int SLOTS_PER_REPORT = 64;

    /** More than that at once is worth a thread's waking. */
    private static final long LENT_BYTES_MAX = 16 << 10;

    /** Rounds that a lent thread makes at most before it goes about its own business again. */
    private static final int LENT_ROUNDS_MAX = 4;

    /** A lent thread that was kept for so long is not kept for another round. */
    private static final long LONG_ENOUGH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Some hundred commands that take no longer are quick; so is a short pause of the collector. */
    static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final BatchQueue<ApplyWork> work = new BatchQueue<>();
    private final ReentrantLock applying = new ReentrantLock();
    private final String node;
    private final ApplySequence sequence;
    private final SnapshotKeeper keeper;
    private final FrameInbox inbox;
    private final StopSignal stop;
    private final NodeClock clock;

    /** Whether the state machine says that it is. */
    private final boolean quick;

    /** Whether it has been of late. */
    private volatile boolean provesQuick = true;

    /** Whoever applies. */
    private final Quickness quickness = Quickness.believed(QUICK_NANOS);

    private boolean complained;

    /** As of the last slot applied. */
    private volatile long agreedTimeMillis;

    /** @param quick whether threads that have other things to do may call the state machine */
    Applier(
            String node,
            ApplySequence sequence,
            boolean quick,
            SnapshotKeeper keeper,
            FrameInbox inbox,
            StopSignal stop,
            NodeClock clock) {
        this.node = node;
        this.sequence = sequence;
        this.quick = quick;
        this.keeper = keeper;
        this.inbox = inbox;
        this.stop = stop;
        this.clock = clock;
        this.agreedTimeMillis = sequence.agreedTimeMillis();
    }

    // ---- any thread ------------------------------------------------------------------------------------------------

    /** Something that has its place behind what waits now. */
    void put(ApplyWork next) {
        work.put(next);
    }

    long agreedTimeMillis() {
        return agreedTimeMillis;
    }

    /** Whether the calling thread applies just now, and so must not wait for what is applied. */
    boolean isHeldByCurrentThread() {
        return applying.isHeldByCurrentThread();
    }

    /** Wakes the thread for good. */
    void close() {
        work.close();
    }

    // ---- whoever turns the core ------------------------------------------------------------------------------------

    /** Takes what a turn produced; {@link #applyLent} comes after the turn. */
    void goOnWith(List<ApplyWork> more) {
        if (quick && isLight(more)) {
            work.putAllQuietly(more);
        } else {
            work.putAll(more);
        }
    }

    /** After a turn, outside the core: applies what waits, if this thread may, or sees to it that the apply thread does. */
    void applyLent() {
        if (!quick || applying.isHeldByCurrentThread()) {
            return; // nothing was put without waking; or called from within, and who applies looks again
        }
        for (int i = 0; i < LENT_ROUNDS_MAX && provesQuick; i++) {
            if (stop.isRequested() || work.isEmpty() || !applying.tryLock()) {
                return;
            }
            if (!applyRound()) {
                break;
            }
        }
        if (!work.isEmpty()) {
            work.wakeTaker();
        }
    }

    /** With the lock, which it gives back. Returns false if the apply thread should go on. */
    private boolean applyRound() {
        try {
            List<ApplyWork> batch = work.pollIf(Applier::isLight);
            long began = System.nanoTime();
            run(batch, true);
            return !batch.isEmpty() && System.nanoTime() - began < LONG_ENOUGH_NANOS;
        } catch (Throwable thrown) {
            stop.fail("apply of " + node, thrown); // before the lock is free: nothing is applied behind it
            return false;
        } finally {
            applying.unlock();
        }
    }

    private static boolean isLight(List<ApplyWork> batch) {
        long bytes = 0;
        for (ApplyWork each : batch) {
            if (!(each instanceof ApplyWork.Slots slots)) {
                return false;
            }
            for (Proposal chosen : slots.chosen()) {
                bytes += chosen.value().length();
            }
            if (bytes > LENT_BYTES_MAX) {
                return false;
            }
        }
        return true;
    }

    // ---- the apply thread ------------------------------------------------------------------------------------------

    /** The body of the thread. It ends when nobody applies any more. */
    void run() throws IOException {
        try {
            while (!stop.isRequested()) {
                work.await(Long.MAX_VALUE);
                applying.lock();
                try {
                    run(work.poll(), false);
                } catch (Throwable thrown) {
                    stop.fail("apply of " + node, thrown); // before the lock is free
                    throw thrown;
                } finally {
                    applying.unlock();
                }
            }
        } finally {
            applying.lock(); // for good
        }
    }

    // ---- with the lock ---------------------------------------------------------------------------------------------

    private void run(List<ApplyWork> batch, boolean onLentThread) throws IOException {
        List<Proposal> slots = new ArrayList<>();
        boolean measured = onLentThread || (quick && !batch.isEmpty() && isLight(batch)); // lent: looked at when taken
        for (ApplyWork next : batch) {
            if (stop.isRequested()) {
                return;
            }
            if (next instanceof ApplyWork.Slots more) {
                slots.addAll(more.chosen());
                continue;
            }
            apply(slots, measured, onLentThread);
            slots.clear();
            between(next);
        }
        apply(slots, measured, onLentThread);
    }

    private void between(ApplyWork next) throws IOException {
        if (next instanceof ApplyWork.Take capture) {
            capture(capture);
        } else if (next instanceof ApplyWork.Install install) {
            restore(install);
        } else if (next instanceof ApplyWork.Attach attach) {
            sequence.attach(attach.session(), attach.boot(), attach.receiver());
        } else if (next instanceof ApplyWork.Detach detach) {
            sequence.detach(detach.session(), detach.receiver());
        } else if (next instanceof ApplyWork.Look look) {
            look.answer().accept(sequence.fateOf(look.session(), look.boot(), look.sequence()));
        } else if (next instanceof ApplyWork.Reads some && !stop.isRequested()) {
            ReadReport report = some.run(sequence.applied(), clock::nowMillis);
            inbox.putAndTurn(driver -> driver.readsDone(report));
        }
    }

    private void apply(List<Proposal> slots, boolean measured, boolean onLentThread) {
        for (int from = 0; from < slots.size() && !stop.isRequested(); from += SLOTS_PER_REPORT) {
            int to = Math.min(slots.size(), from + SLOTS_PER_REPORT);
            long began = measured ? System.nanoTime() : 0;
            AppliedReport report = sequence.apply(slots.subList(from, to));
            if (measured) {
                took(System.nanoTime() - began);
            }
            agreedTimeMillis = report.agreedTimeMillis();
            // Who turned the core before it came here looks at the inbox when it leaves: it needs no turn within the
            // apply.
            if (report.isWaitedFor() && !onLentThread) {
                inbox.putAndTurn(driver -> driver.applied(report));
            } else {
                inbox.putQuietly(driver -> driver.applied(report));
            }
        }
    }

    private void took(long nanos) {
        quickness.took(nanos);
        provesQuick = quickness.isGiven();
        if (!provesQuick && !complained) {
            complained = true;
            LOG.warn(
                    "{}: the state machine says that it applies quickly, and took {} ms for a few commands; until it has been"
                            + " quick for a while it is called on the apply thread",
                    node,
                    TimeUnit.NANOSECONDS.toMillis(nanos));
        }
    }

    private void capture(ApplyWork.Take capture) {
        if (stop.isRequested()) {
            return;
        }
        if (keeper.isUpTo(sequence.applied())) {
            return;
        }
        try {
            keeper.write(capture.founding(), sequence.capture());
        } catch (UnsupportedOperationException unsupported) {
            keeper.unsupported(unsupported);
        }
    }

    private void restore(ApplyWork.Install install) throws IOException {
        if (stop.isRequested()) {
            return;
        }
        InstallReport report = keeper.files().restore(install.id(), null, sequence);
        agreedTimeMillis = sequence.agreedTimeMillis();
        inbox.put(driver -> driver.snapshots().installed(report));
    }
}
