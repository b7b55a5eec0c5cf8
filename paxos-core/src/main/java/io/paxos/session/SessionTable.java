// SPDX-License-Identifier: Apache-2.0
package io.paxos.session;

import io.paxos.model.Command;
import io.paxos.model.SessionId;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The replicated table of sessions: who may have a command applied, and which one is next. It is state of the log like
 * the state machine's own, so every replica that applied the same slots holds the same table and decides alike.
 *
 * <p>A session is (id, boot of its owner, last applied sequence):
 *
 * <pre>
 *   absent ── SESSION_OPEN(boot b, sequence 1) ──▶ open(b, last 1)
 *   open(b, last n) ── sequence n + 1 ──▶ open(b, last n + 1)
 *   open(b, last n) ── SESSION_OPEN(boot above b, sequence 1) ──▶ open(that boot, last 1)
 * </pre>
 *
 * <p>Only sequence last + 1 is taken. Slots can be chosen out of order, so a later sequence can reach a lower slot than
 * an earlier one: 5 goes into slot 10 and 6 into slot 11, the leader dies, slot 10 becomes a no-op. Were 6 taken, the
 * retry of 5 would look like a duplicate: lost, yet answered. So 6 is answered {@link Verdict#GAP}, without effect, and
 * the owner sends again from 5.
 *
 * <p>Owned by the thread that applies.
 */
public final class SessionTable {

    /** What the table says of a command. */
    public enum Verdict {
        /** It is the next one of its session; the table moved on. */
        APPLY,
        /** It took effect before. */
        DUPLICATE,
        /** An earlier one of its session is missing; see {@link SessionTable#nextSequence}. */
        GAP,
        /** It is of an earlier boot than the session's; it never takes effect any more. */
        CLOSED,
        /** Its session, or its boot of it, was not opened yet. */
        NOT_OPEN
    }

    /** Few sessions now, and the order of a tree is the same on every replica. */
    private final TreeMap<SessionId, OpenSession> sessions = new TreeMap<>();

    /** An empty table. */
    public SessionTable() {}

    /** Judges a {@code SESSION_OPEN}, and opens the session if it is due; earlier boots of it are closed by that. */
    public Verdict open(Command command) {
        if (command.kind() != Command.Kind.SESSION_OPEN || command.sequence() != 1 || command.boot() < 1) {
            throw new IllegalArgumentException("session: " + command + " opens none");
        }
        OpenSession session = sessions.get(command.session());
        if (session == null) {
            sessions.put(command.session(), new OpenSession(command.boot()));
            return Verdict.APPLY;
        }
        if (command.boot() > session.boot) {
            session.boot = command.boot();
            session.last = 1;
            return Verdict.APPLY;
        }
        return command.boot() == session.boot ? Verdict.DUPLICATE : Verdict.CLOSED;
    }

    /** Judges a command of a session, and moves on if it is the next one. */
    public Verdict admit(Command command) {
        OpenSession session = sessions.get(command.session());
        if (session == null || command.boot() > session.boot) {
            return Verdict.NOT_OPEN;
        }
        if (command.boot() < session.boot) {
            return Verdict.CLOSED;
        }
        if (command.sequence() <= session.last) {
            return Verdict.DUPLICATE;
        }
        if (command.sequence() > session.last + 1) {
            return Verdict.GAP;
        }
        session.last++;
        return Verdict.APPLY;
    }

    /** The sequence that is due in that boot of the session: 1 if it is not open. */
    public long nextSequence(SessionId id, long boot) {
        OpenSession session = sessions.get(id);
        return session == null || session.boot != boot ? 1 : session.last + 1;
    }

    /** The boot that the session is open in; 0 if it is not. */
    public long bootOf(SessionId id) {
        OpenSession session = sessions.get(id);
        return session == null ? 0 : session.boot;
    }

    /** Writes the whole table; the same table gives the same bytes. */
    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(sessions.size());
        for (Map.Entry<SessionId, OpenSession> each : sessions.entrySet()) {
            out.writeLong(each.getKey().owner());
            out.writeLong(each.getKey().tag());
            out.writeLong(each.getValue().boot);
            out.writeLong(each.getValue().last);
        }
    }

    /**
     * Reads what {@link #writeTo} wrote.
     *
     * @throws IOException if it is not that
     */
    public static SessionTable readFrom(DataInput in) throws IOException {
        int count = in.readInt();
        if (count < 0) {
            throw new IOException("session table: " + count + " sessions");
        }
        SessionTable table = new SessionTable();
        for (int i = 0; i < count; i++) {
            SessionId id = new SessionId(in.readLong(), in.readLong());
            OpenSession session = new OpenSession(in.readLong());
            session.last = in.readLong();
            if (session.boot < 1 || session.last < 1 || table.sessions.put(id, session) != null) {
                throw new IOException("session table: entry " + i + " of " + count + ", session " + id + " at boot "
                        + session.boot + " with sequence " + session.last + " cannot be");
            }
        }
        return table;
    }

    /** How many sessions the table holds. */
    public int size() {
        return sessions.size();
    }

    private static final class OpenSession {
        private long boot;
        private long last = 1;

        OpenSession(long boot) {
            this.boot = boot;
        }
    }
}
