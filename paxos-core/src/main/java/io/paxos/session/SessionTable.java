// SPDX-License-Identifier: Apache-2.0
package io.paxos.session;

import io.paxos.model.Command;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.session.SessionResult.Status;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * The replicated table of sessions: who may have a command applied, which one is next, and what came of the last ones. It is
 * state of the log like the state machine's own, so every replica that applied the same slots holds the same table and
 * decides alike.
 *
 * <pre>
 *   absent ── open(boot b, sequence 1) ──▶ open(b, last 1) ── sequence n + 1 ──▶ open(b, last n + 1)
 *
 *   a node's    open(b) ── open(boot above b) ──▶ open(that boot, last 1); it never expires
 *   a client's  open ── nothing applied for longer than its time-out ──▶ absent
 *               open ── close ──▶ closed ── agreed time passes the opening's last moment ──▶ absent
 *               closed, or absent and later than the opening's last moment ── open ──▶ refused
 * </pre>
 *
 * <p>Only sequence last + 1 is taken. Slots can be chosen out of order, so a later sequence can reach a lower slot than
 * an earlier one: 5 goes into slot 10 and 6 into slot 11, the leader dies, slot 10 becomes a no-op. Were 6 taken, the
 * retry of 5 would look like a duplicate: lost, yet answered. So 6 is answered {@link Verdict#GAP}, without effect, and
 * the owner sends again from 5.
 *
 * <p>Results are kept until their owner says that it has them, within bounds that are part of the format: a bound of one
 * replica's own would make it answer otherwise than the others. The oldest go first.
 *
 * <p>Owned by the thread that applies.
 */
public final class SessionTable {

    /** Sessions of clients, the closed ones included that are remembered yet. */
    public static final int CLIENT_SESSIONS_MAX = 65_536;

    /** Results kept of one session. */
    public static final int SESSION_RESULTS_MAX = 16_384;

    /** What the kept results of one session may cost, each with {@link #RESULT_OVERHEAD_BYTES}. */
    public static final int SESSION_RESULT_BYTES_MAX = 4 << 20;

    /** What all kept results may cost; beyond it an eighth is let go of at once. */
    public static final int RESULT_BYTES_MAX = 32 << 20;

    /** What a kept result costs beside its bytes. */
    public static final int RESULT_OVERHEAD_BYTES = 48;

    /** What the table says of a command. */
    public enum Verdict {
        /** It is the next one of its session; the table moved on, and waits for its result. */
        APPLY(1),
        /** It took effect before. */
        DUPLICATE(2),
        /** An earlier one of its session is missing; see {@link SessionTable#nextSequence}. */
        GAP(3),
        /** It is of an earlier boot than the session's; it never takes effect any more. */
        CLOSED(4),
        /** Its session, or its boot of it, is not open: not yet, or, of a client, not any more. */
        NOT_OPEN(5),
        /** An opening that came too late, or after the session was closed. */
        TOO_LATE(6),
        /** An opening for which there is no room. */
        TOO_MANY(7),
        /** An opening of a session that another client has open. */
        COLLISION(8),
        /** An opening that asks for what cannot be. */
        OUT_OF_RANGE(9);

        private final byte code;

        Verdict(int code) {
            this.code = (byte) code;
        }

        /** The number that stands for it in hashes over what was applied; it never changes. */
        public byte code() {
            return code;
        }
    }

    /** How a command stands that may have been sent at any time before. */
    public enum Fate {
        /** It took effect. */
        TOOK_EFFECT,
        /** It has not taken effect, and may yet. */
        NOT_YET,
        /** It did not take effect, and never will. */
        NEVER,
        /** What became of it is remembered no longer. */
        FORGOTTEN
    }

    private static final byte[] NO_RESULT = new byte[0];
    private static final Comparator<Session> BY_DEADLINE =
            Comparator.<Session>comparingLong(session -> session.queuedAtMillis).thenComparing(session -> session.id);
    private static final Comparator<Session> BY_OLDEST =
            Comparator.comparing(session -> SessionCodec.positionOf(session.results.getFirst()));

    private final Map<SessionId, Session> sessions = new HashMap<>();

    /**
     * Sessions that can expire, by a moment at or before the last one of their life. Activity does not move them in here;
     * that is looked at when their turn comes.
     */
    private final TreeSet<Session> byDeadline = new TreeSet<>(BY_DEADLINE);

    private int clients;
    private long resultBytes;

    /** The session of the last command: neighbours are often of one session. Absent ones too. */
    private Session last = new Session(SessionId.NONE);

    /** An empty table. */
    public SessionTable() {}

    // ---- commands ---------------------------------------------------------------------------------------------

    /**
     * Judges a command that belongs to a session, and moves on if it is the next one; then {@link #applied} must follow
     * before anything else is judged.
     *
     * @param agreedMillis agreed time of its slot, which {@link #timeIs} was told before
     */
    public Verdict judge(Command command, long agreedMillis) {
        Session session = find(command.session());
        if (command.kind() == Command.Kind.SESSION_OPEN) {
            return command.session().owner() == 0
                    ? openClient(session, command, agreedMillis)
                    : openNode(session, command);
        }
        if (session.isAbsent() || session.closed || command.boot() > session.boot) {
            return Verdict.NOT_OPEN;
        }
        if (command.boot() < session.boot) {
            return Verdict.CLOSED;
        }
        session.activeMillis = agreedMillis;
        acknowledge(session, command.acknowledgedBelow());
        if (command.sequence() <= session.last) {
            return Verdict.DUPLICATE;
        }
        if (command.sequence() > session.last + 1) {
            return Verdict.GAP;
        }
        session.last++;
        return Verdict.APPLY;
    }

    /** What came of the command that was judged last, which was the next one: kept until its owner has it. */
    public SessionResult applied(Position position, byte[] result) {
        Session session = last;
        SessionResult all = new SessionResult(session.last, Status.APPLIED, position, result);
        boolean tooLarge = result.length + RESULT_OVERHEAD_BYTES > SESSION_RESULT_BYTES_MAX;
        keep(session, tooLarge ? new SessionResult(session.last, Status.RESULT_GONE, position, NO_RESULT) : all);
        while (session.results.size() > SESSION_RESULTS_MAX || session.resultBytes > SESSION_RESULT_BYTES_MAX) {
            letGoOfOldest(session);
        }
        if (resultBytes > RESULT_BYTES_MAX) {
            letGoOfOldest();
        }
        return all;
    }

    /** The command that was judged last was the next one, and closes its session. */
    public SessionResult closed(Position position, long agreedMillis) {
        Session session = last;
        SessionResult answer = new SessionResult(session.last, Status.APPLIED, position, NO_RESULT);
        clear(session);
        byDeadline.remove(session);
        session.closed = true;
        if (agreedMillis > session.opening.notAfterAgreedMillis()) {
            forget(session);
        } else {
            queue(session);
        }
        return answer;
    }

    private Verdict openNode(Session session, Command command) {
        if (command.sequence() != 1 || command.boot() < 1) {
            return Verdict.OUT_OF_RANGE;
        }
        if (session.isAbsent()) {
            sessions.put(session.id, session);
        } else if (command.boot() <= session.boot) {
            return command.boot() == session.boot ? Verdict.DUPLICATE : Verdict.CLOSED;
        }
        session.begin(command.boot());
        clear(session);
        return Verdict.APPLY;
    }

    private Verdict openClient(Session session, Command command, long agreedMillis) {
        SessionOpening opening = SessionCodec.openingOf(command);
        if (opening == null || !opening.isWithinBounds(agreedMillis)) {
            return Verdict.OUT_OF_RANGE;
        }
        if (!session.isAbsent()) {
            if (!session.opening.equals(opening)) {
                return Verdict.COLLISION;
            }
            if (session.closed) {
                return Verdict.TOO_LATE;
            }
            session.activeMillis = agreedMillis;
            return Verdict.DUPLICATE;
        }
        if (agreedMillis > opening.notAfterAgreedMillis()) {
            return Verdict.TOO_LATE;
        }
        if (clients >= CLIENT_SESSIONS_MAX) {
            return Verdict.TOO_MANY;
        }
        sessions.put(session.id, session);
        clients++;
        session.begin(command.boot());
        session.opening = opening;
        session.activeMillis = agreedMillis;
        queue(session);
        return Verdict.APPLY;
    }

    private Session find(SessionId id) {
        if (!last.id.equals(id)) {
            Session known = sessions.get(id);
            last = known == null ? new Session(id) : known;
        }
        return last;
    }

    // ---- results ----------------------------------------------------------------------------------------------

    private void keep(Session session, SessionResult result) {
        session.results.addLast(result);
        session.resultBytes += costOf(result);
        resultBytes += costOf(result);
    }

    private void acknowledge(Session session, long below) {
        long firstKept = session.last - session.results.size() + 1;
        while (firstKept < below && !session.results.isEmpty()) {
            letGoOfOldest(session);
            firstKept++;
        }
    }

    private void letGoOfOldest(Session session) {
        long cost = costOf(session.results.removeFirst());
        session.resultBytes -= cost;
        resultBytes -= cost;
    }

    /** Lets go of an eighth of everything, the oldest first, so that it need not be done for every command. */
    private void letGoOfOldest() {
        PriorityQueue<Session> byOldest = new PriorityQueue<>(BY_OLDEST);
        for (Session session : sessions.values()) {
            if (!session.results.isEmpty()) {
                byOldest.add(session);
            }
        }
        while (resultBytes > RESULT_BYTES_MAX / 8 * 7) {
            Session session = byOldest.remove();
            letGoOfOldest(session);
            if (!session.results.isEmpty()) {
                byOldest.add(session);
            }
        }
    }

    private void clear(Session session) {
        while (!session.results.isEmpty()) {
            letGoOfOldest(session);
        }
    }

    private static long costOf(SessionResult result) {
        return RESULT_OVERHEAD_BYTES + (long) result.result().length;
    }

    // ---- time -------------------------------------------------------------------------------------------------

    /** Agreed time is now this: sessions of clients expire that nothing was applied of for longer than their time-out. */
    public void timeIs(long agreedMillis) {
        while (!byDeadline.isEmpty() && byDeadline.first().queuedAtMillis < agreedMillis) {
            Session session = byDeadline.pollFirst();
            if (session.lastMomentMillis() < agreedMillis) {
                clear(session);
                forget(session);
            } else {
                queue(session);
            }
        }
    }

    /** No session expires before agreed time reaches this; {@link Long#MAX_VALUE} if none can. */
    public long nothingExpiresBeforeMillis() {
        return byDeadline.isEmpty() ? Long.MAX_VALUE : byDeadline.first().queuedAtMillis + 1;
    }

    private void queue(Session session) {
        session.queuedAtMillis = session.lastMomentMillis();
        byDeadline.add(session);
    }

    private void forget(Session session) {
        sessions.remove(session.id);
        clients--;
        if (last == session) {
            last = new Session(session.id);
        }
    }

    // ---- questions --------------------------------------------------------------------------------------------

    /** The sequence that is due in that boot of the session: 1 if it is not open. */
    public long nextSequence(SessionId id, long boot) {
        Session session = sessions.get(id);
        return session == null || session.closed || session.boot != boot ? 1 : session.last + 1;
    }

    /** The results that are kept of that boot of the session, ascending. */
    public List<SessionResult> resultsOf(SessionId id, long boot) {
        Session session = sessions.get(id);
        return session == null || session.boot != boot ? List.of() : List.copyOf(session.results);
    }

    /** The boot that the session is open in; 0 if it is not. */
    public long bootOf(SessionId id) {
        Session session = sessions.get(id);
        return session == null || session.closed ? 0 : session.boot;
    }

    /** How that command stands. */
    public Fate fateOf(SessionId id, long boot, long sequence) {
        Session session = sessions.get(id);
        if (session == null || session.closed || boot > session.boot) {
            return id.owner() == 0 ? Fate.FORGOTTEN : Fate.NOT_YET;
        }
        if (boot == session.boot) {
            return sequence <= session.last ? Fate.TOOK_EFFECT : Fate.NOT_YET;
        }
        if (boot == session.bootBefore) {
            return sequence <= session.lastBefore ? Fate.TOOK_EFFECT : Fate.NEVER;
        }
        return Fate.FORGOTTEN;
    }

    /** How many sessions the table holds, the closed ones included that it remembers. */
    public int size() {
        return sessions.size();
    }

    /** What the kept results cost. */
    public long resultBytes() {
        return resultBytes;
    }

    // ---- snapshots --------------------------------------------------------------------------------------------

    /** Writes the whole table; the same table gives the same bytes. */
    public void writeTo(DataOutput out) throws IOException {
        List<Session> all = new ArrayList<>(sessions.values());
        all.sort(Comparator.comparing(session -> session.id));
        SessionCodec.write(all, out);
    }

    /**
     * Reads what {@link #writeTo} wrote, in this version or an earlier one.
     *
     * @throws IOException if it is not that
     */
    public static SessionTable readFrom(DataInput in) throws IOException {
        SessionTable table = new SessionTable();
        SessionCodec.read(in, table::restore);
        if (table.clients > CLIENT_SESSIONS_MAX || table.resultBytes > RESULT_BYTES_MAX) {
            throw new IOException("session table: " + table.clients + " sessions of clients with " + table.resultBytes
                    + " bytes of results are out of range");
        }
        return table;
    }

    private boolean restore(Session session) {
        if (sessions.putIfAbsent(session.id, session) != null) {
            return false;
        }
        resultBytes += session.resultBytes;
        if (session.id.owner() == 0) {
            clients++;
            queue(session);
        }
        return true;
    }
}
