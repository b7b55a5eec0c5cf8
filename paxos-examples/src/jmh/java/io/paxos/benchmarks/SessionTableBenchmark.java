// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Command;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.session.SessionResult;
import io.paxos.session.SessionTable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A command of one of several sessions that take turns: judged, its result kept, and acknowledged ones let go of. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SessionTableBenchmark {

    private static final int IN_FLIGHT = 16;
    private static final byte[] RESULT = new byte[8];

    @Param({"1", "256"})
    private int sessions;

    private final SessionTable table = new SessionTable();
    private SessionId[] ids;
    private long slot;
    private long done;

    @Setup
    public void open() {
        ids = new SessionId[sessions];
        for (int i = 0; i < sessions; i++) {
            ids[i] = new SessionId(i + 1, 7);
            take(new Command(Command.Kind.SESSION_OPEN, ids[i], 1, 1, 1, new byte[0]));
        }
    }

    @Benchmark
    public SessionResult command() {
        int turn = (int) (done % sessions);
        long sequence = 2 + done / sessions;
        done++;
        return take(
                new Command(Command.Kind.COMMAND, ids[turn], 1, sequence, Math.max(1, sequence - IN_FLIGHT), RESULT));
    }

    private SessionResult take(Command command) {
        slot++;
        if (table.judge(command, slot) != SessionTable.Verdict.APPLY) {
            throw new IllegalStateException(command + " was not the next one");
        }
        return table.applied(new Position(slot, 0), RESULT);
    }
}
