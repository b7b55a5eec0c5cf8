// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Command;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much callers of this node may have on its way at once, in commands and in bytes. Room is reserved at submit, by
 * any thread, and given back when the command is applied or never left; a command whose caller gave up keeps its room,
 * because the session must go on sending it.
 */
public final class SubmissionWindow {

    private final int commandsMax;
    private final long bytesMax;
    private final AtomicInteger commands = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    public SubmissionWindow(int commandsMax, long bytesMax) {
        this.commandsMax = commandsMax;
        this.bytesMax = bytesMax;
    }

    /** Reserves room for a command of that many bytes, or returns false and reserves nothing. Any thread. */
    public boolean tryReserve(int payloadBytes) {
        int size = payloadBytes + Command.OVERHEAD_BYTES;
        if (commands.incrementAndGet() > commandsMax) {
            commands.decrementAndGet();
            return false;
        }
        if (bytes.addAndGet(size) > bytesMax) {
            bytes.addAndGet(-size);
            commands.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Gives the room back. */
    public void release(int payloadBytes) {
        commands.decrementAndGet();
        bytes.addAndGet(-(payloadBytes + Command.OVERHEAD_BYTES));
    }

    public int commands() {
        return commands.get();
    }

    public long bytes() {
        return bytes.get();
    }
}
