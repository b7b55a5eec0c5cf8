// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Message.RefusalReason;
import io.paxos.model.Command;
import io.paxos.model.SessionId;
import io.paxos.session.SessionResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * This node's own session: numbers the commands that were submitted here, hands them to the core in order, hands them on
 * again for as long as it takes, and tells their callers how they ended.
 *
 * <p>A submission goes through:
 *
 * <pre>
 *   waiting ── handed to the core ──▶ sent ── applied here ──▶ done: Applied, or ResultGone
 *      │  ▲                             │
 *      │  └── refused here at once ─────┤
 *      │                                └── deadline ──▶ Unknown for the caller; still sent again until it is applied,
 *      └── deadline ──▶ NoLeader             because nothing behind it can be applied before it is
 * </pre>
 *
 * <p>Everything sent goes out again, in order, from the first that may be lost: when another leader took over, when
 * apply saw a gap, and after a refusal. If the head is just not applied for long, only a page from the head goes out: a
 * slow cluster must not be made slower by its callers (hazard V4).
 */
final class OwnSession {

    private static final int ASKED_LATER_MAX = 1_024;

    private final SessionId id;
    private final long boot;
    private final int chunkBytesMax;
    private final SubmissionWindow window;
    private final Backoff backoff;

    /** Never handed to the core, in the order of submission. */
    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();

    /** Handed to the core and not applied yet; their sequences are neighbours. */
    private final ArrayDeque<Pending> sent = new ArrayDeque<>();

    private long nextSequence = 1;

    /** The next sequence to hand to the core; at most {@link #nextSequence}. */
    private long cursor = 1;

    /** Where the cursor goes on after a page from the head was sent again; 0 if it goes on where it is. */
    private long cursorAfterProbe;

    private boolean leaderTakes;
    private boolean leaderWasFull;
    private long notBeforeMillis = Long.MIN_VALUE;
    private long probeAtMillis = Long.MAX_VALUE;
    private long nextDeadlineMillis = Long.MAX_VALUE;

    /** The gap that commands were sent again for; the same gap is reported by every command behind it. */
    private long gapSentFor;

    private boolean open;

    /** What became of commands whose callers had been told that nobody knew, by sequence; bounded. */
    private final TreeMap<Long, Outcome> askedLater = new TreeMap<>();

    OwnSession(SessionId id, long boot, int chunkBytesMax, SubmissionWindow window, Backoff backoff) {
        this.id = id;
        this.boot = boot;
        this.chunkBytesMax = chunkBytesMax;
        this.window = window;
        this.backoff = backoff;
        waiting.add(new Pending(Command.Kind.SESSION_OPEN, new byte[0], null, Long.MAX_VALUE));
    }

    void submit(Submission submission, long nowMillis) {
        long deadline = nowMillis + submission.timeoutMillis();
        waiting.addLast(new Pending(Command.Kind.COMMAND, submission.payload(), submission.completion(), deadline));
        nextDeadlineMillis = Math.min(nextDeadlineMillis, deadline);
    }

    // ---- handing on -----------------------------------------------------------------------------------------

    /**
     * Another leader, or none.
     *
     * @param takesCommands whether it is known and takes commands
     */
    void leaderChanged(boolean takesCommands) {
        leaderTakes = takesCommands;
        if (takesCommands) {
            // What the old leader held may be lost, all of it. A chosen copy is recognised as a duplicate at apply.
            sendAgainFrom(head());
            backoff.reset();
            notBeforeMillis = Long.MIN_VALUE;
            leaderWasFull = false;
        }
    }

    /**
     * The next commands to hand to the core, in order, as many as fit a chunk; empty if there is nothing to hand on, or
     * nobody to take it. The caller answers with {@link #handedOn} or {@link #refusedHere}, then asks again.
     */
    List<Command> nextChunk(long nowMillis) {
        if (!leaderTakes || nowMillis < notBeforeMillis) {
            return List.of();
        }
        if (nowMillis >= probeAtMillis && cursor == nextSequence && !sent.isEmpty()) {
            cursorAfterProbe = cursor;
            cursor = head();
            probeAtMillis = nowMillis + backoff.nextMillis();
        }
        List<Command> chunk = new ArrayList<>();
        long bytes = 0;
        if (cursor < nextSequence) {
            long skip = cursor - head();
            for (Pending pending : sent) {
                if (skip-- > 0) {
                    continue;
                }
                Command command = commandOf(pending);
                if (!chunk.isEmpty() && bytes + command.encodedLength() > chunkBytesMax) {
                    return chunk;
                }
                chunk.add(command);
                bytes += command.encodedLength();
            }
        }
        if (cursorAfterProbe != 0) {
            return chunk;
        }
        while (!waiting.isEmpty()) {
            Pending pending = waiting.getFirst();
            int length = Command.OVERHEAD_BYTES + pending.payload.length;
            if (!chunk.isEmpty() && bytes + length > chunkBytesMax) {
                return chunk;
            }
            pending.sequence = nextSequence++;
            sent.addLast(waiting.removeFirst());
            chunk.add(commandOf(pending));
            bytes += length;
        }
        return chunk;
    }

    private Command commandOf(Pending pending) {
        Command command = pending.command;
        if (command == null) {
            command = new Command(pending.kind, id, boot, pending.sequence, head(), pending.payload);
            pending.command = command;
        }
        return command;
    }

    /** The core took the chunk; it may be lost on its way all the same. */
    void handedOn(List<Command> chunk, long nowMillis) {
        long last = chunk.get(chunk.size() - 1).sequence();
        for (Iterator<Pending> newest = sent.descendingIterator(); newest.hasNext(); ) {
            Pending pending = newest.next();
            if (pending.handedOn) {
                break;
            }
            pending.handedOn = true;
        }
        cursor = Math.max(last + 1, cursorAfterProbe);
        cursorAfterProbe = 0;
        leaderWasFull = false;
        if (probeAtMillis == Long.MAX_VALUE) {
            probeAtMillis = nowMillis + backoff.nextMillis();
        }
    }

    /**
     * The core refused the chunk in the very step that was to take it, so what was in it for the first time never left:
     * it goes back to waiting, and its caller can be told so truthfully.
     */
    void refusedHere(List<Command> chunk, RefusalReason reason, long nowMillis) {
        cursor = chunk.get(0).sequence();
        cursorAfterProbe = 0;
        Pending newest = sent.peekLast();
        while (newest != null && !newest.handedOn) {
            sent.removeLast();
            newest.command = null;
            waiting.addFirst(newest);
            nextSequence--;
            newest = sent.peekLast();
        }
        cursor = Math.min(cursor, nextSequence);
        holdOff(reason, nowMillis);
    }

    /** Somebody else refused commands that had left. Perhaps another copy of them was taken, so they count as sent. */
    void refusedElsewhere(long firstSequence, RefusalReason reason, long nowMillis) {
        if (firstSequence >= head() && firstSequence < nextSequence) {
            sendAgainFrom(firstSequence);
            holdOff(reason, nowMillis);
        }
    }

    private void holdOff(RefusalReason reason, long nowMillis) {
        leaderWasFull = reason == RefusalReason.OVERLOADED;
        if (nowMillis >= notBeforeMillis) { // else it waits already: the chunks of one burst are refused one by one
            notBeforeMillis = nowMillis + backoff.nextMillis();
        }
    }

    private void sendAgainFrom(long sequence) {
        cursor = Math.min(cursor, sequence);
        cursorAfterProbe = 0;
    }

    // ---- outcomes -------------------------------------------------------------------------------------------

    /** Own commands were applied here. */
    void applied(AppliedReport report, long nowMillis) {
        for (SessionResult result : report.results()) {
            Pending pending = sent.pollFirst();
            if (pending == null || pending.sequence != result.sequence()) {
                throw new IllegalStateException("own command " + result.sequence() + " of boot " + boot
                        + " was applied, where " + (pending == null ? "none" : pending.sequence) + " was due");
            }
            open = true;
            release(pending);
            finish(pending, Outcome.of(result));
        }
        if (!report.results().isEmpty()) {
            cursor = Math.max(cursor, head());
            backoff.reset();
            if (notBeforeMillis > nowMillis) {
                notBeforeMillis = Math.min(notBeforeMillis, nowMillis + backoff.nextMillis());
            }
            probeAtMillis = sent.isEmpty() ? Long.MAX_VALUE : nowMillis + backoff.nextMillis();
        }
        long gap = report.gapExpected();
        if (gap >= head() && gap < nextSequence && gap != gapSentFor) {
            gapSentFor = gap;
            sendAgainFrom(gap);
        }
    }

    /**
     * A snapshot took the place of the state: what came of the commands that are in it is in its session table.
     *
     * @param due the sequence that is due by the restored table
     * @param kept the results that it keeps, ascending, up to the one before {@code due}
     */
    void restored(long due, List<SessionResult> kept, long nowMillis) {
        Iterator<SessionResult> results = kept.iterator();
        SessionResult next = results.hasNext() ? results.next() : null;
        while (!sent.isEmpty() && head() < due) {
            Pending pending = sent.removeFirst();
            while (next != null && next.sequence() < pending.sequence) {
                next = results.hasNext() ? results.next() : null;
            }
            release(pending);
            finish(
                    pending,
                    next != null && next.sequence() == pending.sequence
                            ? Outcome.of(next)
                            : new Outcome.ResultGone(null));
        }
        open = due > 1;
        cursor = Math.max(cursor, head());
        cursorAfterProbe = 0;
        gapSentFor = 0;
        probeAtMillis = sent.isEmpty() ? Long.MAX_VALUE : nowMillis + backoff.nextMillis();
    }

    /** Tells callers whose deadline passed what is known. Costs something only when a deadline may have passed. */
    void expire(long nowMillis) {
        if (nowMillis < nextDeadlineMillis) {
            return;
        }
        nextDeadlineMillis = Long.MAX_VALUE;
        for (Pending pending : sent) {
            if (pending.completion != null && nowMillis >= pending.deadlineMillis) {
                finish(pending, new Outcome.Unknown(id, boot, pending.sequence, false));
            }
            noteDeadline(pending);
        }
        for (Iterator<Pending> all = waiting.iterator(); all.hasNext(); ) {
            Pending pending = all.next();
            if (nowMillis >= pending.deadlineMillis) {
                all.remove();
                release(pending);
                finish(pending, leaderWasFull ? new Outcome.Overloaded() : new Outcome.NoLeader());
            } else {
                noteDeadline(pending);
            }
        }
    }

    private void noteDeadline(Pending pending) {
        if (pending.completion != null) {
            nextDeadlineMillis = Math.min(nextDeadlineMillis, pending.deadlineMillis);
        }
    }

    /** The node closes: every caller is told what is known. Nothing may be asked of the session afterwards. */
    void close() {
        for (Pending pending : sent) {
            finish(pending, new Outcome.Unknown(id, boot, pending.sequence, true));
        }
        for (Pending pending : waiting) {
            finish(pending, new Outcome.Closed());
        }
        sent.clear();
        waiting.clear();
    }

    private void release(Pending pending) {
        if (pending.kind == Command.Kind.COMMAND) {
            window.release(pending.payload.length);
        }
    }

    private void finish(Pending pending, Outcome outcome) {
        Submission.Completion completion = pending.completion;
        pending.completion = null;
        if (completion != null) {
            completion.complete(outcome);
        }
        if (pending.saidUnknown && !(outcome instanceof Outcome.Unknown)) {
            askedLater.put(pending.sequence, outcome);
            if (askedLater.size() > ASKED_LATER_MAX) {
                askedLater.pollFirstEntry();
            }
        }
        pending.saidUnknown |= outcome instanceof Outcome.Unknown;
    }

    // ---- asking again ---------------------------------------------------------------------------------------

    /**
     * A caller asks again what became of a command of this boot, of which it was told that nobody knew.
     *
     * @return whether it is told, now or when it is known or the deadline passed; false if nothing is known of it here
     */
    boolean ask(long sequence, long deadlineMillis, Submission.Completion completion) {
        Outcome known = askedLater.get(sequence);
        if (known != null) {
            completion.complete(known);
            return true;
        }
        if (sequence < head() || sequence >= nextSequence) {
            return false;
        }
        for (Pending pending : sent) {
            if (pending.sequence == sequence) {
                if (pending.completion != null) {
                    return false; // its first caller waits still
                }
                pending.completion = completion;
                pending.deadlineMillis = deadlineMillis;
                noteDeadline(pending);
                return true;
            }
        }
        return false;
    }

    SessionId id() {
        return id;
    }

    /** Whether the session's opening was applied here. */
    boolean isOpen() {
        return open;
    }

    /** The lowest sequence that is not applied yet. */
    private long head() {
        return nextSequence - sent.size();
    }

    private static final class Pending {
        private final Command.Kind kind;
        private final byte[] payload;
        private long deadlineMillis;
        /** Null once its caller was told, and for the opening of the session. */
        private Submission.@Nullable Completion completion;

        /** Its caller was told that nobody knew, and may ask again. */
        private boolean saidUnknown;

        private long sequence;
        private @Nullable Command command;
        private boolean handedOn;

        Pending(Command.Kind kind, byte[] payload, Submission.@Nullable Completion completion, long deadlineMillis) {
            this.kind = kind;
            this.payload = payload;
            this.completion = completion;
            this.deadlineMillis = deadlineMillis;
        }
    }
}
