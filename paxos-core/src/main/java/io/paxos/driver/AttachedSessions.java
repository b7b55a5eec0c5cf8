// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.SessionId;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The sessions whose news are wanted here. Owned by whoever applies. */
final class AttachedSessions {

    private final AttachedSession own;
    private final Map<SessionId, AttachedSession> clients = new LinkedHashMap<>();

    /** Clients' sessions with something to tell, in the order in which it came. */
    private final List<AttachedSession> withNews = new ArrayList<>();

    /** Neighbouring commands are often of one session: the last one asked for, and what was found. */
    private SessionId lastId;

    private @Nullable AttachedSession last;

    AttachedSessions(AttachedSession own) {
        this.own = own;
        this.lastId = own.id();
        this.last = own;
    }

    @Nullable
    AttachedSession find(SessionId id) {
        if (!id.equals(lastId)) {
            lastId = id;
            last = id.equals(own.id()) ? own : clients.get(id);
        }
        return last;
    }

    void put(AttachedSession session) {
        clients.put(session.id(), session);
        forgetLast();
    }

    void remove(SessionId id, SessionReceiver receiver) {
        AttachedSession there = clients.get(id);
        if (there != null && there.receiver() == receiver) {
            clients.remove(id);
            forgetLast();
        }
    }

    private void forgetLast() {
        lastId = own.id();
        last = own;
    }

    void result(AttachedSession session, SessionResult result) {
        noteNews(session);
        session.add(result);
    }

    void gap(AttachedSession session, long due) {
        noteNews(session);
        session.gap(due);
    }

    private void noteNews(AttachedSession session) {
        if (session != own && !session.hasNews()) {
            withNews.add(session);
        }
    }

    /** Tells the receivers of clients' sessions what is new. */
    void tell() {
        if (withNews.isEmpty()) {
            return;
        }
        for (AttachedSession session : withNews) {
            SessionReceiver receiver = session.receiver();
            if (receiver == null) {
                continue;
            }
            List<SessionResult> results = session.takeResults();
            if (!results.isEmpty()) {
                receiver.results(results);
            }
            long due = session.takeGap();
            if (due != 0) {
                receiver.gap(due);
            }
        }
        withNews.clear();
    }

    void forEachReceiver(BiConsumer<AttachedSession, SessionReceiver> action) {
        for (AttachedSession session : clients.values()) {
            SessionReceiver receiver = session.receiver();
            if (receiver != null) {
                action.accept(session, receiver);
            }
        }
    }
}
