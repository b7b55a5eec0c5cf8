// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import io.paxos.Outcome;
import io.paxos.ReadLevel;
import io.paxos.transport.netty.client.PaxosClient;
import io.paxos.transport.netty.client.RemoteReadException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Locks, for a program. The client's session makes each request take effect once: an {@code acquire} whose answer was lost is
 * answered with the token that it got, and does not wait for its own lease to run out. Any thread.
 */
public final class LockClient implements AutoCloseable {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 100;

    private final PaxosClient client;
    private final String owner;

    /**
     * @param client closed with this
     * @param owner who others are told has the lock; 1 to 256 characters
     */
    public LockClient(PaxosClient client, String owner) {
        this.client = client;
        this.owner = owner;
    }

    /** Nobody can tell what became of a request, or it was refused. */
    public static final class LockException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LockException(String message) {
            super(message);
        }
    }

    /**
     * Wants a lock, and waits for it.
     *
     * @param lease how long it is wanted, 100 ms to a day
     * @param patience how long to wait while somebody else has it; zero asks once
     * @return empty if somebody else had it all the time
     * @throws LockException if nobody can tell; the lock may be held for the length of the lease then
     */
    public Optional<Lease> acquire(String name, Duration lease, Duration patience) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        byte[] request = LockCommand.acquire(name, owner, lease.toMillis()).encode();
        while (true) {
            long askedNanos = System.nanoTime();
            LockAnswer answer = execute(request);
            if (answer.kind() == LockAnswer.Kind.GRANTED) {
                return Optional.of(new Lease(name, answer.token(), askedNanos + lease.toNanos()));
            }
            if (answer.kind() != LockAnswer.Kind.HELD) {
                throw new LockException("lock " + name + ": " + answer.kind());
            }
            if (!awaitFree(name, answer, deadlineNanos)) {
                return Optional.empty();
            }
        }
    }

    /** Looks on, without writing to the log, until the lock may be free. False when the time is over. */
    private boolean awaitFree(String name, LockAnswer holder, long deadlineNanos) throws InterruptedException {
        // Agreed time stands still while nobody writes, so the end of the lease is waited for by this process's clock.
        long leftMillis = holder.leftMillis();
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(leftMillis);
        while (System.nanoTime() - deadlineNanos < 0) {
            long untilEndMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            if (untilEndMillis < 0) {
                return true;
            }
            long pauseMillis = Math.min(LOOK_MILLIS, untilEndMillis + 1);
            TimeUnit.MILLISECONDS.sleep(1 + ThreadLocalRandom.current().nextLong(pauseMillis));
            LockAnswer now = holder(name);
            if (!now.token().equals(holder.token())) {
                return true;
            }
            if (now.leftMillis() > leftMillis) {
                endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(now.leftMillis()); // renewed
            }
            leftMillis = now.leftMillis();
        }
        return false;
    }

    /**
     * Keeps a lock for longer.
     *
     * @param lease from now on
     * @return empty if it is lost
     */
    public Optional<Lease> renew(Lease held, Duration lease) throws InterruptedException {
        long askedNanos = System.nanoTime();
        LockAnswer answer = execute(
                LockCommand.renew(held.name(), held.token(), lease.toMillis()).encode());
        return answer.kind() == LockAnswer.Kind.GRANTED
                ? Optional.of(new Lease(held.name(), held.token(), askedNanos + lease.toNanos()))
                : Optional.empty();
    }

    /** Gives a lock back; false if it was not held under that token any more. */
    public boolean release(String name, FencingToken token) throws InterruptedException {
        return execute(LockCommand.release(name, token).encode()).kind() == LockAnswer.Kind.GRANTED;
    }

    /** Who has it now, as everybody would be told who asked at this moment. */
    LockAnswer holder(String name) throws InterruptedException {
        try {
            return LockAnswer.decode(client.queryAndWait(
                            ReadLevel.LINEARIZABLE, LockCommand.look(name).encode(), REQUEST_TIMEOUT)
                    .value());
        } catch (RemoteReadException failed) {
            throw new LockException("lock " + name + ": " + failed.getMessage());
        }
    }

    private LockAnswer execute(byte[] request) throws InterruptedException {
        Outcome outcome = client.executeAndWait(request, REQUEST_TIMEOUT);
        if (outcome instanceof Outcome.Done done) {
            return LockAnswer.decode(done.result());
        }
        if (outcome instanceof Outcome.Refused refused) {
            throw new LockException("refused: " + refused.detail());
        }
        throw new LockException("no answer within " + REQUEST_TIMEOUT.toSeconds() + " s; it may have taken effect");
    }

    @Override
    public void close() {
        client.close();
    }
}
