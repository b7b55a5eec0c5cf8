// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Command;

/**
 * How much callers of this node may have on its way at once, in commands and in bytes. Room is reserved at submit, by
 * any thread, and given back when the command is applied or never left; a command whose caller gave up keeps its room,
 * because the session must go on sending it. Nothing waits in here.
 */
public final class SubmissionWindow {

    private final int commandsMax;
    private final long bytesMax;
    private int commands;
    private long bytes;

    public SubmissionWindow(int commandsMax, long bytesMax) {
        this.commandsMax = commandsMax;
        this.bytesMax = bytesMax;
    }

    /** Reserves room for a command of that many bytes, or returns false and reserves nothing. Any thread. */
    public synchronized boolean tryReserve(int payloadBytes) {
        int size = payloadBytes + Command.OVERHEAD_BYTES;
        if (commands == commandsMax || bytes + size > bytesMax) {
            return false;
        }
        commands++;
        bytes += size;
        return true;
    }

    /** Gives the room back. */
    public synchronized void release(int payloadBytes) {
        commands--;
        bytes -= payloadBytes + Command.OVERHEAD_BYTES;
    }

    public synchronized int commands() {
        return commands;
    }

    public synchronized long bytes() {
        return bytes;
    }
}
