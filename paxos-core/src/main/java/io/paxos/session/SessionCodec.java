// SPDX-License-Identifier: Apache-2.0
package io.paxos.session;

import io.paxos.model.Command;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.session.SessionResult.Status;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a session table in a snapshot ({@code docs/snapshot-format.md}). Level 1 began with the number of sessions and
 * kept no results; later levels begin with the level as a negative number.
 */
final class SessionCodec {

    private static final int LEVEL = 2;
    private static final int CLOSED = 1;

    private SessionCodec() {}

    /** What an opening asks for; null if it is none that this version knows. */
    static @Nullable SessionOpening openingOf(Command command) {
        try {
            return command.boot() == 1 && command.sequence() == 1 ? SessionOpening.decode(command.payload()) : null;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /** A kept result always says where it took effect. */
    static Position positionOf(SessionResult kept) {
        Position position = kept.position();
        if (position == null) {
            throw new IllegalStateException("a result without a position was kept: " + kept);
        }
        return position;
    }

    static void write(List<Session> sessions, DataOutput out) throws IOException {
        out.writeInt(-LEVEL);
        out.writeInt(sessions.size());
        for (Session session : sessions) {
            out.writeLong(session.id.owner());
            out.writeLong(session.id.tag());
            out.writeLong(session.boot);
            out.writeLong(session.last);
            out.writeLong(session.bootBefore);
            out.writeLong(session.lastBefore);
            if (session.id.owner() == 0) {
                out.writeByte(session.closed ? CLOSED : 0);
                out.writeLong(session.activeMillis);
                out.write(session.opening.encode());
            }
            out.writeInt(session.results.size());
            for (SessionResult result : session.results) {
                Position position = positionOf(result);
                out.writeByte(result.status().code());
                out.writeLong(position.slot());
                out.writeInt(position.index());
                out.writeInt(result.result().length);
                out.write(result.result());
            }
        }
    }

    /** @param into takes each session; false if it was there already */
    static void read(DataInput in, Predicate<Session> into) throws IOException {
        int first = in.readInt();
        int level = first < 0 ? -first : 1;
        if (level > LEVEL) {
            throw new IOException("session table: level " + level + " is unknown to this version");
        }
        int count = level == 1 ? first : in.readInt();
        if (count < 0) {
            throw new IOException("session table: " + count + " sessions");
        }
        for (int i = 0; i < count; i++) {
            Session session = new Session(new SessionId(in.readLong(), in.readLong()));
            session.boot = in.readLong();
            session.last = in.readLong();
            if (level > 1) {
                readRest(session, in);
            }
            boolean possible = session.boot >= 1 && session.last >= 1 && !session.id.isNone();
            if (!possible || !into.test(session)) {
                throw new IOException("session table: entry " + i + " of " + count + ", session " + session.id
                        + " at boot " + session.boot + " with sequence " + session.last + " cannot be");
            }
        }
    }

    private static void readRest(Session session, DataInput in) throws IOException {
        session.bootBefore = in.readLong();
        session.lastBefore = in.readLong();
        if (session.id.owner() == 0) {
            session.closed = in.readByte() == CLOSED;
            session.activeMillis = in.readLong();
            byte[] opening = new byte[SessionOpening.BYTES];
            in.readFully(opening);
            session.opening = SessionOpening.decode(opening);
        }
        int results = in.readInt();
        if (results < 0 || results > SessionTable.SESSION_RESULTS_MAX || results > session.last) {
            throw new IOException("session table: " + results + " results of session " + session.id
                    + ", whose last sequence is " + session.last);
        }
        for (int i = 0; i < results; i++) {
            session.results.addLast(readResult(session.last - results + 1 + i, in));
            session.resultBytes += SessionTable.RESULT_OVERHEAD_BYTES
                    + (long) session.results.getLast().result().length;
            if (session.resultBytes > SessionTable.SESSION_RESULT_BYTES_MAX) {
                throw new IOException("session table: results of session " + session.id + " are too large");
            }
        }
    }

    private static SessionResult readResult(long sequence, DataInput in) throws IOException {
        try {
            Status status = Status.ofCode(in.readByte());
            Position position = new Position(in.readLong(), in.readInt());
            int length = in.readInt();
            if (length < 0 || length > SessionTable.SESSION_RESULT_BYTES_MAX) {
                throw new IOException("session table: a result of " + length + " bytes");
            }
            byte[] result = new byte[length];
            in.readFully(result);
            return new SessionResult(sequence, status, position, result);
        } catch (IllegalArgumentException impossible) {
            throw new IOException("session table: " + impossible.getMessage(), impossible);
        }
    }
}
