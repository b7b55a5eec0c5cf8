// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.model.SessionId;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import java.util.ArrayDeque;
import java.util.List;

/**
 * One session attached through one connection: passes on what the node tells of it, and counts what is on its way. The node's
 * threads call the receiver's methods; the counting is the event loop's.
 */
final class ServedSession implements SessionReceiver {

    /** What happened, for the event loop. */
    sealed interface News {

        /** Of which one. */
        ServedSession session();

        record Attached(ServedSession session, long due, List<SessionResult> cached) implements News {}

        record Results(ServedSession session, List<SessionResult> results) implements News {}

        record Gap(ServedSession session, long due) implements News {}

        record Refused(ServedSession session, long first, Refusal why) implements News {}

        record Ended(ServedSession session, String why) implements News {}
    }

    /** Commands that came in one frame or more, and that are on their way. */
    private static final class Run {
        private long last;
        private int commands;
        private long bytes;
    }

    private final SessionId id;
    private final ClientConnection connection;
    private final ArrayDeque<Run> onTheirWay = new ArrayDeque<>();

    /** The last of those on their way, or any before them. */
    private long lastSent;

    ServedSession(SessionId id, ClientConnection connection) {
        this.id = id;
        this.connection = connection;
    }

    SessionId id() {
        return id;
    }

    // ---- threads of the node -------------------------------------------------------------------------------------

    @Override
    public void attached(long due, List<SessionResult> cached) {
        connection.tell(new News.Attached(this, due, cached));
    }

    @Override
    public void results(List<SessionResult> results) {
        connection.tell(new News.Results(this, results));
    }

    @Override
    public void gap(long due) {
        connection.tell(new News.Gap(this, due));
    }

    @Override
    public void refused(long firstSequence, Refusal reason) {
        connection.tell(new News.Refused(this, firstSequence, reason));
    }

    @Override
    public void ended(String reason) {
        connection.tell(new News.Ended(this, reason));
    }

    // ---- the event loop ------------------------------------------------------------------------------------------

    /**
     * A command goes to the node, as part of the batch that begins there if it is the first of it. One that is on its way
     * already counts once, however often it is sent again.
     */
    void sent(long sequence, int bytes, boolean begins, Load load) {
        if (sequence <= lastSent) {
            return;
        }
        lastSent = sequence;
        Run run = begins ? null : onTheirWay.peekLast();
        if (run == null) {
            run = new Run();
            onTheirWay.add(run);
        }
        run.last = sequence;
        run.commands++;
        run.bytes += bytes;
        load.add(1, bytes);
    }

    /** Everything up to that one has an answer. */
    void answered(long sequence, Load load) {
        Run head = onTheirWay.peekFirst();
        while (head != null && head.last <= sequence) {
            onTheirWay.remove();
            load.add(-head.commands, -head.bytes);
            head = onTheirWay.peekFirst();
        }
        if (head != null) {
            answeredOf(head, sequence, load);
        }
    }

    /** The sequences of a run are neighbours. Its bytes are taken to be spread evenly, as long as it has commands left. */
    private static void answeredOf(Run run, long sequence, Load load) {
        int commands = (int) Math.max(0, run.commands - (run.last - sequence));
        if (commands > 0) {
            long bytes = run.bytes * commands / run.commands;
            run.commands -= commands;
            run.bytes -= bytes;
            load.add(-commands, -bytes);
        }
    }

    /** Nothing of it is on its way any more, as far as is known here. */
    void forget(Load load) {
        answered(Long.MAX_VALUE, load);
        lastSent = 0;
    }

    /** What one connection has on its way to the node. */
    static final class Load {
        private int commands;
        private long bytes;

        int commands() {
            return commands;
        }

        long bytes() {
            return bytes;
        }

        void add(int moreCommands, long moreBytes) {
            commands += moreCommands;
            bytes += moreBytes;
        }
    }
}
