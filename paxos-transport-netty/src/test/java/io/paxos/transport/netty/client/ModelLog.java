// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.model.Command;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.session.SessionOpening;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A log of commands, and replicas of a dumb session table that apply it, each at its own pace: what a client's rules are
 * compared with. A payload's result is the payload. One thread at a time.
 */
final class ModelLog {
    private static final byte[] NOTHING = {};

    /** One slot. */
    private record Entry(Command command, long agreedMillis) {}

    private final List<Entry> entries = new ArrayList<>();
    private final int resultsKept;
    long agreedMillis = 1_000;

    /** Payloads in the order in which they took effect, by the first replica that got there. */
    final List<String> effects = new ArrayList<>();

    private int effectsUpTo;

    ModelLog(int resultsKept) {
        this.resultsKept = resultsKept;
    }

    void append(Command command) {
        entries.add(new Entry(command, agreedMillis));
    }

    int size() {
        return entries.size();
    }

    /** One replica of the table, and the receivers attached to it. */
    final class Replica {
        private final Map<SessionId, Session> table = new TreeMap<>();
        private final Map<SessionId, SessionReceiver> receivers = new LinkedHashMap<>();
        private int applied;
        private long agreed;

        boolean isBehind() {
            return applied < entries.size();
        }

        long agreedMillis() {
            return agreed;
        }

        void attach(SessionId id, SessionReceiver receiver) {
            SessionReceiver earlier = receivers.put(id, receiver);
            if (earlier != null) {
                earlier.ended("attached anew");
            }
            Session session = live(id);
            receiver.attached(
                    session == null ? 1 : session.last + 1,
                    session == null ? List.of() : List.copyOf(session.results.values()));
        }

        void detach(SessionId id, SessionReceiver receiver) {
            receivers.remove(id, receiver);
        }

        void detachAll() {
            receivers.clear();
        }

        void endAll(String why) {
            List<SessionReceiver> all = List.copyOf(receivers.values());
            receivers.clear();
            all.forEach(each -> each.ended(why));
        }

        /** The same log from its beginning, as a node that starts again reads it. */
        void applyAll() {
            while (isBehind()) {
                applyNext();
            }
        }

        void applyNext() {
            Entry entry = entries.get(applied++);
            agreed = Math.max(agreed, entry.agreedMillis());
            table.values().removeIf(session -> agreed - session.activeMillis > session.timeoutMillis);
            Command command = entry.command();
            Position position = new Position(applied, 0);
            SessionReceiver receiver = receivers.get(command.session());
            Session session = live(command.session());
            if (command.kind() == Command.Kind.SESSION_OPEN) {
                SessionResult result = open(command, session, position);
                if (receiver != null) {
                    receiver.results(List.of(result));
                }
                return;
            }
            if (session == null) {
                if (receiver != null) {
                    receiver.results(List.of(
                            new SessionResult(command.sequence(), SessionResult.Status.EXPIRED, position, NOTHING)));
                }
            } else if (command.sequence() > session.last + 1) {
                if (receiver != null) {
                    receiver.gap(session.last + 1);
                }
            } else {
                SessionResult result = apply(command, session, position);
                if (receiver != null) {
                    receiver.results(List.of(result));
                }
            }
        }

        private SessionResult open(Command command, Session session, Position position) {
            SessionOpening asked = SessionOpening.decode(command.payload());
            if (session != null && session.nonce != asked.nonceLow()) {
                return new SessionResult(1, SessionResult.Status.COLLISION, position, NOTHING);
            }
            if (session == null && agreed > asked.notAfterAgreedMillis()) {
                return new SessionResult(1, SessionResult.Status.EXPIRED, position, NOTHING);
            }
            if (session == null) {
                table.put(command.session(), new Session(asked, agreed));
            } else {
                session.activeMillis = agreed;
            }
            return new SessionResult(1, SessionResult.Status.APPLIED, position, NOTHING);
        }

        private SessionResult apply(Command command, Session session, Position position) {
            session.activeMillis = agreed;
            session.results.headMap(command.acknowledgedBelow()).clear();
            if (command.sequence() <= session.last) {
                SessionResult kept = session.results.get(command.sequence());
                return kept != null
                        ? kept
                        : new SessionResult(command.sequence(), SessionResult.Status.RESULT_GONE, null, NOTHING);
            }
            session.last++;
            if (applied > effectsUpTo && command.kind() == Command.Kind.COMMAND) {
                effects.add(new String(command.payload(), StandardCharsets.US_ASCII));
            }
            effectsUpTo = Math.max(effectsUpTo, applied);
            SessionResult result =
                    new SessionResult(command.sequence(), SessionResult.Status.APPLIED, position, command.payload());
            session.results.put(command.sequence(), result);
            if (session.results.size() > resultsKept) {
                session.results.pollFirstEntry();
            }
            if (command.kind() == Command.Kind.SESSION_CLOSE) {
                table.remove(command.session());
            }
            return result;
        }

        private Session live(SessionId id) {
            return table.get(id);
        }
    }

    private static final class Session {
        private final long nonce;
        private final long timeoutMillis;
        private long activeMillis;
        private long last = 1;
        private final TreeMap<Long, SessionResult> results = new TreeMap<>();

        Session(SessionOpening asked, long agreed) {
            this.nonce = asked.nonceLow();
            this.timeoutMillis = asked.timeoutMillis();
            this.activeMillis = agreed;
        }
    }
}
