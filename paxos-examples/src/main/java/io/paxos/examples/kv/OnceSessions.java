// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.ClientGateway;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * {@code ONCE}: exactly once for clients that number their commands, whatever connections and nodes they use. A client is a
 * session of the log, as a remote client's is; see {@link OnceSession} for what becomes of a command.
 *
 * <p>The clients that were heard last are kept attached; the others' sessions are in the log all the same.
 */
final class OnceSessions implements AutoCloseable {

    /** Clients that are attached at a time. */
    static final int CLIENTS_MAX = 10_000;

    private static final long TICK_MILLIS = 50;

    private final ClientGateway gateway;
    private final Supplier<CompletableFuture<?>> upToDate;
    private final OnceSession.Entry entry;
    private final long sessionMillis;
    private final long patienceNanos;
    private final ScheduledThreadPoolExecutor thread;

    /** By the client's name, the one that was heard longest ago first. The thread's. */
    private final Map<String, OnceSession> sessions = new LinkedHashMap<>(16, 0.75f, true);

    private boolean ticking;

    /**
     * @param upToDate completes when everything that was answered by now, to anybody, is applied here
     * @param entry what may not enter the log now; asked on the thread of the sessions
     * @param sessionTimeout how long a client may be silent until it is forgotten
     * @param patience how long a command may take
     */
    OnceSessions(
            ClientGateway gateway,
            Supplier<CompletableFuture<?>> upToDate,
            OnceSession.Entry entry,
            Duration sessionTimeout,
            Duration patience) {
        this.gateway = gateway;
        this.upToDate = upToDate;
        this.entry = entry;
        this.sessionMillis = sessionTimeout.toMillis();
        this.patienceNanos = patience.toNanos();
        this.thread = new ScheduledThreadPoolExecutor(1, work -> {
            Thread made = new Thread(work, "kv-once");
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Does it, or finds out what it did. Any thread; the future always completes, with a reply in RESP2. */
    CompletableFuture<byte[]> submit(OnceCommand command) {
        CompletableFuture<byte[]> reply = new CompletableFuture<>();
        OnceSession.Call call = new OnceSession.Call(command, System.nanoTime() + patienceNanos, reply);
        try {
            thread.execute(() -> {
                sessionOf(command.client()).call(call);
                keepTicking();
            });
        } catch (RejectedExecutionException closed) {
            reply.complete(OnceErrors.unknown(command));
        }
        return reply;
    }

    private OnceSession sessionOf(String client) {
        OnceSession known = sessions.get(client);
        if (known != null) {
            return known;
        }
        letGoOfIdle();
        OnceSession fresh = new OnceSession(OnceName.of(client), sessionMillis, gateway, this::later, upToDate, entry);
        sessions.put(client, fresh);
        fresh.attach();
        return fresh;
    }

    private void letGoOfIdle() {
        Iterator<OnceSession> oldest = sessions.values().iterator();
        while (sessions.size() >= CLIENTS_MAX && oldest.hasNext()) {
            OnceSession session = oldest.next();
            if (session.isIdle()) {
                session.detach();
                oldest.remove();
            }
        }
    }

    /** What comes from the node while this is closed matters to nobody. */
    private void later(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException closed) {
            // every caller was told
        }
    }

    private void keepTicking() {
        if (!ticking) {
            ticking = true;
            var unused = thread.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        ticking = false;
        long now = System.nanoTime();
        boolean busy = false;
        for (OnceSession session : sessions.values()) {
            if (!session.isIdle()) {
                session.tick(now);
                busy = true;
            }
        }
        if (busy) {
            keepTicking();
        }
    }

    /** Tells everybody who waits. */
    @Override
    public void close() {
        later(() -> sessions.values().forEach(session -> {
            session.detach();
            session.ended("closed");
        }));
        later(thread::shutdown);
    }
}
