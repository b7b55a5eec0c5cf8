// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * So many operations a second, whatever becomes of them. Each has a moment at which it is due, and its latency counts from
 * there: when the sender is late, because it overslept or because as many are in flight as may be, the wait is in the figure. An
 * operation that fails is not sent again.
 */
final class OpenLoop implements Loop {

    private static final int IN_FLIGHT_MAX = 16_384;

    /** Bytes of all commands in flight, at most; the nodes are told to bear that. */
    private static final int IN_FLIGHT_BYTES_MAX = LoadPlan.IN_FLIGHT_BYTES_MAX;

    private final Target target;
    private final Tally tally;
    private final Operation operation;
    private final Commands commands;
    private final long ratePerSecond;
    private final int inFlightMax;
    private final Semaphore room;
    private final Thread sender = new Thread(this::send, "bench-sender");
    private volatile boolean stopped;

    OpenLoop(Target target, LoadSpec spec, Tally tally) {
        this.target = target;
        this.tally = tally;
        this.operation = spec.operation();
        this.ratePerSecond = spec.ratePerSecond();
        this.commands = new Commands(spec.sizeBytes());
        this.inFlightMax = inFlightMax(spec.sizeBytes());
        this.room = new Semaphore(inFlightMax);
        sender.setDaemon(true);
    }

    /** How many operations of that size are in flight at most. */
    static int inFlightMax(int sizeBytes) {
        return Math.min(IN_FLIGHT_MAX, IN_FLIGHT_BYTES_MAX / sizeBytes);
    }

    @Override
    public void start() {
        sender.start();
    }

    @Override
    public void stop() {
        stopped = true;
        LockSupport.unpark(sender);
    }

    @Override
    public int unanswered() {
        return inFlightMax - room.availablePermits() + (sender.isAlive() ? 1 : 0);
    }

    private void send() {
        byte[] command = commands.fresh();
        long begin = System.nanoTime();
        try {
            for (long i = 0; !stopped; i++) {
                long due = begin + dueNanos(i, ratePerSecond);
                for (long early = due - System.nanoTime(); early > 0 && !stopped; early = due - System.nanoTime()) {
                    LockSupport.parkNanos(early);
                }
                room.acquire();
                sendOne(command, due);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How long after the first one the operation of that number is due. */
    static long dueNanos(long number, long ratePerSecond) {
        long second = TimeUnit.SECONDS.toNanos(1);
        return number / ratePerSecond * second + number % ratePerSecond * second / ratePerSecond;
    }

    private void sendOne(byte[] command, long due) {
        Target.Completion completion = failure -> completed(due, failure);
        if (operation == Operation.READ) {
            target.read(completion);
        } else {
            commands.number(command);
            target.write(command, completion);
        }
    }

    private void completed(long due, @Nullable Object failure) {
        if (failure == null) {
            tally.answered(due, System.nanoTime());
        } else {
            tally.failed(failure);
        }
        room.release();
    }
}
