// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.Driver;
import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.transport.CopyRefusal;
import io.paxos.transport.Transport;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

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

    FrameInbox(long bytesMax, StopSignal stop) {
        this.bytesMax = bytesMax;
        this.stop = stop;
    }

    /**
     * Takes a frame in, or drops it. One that is longer than the bound is taken when nothing else waits: a page of values
     * with its headers may be, and were it dropped each time, its receiver could never catch up. Any thread; never throws.
     */
    @Override
    public void receive(Frame frame) {
        try {
            if (stop.isRequested()) {
                return;
            }
            int length = FrameCodec.encodedLength(frame);
            long waiting = bytes.getAndAdd(length);
            if (waiting > 0 && waiting + length > bytesMax) {
                bytes.addAndGet(-length);
                dropped.incrementAndGet();
                return;
            }
            queue.put(driver -> {
                bytes.addAndGet(-length);
                driver.receive(frame);
            });
        } catch (Throwable thrown) {
            stop.fail("receiving a frame", thrown);
        }
    }

    @Override
    public void refusedAsCopy(CopyRefusal refusal) {
        if (!stop.isRequested()) {
            queue.put(driver -> driver.refusedAsCopy(refusal));
        }
    }

    void put(Input input) {
        queue.put(input);
    }

    List<Input> takeAll(long nanosMax) {
        return queue.takeAll(nanosMax);
    }

    /** How many frames were dropped since the last call. */
    long takeDropped() {
        return dropped.get() == 0 ? 0 : dropped.getAndSet(0);
    }
}
