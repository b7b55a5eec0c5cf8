// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.Outcome;
import io.paxos.model.Command;
import io.paxos.model.SessionId;
import io.paxos.session.SessionOpening;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import io.paxos.transport.netty.connect.Backoff;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a remote client sends, and when, so that each command takes effect once, in order, and each caller is told the truth.
 * It knows one node at a time, its home; which one that is, is decided elsewhere.
 *
 * <pre>
 * AWAY --home opened--> IDLE --a command, or one is open--> ATTACHING --attached, not open there--> OPENING --answered--> OPEN
 *   ^                                                           |   attached, open there --------------------------------^
 *   +--- home lost, ended, no answer for long: leaves home, any state
 *
 * OPENING, OPEN --a command is answered "expired"--> ATTACHING, with a session that nobody has used
 * </pre>
 *
 * <p>A command gets its number when it is sent first, and keeps it. Numbers are sent in order; a cursor says which one comes
 * next on this attachment, and goes back where the node says that something is missing. The node at which the session is
 * attached tells everything that becomes of it, whichever node a command was sent through: results that were there before
 * come with the attachment, later ones as they are applied. So to move is to attach elsewhere, and to send from what is due
 * there.
 *
 * <p>Without socket, thread and clock: the time in milliseconds comes with each call, and never goes back.
 */
final class ClientSession {

    /** What the session wants done. Called back during calls, never between. */
    interface Port {
        /** Asks the home about the session from now on. */
        void attach(SessionId session, long boot);

        /** The home need not tell about this session any more. */
        void detach(SessionId session);

        /** Sends a command to the home. */
        void send(Command command);

        /** Another home is wanted; {@link #homeLost} must follow, now or later. */
        void leaveHome(String why);

        /** Tells the caller. */
        void settle(Submission submission, Outcome outcome);
    }

    /** A client's session is opened once, so its boot says nothing. */
    static final long BOOT = 1;

    private static final long NEVER = Long.MAX_VALUE;
    private static final long OPEN_SEQUENCE = 1;
    private static final byte[] NOTHING = {};

    /** After how many times without an answer another home is tried. */
    private static final int SILENCES_MAX = 2;

    /** After how many refusals without an answer in between. */
    private static final int REFUSALS_MAX = 3;

    /**
     * So many are sent again before one of them, or of those before them, is answered. Where nothing is answered, for want of a
     * quorum or of room, more would be of no use, and would spend the budget that is needed when there are answers again.
     */
    static final int PROBES = 16;

    private enum State {
        AWAY,
        IDLE,
        ATTACHING,
        OPENING,
        OPEN
    }

    private final Port port;
    private final SessionTiming timing;
    private final RetryBudget budget;
    private final Backoff pause;
    private final LongSupplier random;
    private final OpenCommands commands;

    private SessionId session;

    /** The same bytes each time, for as long as the session is ours: another opening could open it again after it expired. */
    private @Nullable Command opening;

    /** Whether it was open once: from then on "not open" may mean expired. */
    private boolean opened;

    private State state = State.AWAY;

    /** Counts the attachments of all sessions. */
    private long attachment;

    private NodeLimits limits = NodeLimits.NONE;

    /** The number that is sent next on this attachment. */
    private long cursor = OpenCommands.FIRST_SEQUENCE;

    /** How many may be sent again before something is answered; without end once it was. */
    private int probesLeft = PROBES;

    private boolean openingWanted;
    private boolean openingUnanswered;
    private long pausedUntilMillis = Long.MIN_VALUE;
    private long lastSentMillis;

    /** Since when something waits for an answer and none of any kind came; {@link #NEVER} if nothing waits. */
    private long quietSinceMillis = NEVER;

    private int silences;
    private int refusals;
    private long gapDue;
    private long gapQuietUntilMillis;
    private Outcome.Refused whyNotSent = Outcomes.noNode();
    private boolean closing;
    private boolean closeSent;

    /**
     * @param random random bits
     */
    ClientSession(Port port, SessionTiming timing, RetryBudget budget, Backoff pause, LongSupplier random) {
        this.port = port;
        this.timing = timing;
        this.budget = budget;
        this.pause = pause;
        this.random = random;
        this.commands = new OpenCommands(port::settle);
        this.session = drawSession();
    }

    private SessionId drawSession() {
        long tag = random.getAsLong();
        while (tag == 0) {
            tag = random.getAsLong();
        }
        return new SessionId(0, tag);
    }

    // ---- the application -----------------------------------------------------------------------------------------

    /** Takes a command; it is sent in its turn. */
    void offer(Submission submission) {
        if (closing) {
            commands.settle(submission, Outcomes.closed());
        } else {
            commands.add(submission);
        }
    }

    /** Tells what became of a command, now or when it is known. */
    void ask(Question question) {
        commands.ask(question, session);
    }

    /** Sends what may be sent now. To be called at the end of each batch of other calls. */
    void pump(long nowMillis) {
        if (state == State.IDLE && (opened || !commands.isEmpty())) {
            attach(nowMillis);
        }
        if ((state != State.OPENING && state != State.OPEN) || nowMillis < pausedUntilMillis) {
            return;
        }
        if (openingWanted) {
            sendOpening(nowMillis);
        }
        if (state == State.OPEN && sendAgain(nowMillis)) {
            sendFirst(nowMillis);
        }
    }

    /** Sends what was sent before and is missing here; false if that is not done yet. */
    private boolean sendAgain(long nowMillis) {
        SequenceWindow window = commands.window();
        for (; cursor < window.next(); cursor++) {
            Submission again = window.get(cursor);
            Command command = again == null ? null : again.command();
            if (command != null) {
                if (probesLeft == 0 || !budget.take(nowMillis)) {
                    return false;
                }
                probesLeft--;
                send(command, nowMillis);
            }
        }
        return true;
    }

    /** What was sent before is missing from there on, or may be. */
    private void sendAgainFrom(long sequence) {
        cursor = sequence;
        probesLeft = PROBES;
    }

    private void sendAllAgain() {
        openingWanted |= openingUnanswered;
        sendAgainFrom(commands.window().first());
    }

    private void sendFirst(long nowMillis) {
        Submission next = commands.waiting();
        while (next != null && hasRoom(next)) {
            commands.removeWaiting();
            if (next.bytes() > limits.commandBytesMax()) {
                commands.settle(next, Outcomes.tooLarge(next.bytes(), limits.commandBytesMax()));
            } else if (!next.isSettled()) {
                sendFirst(next, Command.Kind.COMMAND, nowMillis);
            }
            next = commands.waiting();
        }
        if (closing && next == null && !closeSent) {
            closeSent = true;
            Submission last = new Submission(NOTHING, NEVER, new CompletableFuture<>());
            sendFirst(last, Command.Kind.SESSION_CLOSE, nowMillis);
        }
    }

    private void sendFirst(Submission submission, Command.Kind kind, long nowMillis) {
        Command command = commands.number(submission, kind, session, BOOT, attachment);
        cursor = commands.window().next();
        send(command, nowMillis);
    }

    private boolean hasRoom(Submission next) {
        SequenceWindow window = commands.window();
        return window.isEmpty()
                || (window.size() < Math.min(timing.commandsMax(), limits.commandsMax())
                        && window.bytes() + next.bytes() <= Math.min(timing.bytesMax(), limits.bytesMax()));
    }

    private void send(Command command, long nowMillis) {
        lastSentMillis = nowMillis;
        if (quietSinceMillis == NEVER) {
            quietSinceMillis = nowMillis;
        }
        port.send(command);
    }

    private void sendOpening(long nowMillis) {
        Command asking = opening;
        if (asking != null) {
            openingWanted = false;
            openingUnanswered = true;
            send(asking, nowMillis);
        }
    }

    // ---- the home ------------------------------------------------------------------------------------------------

    /** There is a connection to a node that takes commands. */
    void homeOpened(NodeLimits nodeLimits, long nowMillis) {
        limits = nodeLimits;
        state = State.IDLE;
        pausedUntilMillis = nowMillis;
    }

    private void attach(long nowMillis) {
        state = State.ATTACHING;
        attachment++;
        silences = 0;
        refusals = 0;
        gapDue = 0;
        openingWanted = false;
        openingUnanswered = false;
        quietSinceMillis = nowMillis;
        port.attach(session, BOOT);
    }

    /** The connection to the home is gone, or is to be. */
    void homeLost() {
        state = State.AWAY;
        quietSinceMillis = NEVER;
    }

    /** The home attached the session, or stands elsewhere in the log now; results that it still had came before. */
    void attached(SessionId attachedSession, long due, long agreedTimeMillis, long nowMillis) {
        if (!isOfThis(attachedSession)) {
            return;
        }
        if (opening == null) {
            SessionOpening asked = SessionOpening.at(
                    agreedTimeMillis, random.getAsLong(), random.getAsLong(), timing.sessionTimeoutMillis());
            opening =
                    new Command(Command.Kind.SESSION_OPEN, session, BOOT, OPEN_SEQUENCE, OPEN_SEQUENCE, asked.encode());
        }
        SequenceWindow window = commands.window();
        long dueHere = Math.min(due, window.next());
        for (long sequence = window.first(); sequence < dueHere; sequence++) {
            commands.answer(sequence, Outcomes.resultGone());
        }
        sendAgainFrom(Math.max(dueHere, window.first()));
        // Not open there: it never was, or it expired, or that node lags. The opening will tell.
        openingWanted = due == OPEN_SEQUENCE;
        if (state != State.ATTACHING) {
            // A snapshot took the place of what was to be told, so that what was sent before may have been applied in
            // it.
            attachment++;
        }
        opened |= due > OPEN_SEQUENCE;
        state = opened ? State.OPEN : State.OPENING;
        whyNotSent = Outcomes.noRoom();
        heard(nowMillis);
    }

    /** What became of commands, in the order of the log. */
    void results(SessionId resultsSession, List<SessionResult> results, long nowMillis) {
        for (SessionResult result : results) {
            if (!isOfThis(resultsSession)) {
                return;
            }
            if (result.status() == SessionResult.Status.EXPIRED) {
                commands.expired(session, BOOT, attachment);
                startOver(nowMillis);
            } else if (result.sequence() == OPEN_SEQUENCE) {
                openAnswered(result, nowMillis);
            } else if (commands.answer(result.sequence(), Outcomes.of(result))) {
                cursor = Math.max(cursor, commands.window().first());
                probesLeft = Integer.MAX_VALUE;
                budget.answered();
                pause.reset();
                refusals = 0;
            }
        }
        heard(nowMillis);
    }

    private void openAnswered(SessionResult result, long nowMillis) {
        openingUnanswered = false;
        switch (result.status()) {
            case APPLIED, RESULT_GONE -> {
                opened = true;
                state = state == State.OPENING ? State.OPEN : state;
                pause.reset();
                refusals = 0;
            }
            case COLLISION -> startOver(nowMillis);
            default -> {
                whyNotSent = Outcomes.notOpened(result.status());
                startOver(nowMillis);
                pausedUntilMillis = nowMillis + pause.nextMillis();
            }
        }
    }

    /** With a session that nobody has used, for what was not sent yet. */
    private void startOver(long nowMillis) {
        port.detach(session);
        session = drawSession();
        opening = null;
        opened = false;
        closeSent = false;
        cursor = commands.window().first();
        attach(nowMillis);
    }

    /** Commands came too early and were skipped there. */
    void gap(SessionId gapSession, long due, long nowMillis) {
        if (!isOfThis(gapSession) || due < commands.window().first() || due >= cursor) {
            return;
        }
        // Each command behind the gap says so, and says so again until the missing ones have arrived.
        if (due != gapDue || nowMillis >= gapQuietUntilMillis) {
            gapDue = due;
            gapQuietUntilMillis = nowMillis + SessionTiming.GAP_QUIET_MILLIS;
            sendAgainFrom(due);
        }
    }

    /** Commands were not taken; they are sent again after a pause, and elsewhere if that happens again and again. */
    void refused(SessionId refusedSession, long first, SessionReceiver.Refusal why, long nowMillis) {
        if (!isOfThis(refusedSession)) {
            return;
        }
        whyNotSent = Outcomes.refusedThere(why);
        sendAgainFrom(Math.min(cursor, Math.max(first, commands.window().first())));
        openingWanted |= openingUnanswered && first == OPEN_SEQUENCE;
        heard(nowMillis);
        if (nowMillis >= pausedUntilMillis) {
            pausedUntilMillis = nowMillis + pause.nextMillis();
            refusals++;
        }
        if (refusals >= REFUSALS_MAX && why == SessionReceiver.Refusal.NO_LEADER) {
            leave("it knows no leader");
        }
    }

    /**
     * The home knows a leader now, which it did not before, or another one. What was sent before it may have been passed on
     * to the one that led before, and be lost with it: it is sent again, as to another home.
     */
    void leaderNamed(long nowMillis) {
        if (state == State.OPENING || state == State.OPEN) {
            pausedUntilMillis = nowMillis;
            refusals = 0;
            sendAllAgain();
        }
    }

    /** The session is no longer attached at the home. */
    void ended(SessionId endedSession, String why) {
        if (isOfThis(endedSession)) {
            leave(why);
        }
    }

    private void leave(String why) {
        homeLost();
        port.leaveHome(why);
    }

    /** What comes late, of a session or home that was left, changes nothing. */
    private boolean isOfThis(SessionId other) {
        return session.equals(other) && state != State.AWAY && state != State.IDLE;
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    /** Does what is due by now; to be called every few milliseconds while there is something to do. */
    void tick(long nowMillis) {
        commands.settleOverdue(session, BOOT, whyNotSent, nowMillis);
        if (quietSinceMillis == NEVER) {
            long restMillis = timing.sessionTimeoutMillis() / SessionTiming.KEEP_ALIVES;
            openingWanted |= state == State.OPEN && nowMillis - lastSentMillis >= restMillis;
        } else if (nowMillis - quietSinceMillis >= timing.answerMillis()) {
            silent(nowMillis);
        }
    }

    private void heard(long nowMillis) {
        silences = 0;
        quietSinceMillis = isAwaiting() ? nowMillis : NEVER;
    }

    private boolean isAwaiting() {
        return switch (state) {
            case AWAY, IDLE -> false;
            case ATTACHING, OPENING -> true;
            case OPEN -> openingUnanswered || cursor > commands.window().first();
        };
    }

    private void silent(long nowMillis) {
        silences++;
        quietSinceMillis = nowMillis;
        if (state == State.ATTACHING || silences >= SILENCES_MAX) {
            leave("no answer for " + (long) silences * timing.answerMillis() + " ms");
            return;
        }
        sendAllAgain();
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    /** Takes no more, and closes the session behind what was taken. */
    void close() {
        closing = true;
    }

    /** Whether all that was taken has its answer, and the session is closed, or never was open. */
    boolean isClosed() {
        return closing && commands.isEmpty() && (closeSent || !opened);
    }

    /** Gives up: everybody who waits is told what is known. */
    void abandon() {
        closing = true;
        commands.abandon(session, BOOT, Outcomes.closed());
        homeLost();
    }

    /** Whether something waits for an answer or to be sent, so that milliseconds matter. */
    boolean isBusy() {
        return !commands.isEmpty() || openingUnanswered;
    }

    SessionId session() {
        return session;
    }
}
