// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.CommandToken;
import io.paxos.Outcome;
import io.paxos.ReadLevel;
import io.paxos.ReadRefusal;
import io.paxos.ReadResult;
import io.paxos.model.NodeId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of a replicated log in another process.
 *
 * <pre>{@code
 * PaxosClient client = PaxosClient.builder()
 *         .address("a.example", 7400).address("b.example", 7400).address("c.example", 7400)
 *         .connect();
 * Outcome outcome = client.executeAndWait(command, Duration.ofSeconds(5));
 * }</pre>
 *
 * <p>It keeps a session in the cluster: each command takes effect at most once, in the order in which {@link #execute} was
 * called, whatever becomes of connections, leaders and nodes in the meantime; it sends again, and finds another node, until
 * the command's deadline, and each caller hears how it ended, or that nobody knows. It keeps a connection to every node it
 * knows, sends commands to the leader, and reads that the leader must confirm, too, while it keeps up; other reads are spread
 * over all.
 *
 * <p>Every method may be called from any thread; one client is meant for many. Futures complete on the {@link
 * PaxosClientBuilder#executor}, never on an I/O thread. What is refused at once is complete when the method returns.
 */
public final class PaxosClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PaxosClient.class);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);
    private static final Duration TIMEOUT_MAX = Duration.ofDays(1);

    private final ClientSettings settings;
    private final Duration defaultTimeout;
    private final ClientLoop loop;

    PaxosClient(ClientSettings settings) {
        this.settings = settings;
        this.defaultTimeout = Duration.ofMillis(settings.timeoutMillis());
        this.loop = new ClientLoop(settings);
        loop.start();
    }

    /** Begins to say how a client is to be. */
    public static PaxosClientBuilder builder() {
        return new PaxosClientBuilder();
    }

    // ---- commands ------------------------------------------------------------------------------------------------

    /** {@link #execute(byte[], Duration)} with the configured {@link PaxosClientBuilder#timeout}. */
    public CompletableFuture<Outcome> execute(byte[] command) {
        return execute(command, defaultTimeout);
    }

    /**
     * Has a command applied, once, behind those given before. If as much is in flight as may be, it is refused at once.
     *
     * @param command copied before the method returns
     * @param timeout above zero, up to a day; when it has passed, the future completes with what is known then
     * @return never fails
     */
    public CompletableFuture<Outcome> execute(byte[] command, Duration timeout) {
        long timeoutMillis = requireTimeout(timeout);
        if (command.length > settings.commandBytesMax()) {
            return CompletableFuture.completedFuture(Outcomes.tooLarge(command.length, settings.commandBytesMax()));
        }
        if (!loop.room().takeCommand(command.length)) {
            return CompletableFuture.completedFuture(Outcomes.tooMany());
        }
        return submit(command, loop.nowMillis() + timeoutMillis);
    }

    /**
     * Has a command applied, and waits for its outcome; first for room, if as much is in flight as may be.
     *
     * @throws InterruptedException if the caller was interrupted; the command may take effect all the same
     */
    public Outcome executeAndWait(byte[] command, Duration timeout) throws InterruptedException {
        long deadlineMillis = loop.nowMillis() + requireTimeout(timeout);
        if (command.length > settings.commandBytesMax()) {
            return Outcomes.tooLarge(command.length, settings.commandBytesMax());
        }
        if (!loop.room().takeCommand(command.length, timeout.toNanos())) {
            return Outcomes.tooMany();
        }
        try {
            return submit(command, deadlineMillis).get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("an outcome is no exception", impossible);
        }
    }

    private CompletableFuture<Outcome> submit(byte[] command, long deadlineMillis) {
        CompletableFuture<Outcome> future = new CompletableFuture<>();
        loop.submit(new Submission(command.clone(), deadlineMillis, future));
        return future;
    }

    /**
     * Asks again what became of a command of this client that ended as unknown: a client goes on sending it, and remembers
     * for a while how it ended.
     *
     * @param token as {@link Outcome.Unknown} gave it
     * @return never fails; {@link Outcome.Unknown} again if nothing more is known in time, or ever will be
     */
    public CompletableFuture<Outcome> ask(CommandToken token, Duration timeout) {
        long timeoutMillis = requireTimeout(timeout);
        if (!loop.room().takeCommand(0)) {
            return CompletableFuture.completedFuture(Outcomes.unknown(token));
        }
        CompletableFuture<Outcome> future = new CompletableFuture<>();
        loop.submit(new Question(token, new Submission(new byte[0], loop.nowMillis() + timeoutMillis, future)));
        return future;
    }

    private static long requireTimeout(Duration timeout) {
        if (timeout.compareTo(TIMEOUT_MIN) < 0 || timeout.compareTo(TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException(
                    "timeout: " + timeout + " is outside the allowed range PT0.001S.." + TIMEOUT_MAX);
        }
        return timeout.toMillis();
    }

    // ---- reads ---------------------------------------------------------------------------------------------------

    /** {@link #query(ReadLevel, byte[], Duration)} with the configured {@link PaxosClientBuilder#timeout}. */
    public CompletableFuture<ReadResult<byte[]>> query(ReadLevel level, byte[] query) {
        return query(level, query, defaultTimeout);
    }

    /**
     * Asks the state machine of some node, without a write to the log. Not ordered with this client's commands in flight: to see
     * one of them, wait for its outcome, or ask for {@code ReadLevel.atLeast} its position.
     *
     * @param query copied before the method returns; as long as the frame that a node takes, which is 4 MiB by default, or it fails
     *     as {@code TOO_LARGE}
     * @return fails with a {@link RemoteReadException}
     */
    public CompletableFuture<ReadResult<byte[]>> query(ReadLevel level, byte[] query, Duration timeout) {
        long timeoutMillis = requireTimeout(timeout);
        if (!loop.room().takeRead()) {
            return CompletableFuture.failedFuture(tooManyReads());
        }
        return ask(level, query, loop.nowMillis() + timeoutMillis);
    }

    /**
     * Asks the state machine of some node, and waits for the answer; first for room, if as many reads are in flight as may be.
     *
     * @throws RemoteReadException if there is no answer
     * @throws InterruptedException if the caller was interrupted
     */
    public ReadResult<byte[]> queryAndWait(ReadLevel level, byte[] query, Duration timeout)
            throws InterruptedException {
        long deadlineMillis = loop.nowMillis() + requireTimeout(timeout);
        if (!loop.room().takeRead(timeout.toNanos())) {
            throw tooManyReads();
        }
        try {
            return ask(level, query, deadlineMillis).get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RemoteReadException refused) {
                throw refused;
            }
            throw new IllegalStateException("a read fails in one way only", failed);
        }
    }

    private static RemoteReadException tooManyReads() {
        return new RemoteReadException(ReadRefusal.OVERLOADED, "as many reads of this client are in flight as may be");
    }

    private CompletableFuture<ReadResult<byte[]>> ask(ReadLevel level, byte[] query, long deadlineMillis) {
        CompletableFuture<ReadResult<byte[]>> future = new CompletableFuture<>();
        loop.submit(new PendingRead(level, query.clone(), deadlineMillis, future));
        return future;
    }

    // ---- the rest ------------------------------------------------------------------------------------------------

    /** The node that says of itself that it leads, as far as this client has heard. */
    public Optional<NodeId> leader() {
        return loop.leader();
    }

    /** {@link #close(Duration)} with five seconds. */
    @Override
    public void close() {
        close(CLOSE_PATIENCE);
    }

    /**
     * Takes no more, waits for what was taken, closes the session and the connections. What has no answer when the time is over
     * is settled with what is known then. Idempotent. Called by a continuation on the client's I/O thread, where an executor ran
     * it, it ends without waiting, and the client soon after.
     */
    public void close(Duration patience) {
        CompletableFuture<Void> closed = loop.close(patience);
        if (loop.isCurrent()) {
            var unused = closed.thenRun(loop::shutDown);
            return;
        }
        try {
            closed.get(patience.toMillis() + CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException stuck) {
            LOG.warn("{} did not end in time", settings.name(), stuck);
        }
        loop.shutDown();
    }

    @Override
    public String toString() {
        return "client " + settings;
    }
}
