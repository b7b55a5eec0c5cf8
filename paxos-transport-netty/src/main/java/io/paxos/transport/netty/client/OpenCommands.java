// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.CommandToken;
import io.paxos.Outcome;
import io.paxos.model.Command;
import io.paxos.model.SessionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands that a client was given and that have no answer: those that have a number in the session, in a {@link
 * SequenceWindow}, and behind them those that wait for one. Tells each caller once, by its deadline at the latest. One thread
 * at a time.
 */
final class OpenCommands {
    private static final long NEVER = Long.MAX_VALUE;

    /** The number of a session's first command behind its opening. */
    static final long FIRST_SEQUENCE = 2;

    /** How many commands are remembered whose answer came when nobody waited any more. */
    private static final int LATE_MAX = 1_024;

    private final BiConsumer<Submission, Outcome> teller;
    private final Map<CommandToken, Outcome> late = new LinkedHashMap<>();
    private final List<Question> questions = new ArrayList<>();
    private final ArrayDeque<Submission> waiting = new ArrayDeque<>();
    private SequenceWindow window = new SequenceWindow(FIRST_SEQUENCE);
    private long nearestDeadlineMillis = NEVER;

    OpenCommands(BiConsumer<Submission, Outcome> teller) {
        this.teller = teller;
    }

    /** Takes a command that waits for its number. */
    void add(Submission submission) {
        waiting.add(submission);
        nearestDeadlineMillis = Math.min(nearestDeadlineMillis, submission.deadlineMillis());
    }

    /** The one that gets the next number; null if none waits. */
    @Nullable
    Submission waiting() {
        return waiting.peek();
    }

    /** Takes away the one that {@link #waiting()} is. */
    void removeWaiting() {
        waiting.remove();
    }

    SequenceWindow window() {
        return window;
    }

    boolean isEmpty() {
        return waiting.isEmpty() && window.isEmpty();
    }

    /** Gives it the next number. */
    Command number(Submission submission, Command.Kind kind, SessionId session, long boot, long attachment) {
        Command command = new Command(kind, session, boot, window.next(), window.first(), submission.payload());
        submission.number(command, attachment);
        window.add(submission);
        return command;
    }

    /** Tells the caller of that number, if it still waits; false if that number has its answer. */
    boolean answer(long sequence, Outcome outcome) {
        Submission submission = window.answered(sequence);
        if (submission != null && submission.isSettled()) {
            remember(submission, outcome);
        } else if (submission != null) {
            settle(submission, outcome);
        }
        return submission != null;
    }

    private void remember(Submission submission, Outcome outcome) {
        Command command = submission.command();
        if (command == null) {
            return;
        }
        CommandToken token = new CommandToken(command.session(), command.boot(), command.sequence());
        late.put(token, outcome);
        if (late.size() > LATE_MAX) {
            Iterator<CommandToken> eldest = late.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        answerQuestions(token, outcome);
    }

    private void answerQuestions(CommandToken token, Outcome outcome) {
        for (Question question : questions) {
            if (question.token().equals(token)) {
                settle(question.asking(), outcome);
            }
        }
        questions.removeIf(question -> question.asking().isSettled());
    }

    /** Tells what became of a command whose caller was told "unknown", now or when it is known. */
    void ask(Question question, SessionId session) {
        CommandToken token = question.token();
        Outcome known = late.get(token);
        if (known != null) {
            settle(question.asking(), known);
        } else if (token.session().equals(session) && window.get(token.sequence()) != null) {
            questions.add(question);
            nearestDeadlineMillis =
                    Math.min(nearestDeadlineMillis, question.asking().deadlineMillis());
        } else {
            settle(question.asking(), Outcomes.unknown(token));
        }
    }

    void settle(Submission submission, Outcome outcome) {
        if (submission.settle()) {
            teller.accept(submission, outcome);
        }
    }

    /**
     * Nothing of the session will take effect any more; numbers begin anew. A command that was first sent on the attachment
     * that says so, and has no result, had no effect. One that was sent on an earlier attachment may have had one that was
     * forgotten with the session.
     */
    void expired(SessionId session, long boot, long attachment) {
        settleQuestions();
        SequenceWindow gone = window;
        window = new SequenceWindow(FIRST_SEQUENCE);
        for (long sequence = gone.first(); sequence < gone.next(); sequence++) {
            Submission submission = gone.get(sequence);
            if (submission != null) {
                settle(
                        submission,
                        submission.attachment() == attachment
                                ? Outcomes.sessionExpired()
                                : Outcomes.unknown(session, boot, sequence));
            }
        }
    }

    /** Tells all who wait no longer. */
    void settleOverdue(SessionId session, long boot, Outcome whyNotSent, long nowMillis) {
        if (nowMillis < nearestDeadlineMillis) {
            return;
        }
        nearestDeadlineMillis = NEVER;
        for (Question question : questions) {
            settleOverdue(question.asking(), Outcomes.unknown(question.token()), nowMillis);
        }
        questions.removeIf(question -> question.asking().isSettled());
        for (Submission submission : waiting) {
            settleOverdue(submission, whyNotSent, nowMillis);
        }
        waiting.removeIf(Submission::isSettled);
        for (long sequence = window.first(); sequence < window.next(); sequence++) {
            Submission submission = window.get(sequence);
            if (submission != null) {
                // It is sent on all the same: without it nothing behind it in the session could ever be applied.
                settleOverdue(submission, Outcomes.unknown(session, boot, sequence), nowMillis);
            }
        }
    }

    private void settleOverdue(Submission submission, Outcome outcome, long nowMillis) {
        if (submission.deadlineMillis() <= nowMillis) {
            settle(submission, outcome);
        } else if (!submission.isSettled()) {
            nearestDeadlineMillis = Math.min(nearestDeadlineMillis, submission.deadlineMillis());
        }
    }

    private void settleQuestions() {
        for (Question question : questions) {
            settle(question.asking(), Outcomes.unknown(question.token()));
        }
        questions.clear();
    }

    /** Tells everybody what is known now, and forgets them. */
    void abandon(SessionId session, long boot, Outcome whyNotSent) {
        settleQuestions();
        for (Submission submission : waiting) {
            settle(submission, whyNotSent);
        }
        waiting.clear();
        for (long sequence = window.first(); sequence < window.next(); sequence++) {
            Submission submission = window.get(sequence);
            if (submission != null) {
                settle(submission, Outcomes.unknown(session, boot, sequence));
            }
        }
        window = new SequenceWindow(FIRST_SEQUENCE);
    }
}
