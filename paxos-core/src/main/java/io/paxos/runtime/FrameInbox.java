// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.Driver;
import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.transport.CopyRefusal;
import io.paxos.transport.Transport;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the core: frames, bounded in bytes and dropped when there is no room, because the protocol repeats what
 * matters; and completions and submissions, which are never dropped and are bounded where they begin.
 */
final class FrameInbox implements Transport.Receiver {

    /** Something for the driver. */
    @FunctionalInterface
    interface Input {
        void give(Driver driver);
    }

    private final BatchQueue<Input> queue = new BatchQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final long bytesMax;
    private final StopSignal stop;
    private final boolean mayKeepReceiving;

    /** How the core is turned by who brings something in; nobody does before it is there. */
    private volatile @Nullable Turnstile turnstile;

    /**
     * @param mayKeepReceiving whether threads that bring frames in may be kept until a force has ended
     */
    FrameInbox(long bytesMax, boolean mayKeepReceiving, StopSignal stop) {
        this.bytesMax = bytesMax;
        this.mayKeepReceiving = mayKeepReceiving;
        this.stop = stop;
    }

    /** From now on, who brings something in may turn the core. */
    void turnedBy(Turnstile turnstile) {
        this.turnstile = turnstile;
    }

    /**
     * Takes a frame in, or drops it. One that is longer than the bound is taken when nothing else waits: a page of values
     * with its headers may be, and were it dropped each time, its receiver could never catch up. Any thread; never throws.
     */
    @Override
    public void receive(Frame frame) {
        Input input = admit(frame);
        if (input != null) {
            queue.put(input);
        }
    }

    /** Takes in what arrived together, and turns the core if it is at rest. */
    @Override
    public void receive(List<Frame> frames) {
        for (int i = 0; i < frames.size(); i++) {
            Input input = admit(frames.get(i));
            if (input != null) {
                queue.putQuietly(input);
            }
        }
        turn(mayKeepReceiving);
    }

    private @Nullable Input admit(Frame frame) {
        try {
            if (stop.isRequested()) {
                return null;
            }
            int length = FrameCodec.encodedLength(frame);
            long waiting = bytes.getAndAdd(length);
            if (waiting > 0 && waiting + length > bytesMax) {
                bytes.addAndGet(-length);
                dropped.incrementAndGet();
                return null;
            }
            return driver -> {
                bytes.addAndGet(-length);
                driver.receive(frame);
            };
        } catch (Throwable thrown) {
            stop.fail("receiving a frame", thrown);
            return null;
        }
    }

    @Override
    public void refusedAsCopy(CopyRefusal refusal) {
        if (!stop.isRequested()) {
            queue.put(driver -> driver.refusedAsCopy(refusal));
        }
    }

    /**
     * For threads of callers: the core's thread is woken, so that many that come one after another are one turn. One that calls
     * from within a turn, in what was chained to a result, turns again itself.
     */
    void put(Input input) {
        Turnstile in = turnstile;
        if (in != null && in.isHeldByCurrentThread()) {
            queue.putQuietly(input);
        } else {
            queue.put(input);
        }
    }

    /** For threads that have brought all they have: the core is turned by this one if it is at rest. */
    void putAndTurn(Input input) {
        queue.putQuietly(input);
        turn(false);
    }

    /** For what can wait until the core turns anyway, which it does every few milliseconds. */
    void putQuietly(Input input) {
        queue.putQuietly(input);
    }

    private void turn(boolean mayWait) {
        Turnstile in = turnstile;
        if (in == null) {
            queue.wakeTaker();
        } else {
            in.offer(mayWait);
        }
    }

    /** Waits up to that long until there is something. */
    void await(long nanosMax) {
        queue.await(nanosMax);
    }

    /** Takes all there is. */
    List<Input> poll() {
        return queue.poll();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Wakes the core's own thread, if it waits. */
    void wakeCore() {
        queue.wakeTaker();
    }

    /** How many frames were dropped since the last call. */
    long takeDropped() {
        return dropped.get() == 0 ? 0 : dropped.getAndSet(0);
    }
}
