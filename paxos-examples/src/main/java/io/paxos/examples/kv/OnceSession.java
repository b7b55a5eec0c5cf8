// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.ClientGateway;
import io.paxos.model.Command;
import io.paxos.model.SessionId;
import io.paxos.session.SessionOpening;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's session, as this node serves it. The client's number n is the session's sequence n + 1, for 1 opens it.
 *
 * <pre>
 *   attaching ── told which sequence is due ──▶ known:  below due      its answer, or "applied, answer gone"
 *                                                       due, or next   sent, and again until it is answered
 *                                                       above          a linearizable read later: gap, or no session
 * </pre>
 *
 * <p>What this node has applied may be old, and the client may have had its last answer from another node. So before a number
 * is refused for a gap, and before a session is opened, a linearizable read brings this node up to what was answered.
 *
 * <p>Two nodes may open the same session with openings of different moments. Each names the last agreed time it is good for, its
 * moment plus the session's time-out; whoever opened it, the session lives at least as long. So a late copy of either never
 * opens a session that expired meanwhile.
 *
 * <p>Everything happens on one thread, to which the receiver's calls hop.
 */
final class OnceSession implements SessionReceiver {

    /** Whether commands may enter the log now; one that is in it already is not asked for. */
    @FunctionalInterface
    interface Entry {

        /** The reply to a command, as the log has it, that is not taken; null if it is. */
        byte @Nullable [] refusal(byte[] command);
    }

    /** A caller's command. */
    record Call(OnceCommand command, long deadlineNanos, CompletableFuture<byte[]> reply) {

        long sequence() {
            return command.sequence() + 1;
        }
    }

    /** A command that is on its way, and who waits for it. */
    private static final class Pending {
        private final Command command;
        private final List<Call> calls = new ArrayList<>();

        Pending(Command command) {
            this.command = command;
        }
    }

    private static final long OPENING = 1;
    private static final long FIRST = 2;
    private static final long BOOT = 1;

    /** Answers that the log keeps of one client: a client may have so many on their way and ask again for all of them. */
    static final int ANSWERS_KEPT = 64;

    private static final long RESEND_NANOS = 500_000_000;

    private final OnceName name;
    private final SessionId id;
    private final long timeoutMillis;
    private final ClientGateway gateway;
    private final Executor thread;

    /** Completes when everything that was answered by now, to anybody, is applied here. */
    private final Supplier<CompletableFuture<?>> upToDate;

    private final Entry entry;
    private final TreeMap<Long, Pending> pending = new TreeMap<>();
    private final TreeMap<Long, SessionResult> answers = new TreeMap<>();

    /** Calls from before the node said which sequence is due. */
    private final List<Call> early = new ArrayList<>();

    /** Calls that wait for this node to be up to date. */
    private final List<Call> unsure = new ArrayList<>();

    /** The next sequence that the session takes; 0 while that is not known. */
    private long due;

    private long sentNanos;
    private boolean resend;

    OnceSession(
            OnceName name,
            long timeoutMillis,
            ClientGateway gateway,
            Executor thread,
            Supplier<CompletableFuture<?>> upToDate,
            Entry entry) {
        this.name = name;
        this.id = name.session();
        this.timeoutMillis = timeoutMillis;
        this.gateway = gateway;
        this.thread = thread;
        this.upToDate = upToDate;
        this.entry = entry;
    }

    void attach() {
        gateway.attach(id, BOOT, this);
    }

    void detach() {
        gateway.detach(id, this);
    }

    boolean isIdle() {
        return pending.isEmpty() && early.isEmpty() && unsure.isEmpty();
    }

    // ---- what clients want ------------------------------------------------------------------------------------

    void call(Call call) {
        if (due == 0) {
            early.add(call);
        } else {
            judge(call, false);
        }
    }

    /** @param certain whether this node is up to date */
    private void judge(Call call, boolean certain) {
        long sequence = call.sequence();
        Pending same = pending.get(sequence);
        if (sequence < due) {
            call.reply.complete(answerTo(sequence));
        } else if (same != null) {
            same.calls.add(call);
        } else if (sequence <= next() && (due > OPENING || pending.containsKey(OPENING) || certain)) {
            byte[] command = call.command.command().encode();
            byte[] refusal = entry.refusal(command);
            if (refusal == null) {
                take(call, command);
            } else if (certain) {
                call.reply.complete(refusal);
            } else {
                bringUpToDate(call); // it may have taken effect, through another node
            }
        } else if (!certain) {
            bringUpToDate(call);
        } else {
            call.reply.complete(
                    due == OPENING ? OnceErrors.noSession(call.command) : OnceErrors.gap(call.command, next() - 1));
        }
    }

    private long next() {
        return Math.max(Math.max(due, FIRST), pending.isEmpty() ? 0 : pending.lastKey() + 1);
    }

    private void take(Call call, byte[] command) {
        if (due == OPENING && !pending.containsKey(OPENING)) {
            open();
        }
        long sequence = call.sequence();
        Pending fresh = new Pending(
                new Command(Command.Kind.COMMAND, id, BOOT, sequence, Math.max(0, sequence - ANSWERS_KEPT), command));
        fresh.calls.add(call);
        pending.put(sequence, fresh);
        if (!pending.containsKey(OPENING) || pending.size() == 2) {
            send(pending.containsKey(OPENING) ? OPENING : sequence);
        }
    }

    private void bringUpToDate(Call call) {
        unsure.add(call);
        var unused = upToDate.get()
                .whenComplete((nothing, failure) -> thread.execute(() -> {
                    if (!unsure.remove(call)) {
                        return; // told already
                    }
                    if (failure != null) {
                        call.reply.complete(LogErrors.replyToRead(failure));
                    } else if (due == 0) {
                        early.add(call); // attached anew meanwhile
                    } else {
                        judge(call, true);
                    }
                }));
    }

    private byte[] answerTo(long sequence) {
        SessionResult result = answers.get(sequence);
        return result != null && result.status() == SessionResult.Status.APPLIED
                ? result.result()
                : OnceErrors.answerGone(name, sequence - 1, due - FIRST);
    }

    // ---- to the log -------------------------------------------------------------------------------------------

    private void open() {
        SessionOpening opening =
                SessionOpening.at(gateway.agreedTimeMillis(), name.nonceHigh(), name.nonceLow(), timeoutMillis);
        pending.put(
                OPENING, new Pending(new Command(Command.Kind.SESSION_OPEN, id, BOOT, OPENING, 0, opening.encode())));
    }

    /** Sends what is pending from that sequence on; nothing behind an opening that is not answered. */
    private void send(long from) {
        List<Command> commands = new ArrayList<>();
        for (Map.Entry<Long, Pending> each : pending.tailMap(from, true).entrySet()) {
            commands.add(each.getValue().command);
            if (each.getKey() == OPENING) {
                break;
            }
        }
        if (!commands.isEmpty()) {
            sentNanos = System.nanoTime();
            resend = !gateway.submit(commands);
        }
    }

    /** Time passes: who waited long enough is told, and what may be lost is sent again. */
    void tick(long nowNanos) {
        pending.values().removeIf(each -> {
            each.calls.removeIf(call -> isOver(call, nowNanos));
            return each.calls.isEmpty() && each.command.sequence() != OPENING;
        });
        early.removeIf(call -> isOver(call, nowNanos));
        unsure.removeIf(call -> isOver(call, nowNanos));
        if (pending.size() == 1 && pending.containsKey(OPENING)) {
            pending.clear(); // nobody wants the session any more
        }
        if (!pending.isEmpty() && (resend || nowNanos - sentNanos > RESEND_NANOS)) {
            send(pending.firstKey());
        }
    }

    private static boolean isOver(Call call, long nowNanos) {
        return nowNanos - call.deadlineNanos > 0 && call.reply.complete(OnceErrors.unknown(call.command));
    }

    // ---- what the node tells ----------------------------------------------------------------------------------

    @Override
    public void attached(long dueNow, List<SessionResult> cached) {
        thread.execute(() -> {
            due = dueNow;
            answers.clear();
            cached.forEach(result -> answers.put(result.sequence(), result));
            if (due == OPENING && !pending.isEmpty() && !pending.containsKey(OPENING)) {
                fail(OnceErrors::expiredUnseen);
            }
            for (Pending each : List.copyOf(pending.headMap(due, false).values())) {
                pending.remove(each.command.sequence());
                each.calls.forEach(call -> call.reply.complete(answerTo(call.sequence())));
            }
            List<Call> waiting = List.copyOf(early);
            early.clear();
            waiting.forEach(call -> judge(call, false));
            if (!pending.isEmpty()) {
                send(pending.firstKey());
            }
        });
    }

    @Override
    public void results(List<SessionResult> results) {
        thread.execute(() -> results.forEach(this::result));
    }

    private void result(SessionResult result) {
        switch (result.status()) {
            case APPLIED, RESULT_GONE -> applied(result);
            case EXPIRED -> expired(result.sequence());
            case REFUSED_TOO_MANY_SESSIONS -> notOpened(OnceErrors::tooMany);
            case COLLISION, REFUSED_OUT_OF_RANGE -> notOpened(OnceErrors::notOpened);
        }
    }

    private void applied(SessionResult result) {
        long sequence = result.sequence();
        due = Math.max(due, sequence + 1);
        answers.putIfAbsent(sequence, result);
        answers.headMap(due - ANSWERS_KEPT, false).clear();
        Pending answered = pending.remove(sequence);
        if (answered != null) {
            answered.calls.forEach(call -> call.reply.complete(answerTo(sequence)));
        }
        if (sequence == OPENING && !pending.isEmpty()) {
            send(FIRST);
        }
    }

    /** An opening that was made by an old clock is made anew; anything else means that the session is no more. */
    private void expired(long sequence) {
        if (sequence == OPENING) {
            if (due == OPENING && pending.containsKey(OPENING)) {
                open();
                send(OPENING);
            }
        } else if (!pending.containsKey(OPENING)) {
            due = OPENING;
            answers.clear();
            fail(OnceErrors::expired);
        }
    }

    /** Another node's opening of the same name may have come first: then the session is open, and that was told before. */
    private void notOpened(Function<OnceCommand, byte[]> why) {
        if (due == OPENING && pending.containsKey(OPENING)) {
            fail(why);
        }
    }

    private void fail(Function<OnceCommand, byte[]> why) {
        List<Pending> all = List.copyOf(pending.values());
        pending.clear();
        all.forEach(each -> each.calls.forEach(call -> call.reply.complete(why.apply(call.command))));
    }

    /** What is missing here is on its way through another node, or was never sent; only the first is for this node to mend. */
    @Override
    public void gap(long dueThere) {
        thread.execute(() -> {
            if (pending.containsKey(dueThere)) {
                send(dueThere);
            }
        });
    }

    @Override
    public void refused(long firstSequence, Refusal reason) {
        thread.execute(() -> resend = true);
    }

    @Override
    public void ended(String reason) {
        thread.execute(() -> {
            due = 0;
            fail(OnceErrors::unknown);
            early.addAll(unsure);
            unsure.clear();
            early.forEach(call -> call.reply.complete(OnceErrors.unknown(call.command)));
            early.clear();
        });
    }
}
