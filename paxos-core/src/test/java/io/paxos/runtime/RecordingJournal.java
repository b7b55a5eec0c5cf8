// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.journal.Journal;
import io.paxos.journal.JournalDamage;
import io.paxos.journal.JournalSpace;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A journal that keeps nothing but what was done with it and by whom; it hangs and throws for one thread when it is told to. */
final class RecordingJournal implements Journal {

    /**
     * @param slot of the record, for an append; each record is one of its own here
     * @param bytes of its value
     */
    record Step(String what, long slot, long bytes, Thread by) {}

    final CountDownLatch hangs = new CountDownLatch(1);
    final CountDownLatch goesOn = new CountDownLatch(1);
    private final List<Step> steps = new ArrayList<>();
    private final Map<Long, Thread> appendedBy = new HashMap<>();
    private boolean inUse;
    private boolean met;
    private volatile Thread hangsFor;
    private volatile Thread throwsFor;
    private volatile Error thrown;

    /** The next append by that thread hangs until {@link #goesOn}. */
    void hangFor(Thread thread) {
        hangsFor = thread;
    }

    /** The next append by that thread throws, and is not latched shut. */
    void throwFor(Thread thread, Error what) {
        thrown = what;
        throwsFor = thread;
    }

    @Override
    public void append(List<DurableRecord> records) {
        use();
        try {
            Thread by = Thread.currentThread();
            if (by == hangsFor) {
                hangsFor = null;
                hangs.countDown();
                if (!goesOn.await(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("it was to go on within 30 s");
                }
            }
            if (by == throwsFor) {
                throwsFor = null;
                throw thrown;
            }
            for (DurableRecord record : records) {
                if (record instanceof DurableRecord.Accepted accepted) {
                    Proposal proposal = accepted.proposal();
                    add("append", proposal.slot(), proposal.value().length());
                } else if (record instanceof DurableRecord.KnownChosen mark) {
                    add("append", mark.slot(), 0);
                }
            }
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        } finally {
            leave();
        }
    }

    @Override
    public void markIdle() {
        use();
        add("mark", 0, 0);
        leave();
    }

    @Override
    public void prepare() {
        use();
        add("prepare", 0, 0);
        leave();
    }

    private synchronized void use() {
        met |= inUse;
        inUse = true;
    }

    private synchronized void leave() {
        inUse = false;
    }

    private synchronized void add(String what, long slot, long bytes) {
        steps.add(new Step(what, slot, bytes, Thread.currentThread()));
        if (slot > 0) {
            appendedBy.put(slot, Thread.currentThread());
        }
    }

    synchronized List<Step> steps() {
        return List.copyOf(steps);
    }

    /** The slots that were appended, in that order. */
    List<Long> appended() {
        return steps().stream()
                .filter(step -> step.what().equals("append"))
                .map(Step::slot)
                .toList();
    }

    /** Who appended that slot, or null. */
    synchronized Thread whoAppended(long slot) {
        return appendedBy.get(slot);
    }

    long times(String what) {
        return steps().stream().filter(step -> step.what().equals(what)).count();
    }

    /** Whether two threads were in it at once. */
    synchronized boolean threadsMet() {
        return met;
    }

    @Override
    public DurableState recovered() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<JournalDamage> damage() {
        return List.of();
    }

    @Override
    public List<SlotRange> unknown() {
        return List.of();
    }

    @Override
    public JournalSpace space() {
        return JournalSpace.ENOUGH;
    }

    @Override
    public List<Proposal> readChosen(SlotRange slots, int bytesMax) {
        return List.of();
    }

    @Override
    public void close() {}
}
