// SPDX-License-Identifier: Apache-2.0
package io.paxos.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.model.Command;
import io.paxos.model.Command.Kind;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.session.SessionTable.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The table against a dumb one that keeps everything in lists and looks at all of it each time; and against itself, put
 * through a snapshot now and then: replicas that were restored must stay equal, byte for byte, to those that were not.
 */
class SessionTableModelTest {

    /** A session as one would write it down. */
    private static final class Written {
        private long boot;
        private long last;
        private long activeMillis;
        private byte[] opening = new byte[0];
        private boolean closed;
        private final List<SessionResult> results = new ArrayList<>();

        long lastMomentMillis() {
            SessionOpening asked = SessionOpening.decode(opening);
            return closed ? asked.notAfterAgreedMillis() : activeMillis + asked.timeoutMillis();
        }
    }

    private final Map<SessionId, Written> model = new LinkedHashMap<>();

    private void timeIs(long now) {
        model.entrySet()
                .removeIf(each -> each.getKey().owner() == 0 && each.getValue().lastMomentMillis() < now);
    }

    private Verdict judge(Command command, Position position, byte[] result, long now) {
        Written session = model.get(command.session());
        boolean client = command.session().owner() == 0;
        if (command.kind() == Kind.SESSION_OPEN) {
            if (client) {
                SessionOpening asked = SessionOpening.decode(command.payload());
                if (asked.notAfterAgreedMillis() - asked.timeoutMillis() > now) {
                    return Verdict.OUT_OF_RANGE;
                }
                if (session != null && !Arrays.equals(session.opening, command.payload())) {
                    return Verdict.COLLISION;
                }
                if (session == null ? now > asked.notAfterAgreedMillis() : session.closed) {
                    return Verdict.TOO_LATE;
                }
            }
            if (session != null && command.boot() <= session.boot) {
                session.activeMillis = now;
                return command.boot() == session.boot ? Verdict.DUPLICATE : Verdict.CLOSED;
            }
            Written fresh = new Written();
            fresh.boot = command.boot();
            fresh.last = 1;
            fresh.activeMillis = now;
            fresh.opening = command.payload();
            fresh.results.add(new SessionResult(1, SessionResult.Status.APPLIED, position, result));
            model.put(command.session(), fresh);
            return Verdict.APPLY;
        }
        if (session == null || session.closed || command.boot() > session.boot) {
            return Verdict.NOT_OPEN;
        }
        if (command.boot() < session.boot) {
            return Verdict.CLOSED;
        }
        session.activeMillis = now;
        session.results.removeIf(each -> each.sequence() < command.acknowledgedBelow());
        if (command.sequence() != session.last + 1) {
            return command.sequence() <= session.last ? Verdict.DUPLICATE : Verdict.GAP;
        }
        session.last++;
        session.results.add(new SessionResult(session.last, SessionResult.Status.APPLIED, position, result));
        if (command.kind() == Kind.SESSION_CLOSE) {
            session.closed = true;
            session.results.clear();
            timeIs(now);
        }
        return Verdict.APPLY;
    }

    /** Without parameters: planted bugs are run against it by its name. */
    @Test
    void itDecidesAsTheDumbOneAndSurvivesSnapshots() throws IOException {
        for (long seed = 1; seed <= 20; seed++) {
            new SessionTableModelTest().decidesAlike(seed);
        }
    }

    private void decidesAlike(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        SessionTable table = new SessionTable();
        SessionTable restored = new SessionTable();
        long now = 0;
        for (int i = 1; i <= 4_000; i++) {
            now += random.nextInt(4) == 0 ? random.nextLong(900) : 0;
            Command command = draw(random, now);
            Position position = new Position(i, 0);
            byte[] result = new byte[random.nextInt(5)];
            timeIs(now);
            Verdict wanted = judge(command, position, result, now);
            String step = "seed " + seed + ", step " + i + " at " + now + ": " + command;
            assertEquals(wanted, applied(table, command, position, result, now), step);
            assertEquals(wanted, applied(restored, command, position, result, now), step);
            if (random.nextInt(50) == 0) {
                restored = SessionTables.copyOf(restored);
            }
            assertEquals(table.nothingExpiresBeforeMillis() > now, true, step);
            assertEquals(model.size(), table.size(), step);
            Written session = model.get(command.session());
            assertEquals(
                    session == null || session.closed ? 1 : session.last + 1,
                    table.nextSequence(command.session(), session == null ? command.boot() : session.boot),
                    step);
            if (session != null) {
                assertEquals(texts(session.results), texts(table.resultsOf(command.session(), session.boot)), step);
            }
        }
        assertArrayEquals(SessionTables.bytesOf(table), SessionTables.bytesOf(restored));
    }

    private static Verdict applied(SessionTable table, Command command, Position position, byte[] result, long now) {
        table.timeIs(now);
        Verdict verdict = table.judge(command, now);
        if (verdict == Verdict.APPLY && command.kind() == Kind.SESSION_CLOSE) {
            table.closed(position, now);
        } else if (verdict == Verdict.APPLY) {
            table.applied(position, result);
        }
        return verdict;
    }

    private Command draw(SplittableRandom random, long now) {
        boolean client = random.nextInt(3) > 0;
        SessionId id = new SessionId(client ? 0 : 1, 1 + random.nextInt(4));
        Written session = model.get(id);
        long boot = client ? 1 : random.nextInt(8) == 0 ? 1 + random.nextInt(4) : session == null ? 1 : session.boot;
        int kind = random.nextInt(12);
        if ((session == null && kind > 5) || kind == 0) {
            byte[] opening = session != null && random.nextInt(4) > 0
                    ? session.opening
                    : SessionOpening.at(
                                    Math.max(0, now - 500 + random.nextInt(600)),
                                    1,
                                    random.nextInt(2),
                                    1_000 + random.nextInt(2_000))
                            .encode();
            return new Command(Kind.SESSION_OPEN, id, boot, 1, 0, client ? opening : new byte[0]);
        }
        long last = session == null ? 1 : session.last;
        long sequence = Math.max(2, last + 1 + (random.nextInt(3) == 0 ? random.nextInt(-3, 3) : 0));
        long acknowledged = Math.max(0, last - random.nextInt(6));
        boolean closes = client && kind == 1 && random.nextInt(3) == 0;
        return new Command(closes ? Kind.SESSION_CLOSE : Kind.COMMAND, id, boot, sequence, acknowledged, new byte[0]);
    }

    private static List<String> texts(List<SessionResult> results) {
        return results.stream()
                .map(each -> each.sequence() + "@" + each.position() + " " + each.result().length)
                .toList();
    }
}
