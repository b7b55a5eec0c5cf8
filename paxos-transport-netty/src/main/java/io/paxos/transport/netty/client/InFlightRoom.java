// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How much more the application may have in flight: commands, their bytes, and reads. Any thread. */
final class InFlightRoom {
    private final Semaphore commands;
    private final Semaphore commandBytes;
    private final Semaphore reads;

    InFlightRoom(ClientSettings settings) {
        this.commands = new Semaphore(settings.commandsMax());
        this.commandBytes = new Semaphore(settings.commandBytesMax());
        this.reads = new Semaphore(settings.readsMax());
    }

    /** Takes the room of one command; false if there is none. */
    boolean takeCommand(int bytes) {
        if (!commands.tryAcquire()) {
            return false;
        }
        if (!commandBytes.tryAcquire(bytes)) {
            commands.release();
            return false;
        }
        return true;
    }

    /** The same, and waits so long for it. */
    boolean takeCommand(int bytes, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        if (!commands.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
            return false;
        }
        boolean taken = false;
        try {
            taken = commandBytes.tryAcquire(bytes, Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return taken;
        } finally {
            if (!taken) {
                commands.release();
            }
        }
    }

    /** Gives back the room of one that has its outcome. */
    void give(Submission submission) {
        if (submission.takesRoom()) {
            commandBytes.release(submission.bytes());
            commands.release();
        }
    }

    /** Takes the room of one read; false if there is none. */
    boolean takeRead() {
        return reads.tryAcquire();
    }

    /** The same, and waits so long for it. */
    boolean takeRead(long nanos) throws InterruptedException {
        return reads.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    }

    /** Gives back the room of one read. */
    void giveRead() {
        reads.release();
    }
}
