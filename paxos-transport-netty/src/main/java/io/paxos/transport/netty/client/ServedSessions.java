// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.model.Command;
import io.paxos.model.SessionId;
import io.paxos.session.SessionResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that are attached through one connection, and what they have on their way to the node. What the node tells of
 * one that left meanwhile is nobody's any more. On the event loop.
 */
final class ServedSessions {
    private final Served served;
    private final ClientConnection connection;
    private final CommandIntake intake;
    private final Map<SessionId, ServedSession> sessions = new LinkedHashMap<>();
    private final ServedSession.Load load = new ServedSession.Load();

    /**
     * @param connection is told what the node tells of them, on threads of the node
     * @param intake takes their commands
     */
    ServedSessions(Served served, ClientConnection connection, CommandIntake intake) {
        this.served = served;
        this.connection = connection;
        this.intake = intake;
    }

    /** What they have on their way, all together. */
    ServedSession.Load load() {
        return load;
    }

    /**
     * Attaches a session that is not attached.
     *
     * @return what is wrong with the client, or null
     */
    @Nullable
    String attach(SessionId id, long boot) {
        if (id.owner() != 0 || id.tag() == 0) {
            return "session " + id + ", which is no client's";
        }
        if (sessions.size() >= served.limits().sessionsMax()) {
            return "more than " + served.limits().sessionsMax() + " sessions";
        }
        ServedSession session = new ServedSession(id, connection);
        sessions.put(id, session);
        try {
            served.gateway().attach(id, boot, session);
        } catch (IllegalArgumentException refused) {
            return "session " + id + ", " + refused.getMessage();
        }
        return null;
    }

    void detach(SessionId id) {
        ServedSession session = sessions.get(id);
        if (session != null) {
            forget(session);
            served.gateway().detach(id, session);
        }
    }

    /** The connection is gone. */
    void detachAll() {
        for (ServedSession session : sessions.values()) {
            served.gateway().detach(session.id(), session);
        }
        sessions.clear();
    }

    /** Also what the node had no room for: it is sent again, where the session is attached next. */
    private void forget(ServedSession session) {
        sessions.remove(session.id());
        session.forget(load);
        intake.forget(session.id());
    }

    /**
     * Takes in the commands of one frame. Those of a session that is not attached are dropped: its client was told that it ended
     * here, or will be, and sends them again elsewhere.
     *
     * @return what is wrong with the client, or null
     */
    @Nullable
    String submit(List<Command> commands) {
        ServedSession session = null;
        for (Command command : commands) {
            boolean same = session != null && session.id().equals(command.session());
            session = same ? session : sessions.get(command.session());
            if (session == null) {
                continue;
            }
            if (!isOfClient(command)) {
                return "a " + command;
            }
            session.sent(command.sequence(), command.payload().length, !same, load);
            intake.add(command);
        }
        return null;
    }

    private boolean isOfClient(Command command) {
        return switch (command.kind()) {
            case COMMAND, SESSION_OPEN, SESSION_CLOSE ->
                command.payload().length <= served.gateway().commandBytesMax();
            case NO_OP, MEMBERSHIP, TICK, FEATURE_LEVEL -> false;
        };
    }

    private static long highest(List<SessionResult> results) {
        long highest = 0;
        for (SessionResult result : results) {
            highest = Math.max(highest, result.sequence());
        }
        return highest;
    }

    /** Passes on what the node told of one of them. */
    void tell(ServedSession.News news, Answers answers) {
        ServedSession session = news.session();
        if (sessions.get(session.id()) != session) {
            return;
        }
        if (news instanceof ServedSession.News.Results results) {
            session.answered(highest(results.results()), load);
            answers.results(session.id(), results.results());
        } else if (news instanceof ServedSession.News.Attached attached) {
            session.forget(load);
            answers.attached(session.id(), attached.due(), attached.cached());
        } else if (news instanceof ServedSession.News.Gap gap) {
            session.forget(load);
            answers.message(new ClientMessage.Gap(session.id(), gap.due()));
        } else if (news instanceof ServedSession.News.Refused refused) {
            session.forget(load);
            answers.message(new ClientMessage.Refused(session.id(), refused.first(), refused.why()));
        } else if (news instanceof ServedSession.News.Ended ended) {
            forget(session);
            answers.message(new ClientMessage.Ended(session.id(), ended.why()));
        }
    }
}
