// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.driver.Read;
import io.paxos.driver.ReadFailure;
import io.paxos.simulation.check.History;
import io.paxos.simulation.property.Judges;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Clients that do nothing but read, of all levels, without the log, while the others write.
 *
 * <p>Linearizable and leased reads go into the history with everything else. Moreover each answer says the slot of the state that
 * it saw, and that is judged at once, which finds an old read even where no value gives it away: a linearizable read that began
 * after something in slot 40 was answered to anybody sees slot 40. One at a slot sees that slot. And whatever its level: two
 * that ask the same of the state at one slot get the same answer, whichever nodes they ask.
 */
final class SimulatedReads<I, O> {

    private static final int FIRST_READER = 1_000;
    private static final long THINK_MOST_MICROS = 120_000;
    private static final int TRIES = 64;
    private static final List<Read.Kind> KINDS = List.of(Read.Kind.values());

    private final Cluster cluster;
    private final World world;
    private final Workload<?, I, O> workload;
    private final SplittableRandom random;
    private final History.Builder<I, O> history;
    private final Map<Question, Integer> answers = new HashMap<>();
    private final long[] seen;

    /** Everything up to here was answered to somebody. */
    private long answeredSlot;

    private int open;
    private long answered;
    private boolean stopped;

    private record Question(long slot, int query) {}

    /** One read under way: what the driver is handed. Told once. */
    static final class Caller implements Read.Reader {
        private final byte[] query;
        private final Ending ending;
        private @Nullable UnaryOperator<byte[]> machine;
        private byte @Nullable [] saw;
        private boolean told;

        /** Hears how it ended. */
        interface Ending {
            /**
             * It ended.
             *
             * @param result null if there is none
             * @param slot the state that was read
             */
            void ended(byte @Nullable [] result, long slot);
        }

        Caller(byte[] query, Ending ending) {
            this.query = query;
            this.ending = ending;
        }

        /** It goes to a process, whose state machine answers so. */
        void askedOf(UnaryOperator<byte[]> of) {
            machine = of;
        }

        boolean isTold() {
            return told;
        }

        @Override
        public void read() {
            saw = Objects.requireNonNull(machine).apply(query.clone());
        }

        @Override
        public void answered(long slot, long ageMillis) {
            tell(saw, slot);
        }

        @Override
        public void failed(ReadFailure failure) {
            tell(null, 0);
        }

        private void tell(byte @Nullable [] result, long slot) {
            if (!told) {
                told = true;
                ending.ended(result, slot);
            }
        }
    }

    /** @param random of its own, so that runs without readers are what they were before there were any */
    SimulatedReads(
            Cluster cluster, Workload<?, I, O> workload, History.Builder<I, O> history, SplittableRandom random) {
        this.cluster = cluster;
        this.world = cluster.world();
        this.workload = workload;
        this.history = history;
        this.random = random;
        this.seen = new long[cluster.config().readers()];
    }

    void start() {
        for (int reader = 0; reader < seen.length; reader++) {
            think(reader);
        }
    }

    /** No more is asked. */
    void stop() {
        stopped = true;
    }

    boolean isDone() {
        return open == 0;
    }

    /** How many were answered. */
    long answered() {
        return answered;
    }

    /** A write in that slot was answered to its client. */
    void acknowledged(long slot) {
        answeredSlot = Math.max(answeredSlot, slot);
    }

    private void think(int reader) {
        world.after(random.nextLong(1, THINK_MOST_MICROS), () -> {
            if (!stopped) {
                ask(reader);
            }
        });
    }

    private void ask(int reader) {
        SimulatedNode node = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
        I input = nextRead();
        if (!node.isUp() || input == null) {
            think(reader);
            return;
        }
        Read.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        boolean fresh = kind == Read.Kind.LINEARIZABLE || kind == Read.Kind.LEASED;
        long wanted = kind == Read.Kind.AT_LEAST ? seen[reader] : 0;
        long floor = fresh ? answeredSlot : wanted;
        int recorded = fresh ? history.invoke(FIRST_READER + reader, input, world.nowMicros()) : -1;
        byte[] query = workload.encode(input);
        open++;
        Caller caller = new Caller(query, (result, slot) -> {
            open--;
            if (result == null) {
                if (fresh) {
                    history.neverTookEffect(recorded);
                }
            } else {
                answered++;
                judge(kind, node, floor, query, result, slot);
                seen[reader] = Math.max(seen[reader], slot);
                if (fresh) {
                    answeredSlot = Math.max(answeredSlot, slot);
                    O output = workload.decode(input, result);
                    history.respond(recorded, Objects.requireNonNull(output), world.nowMicros());
                }
            }
        });
        long timeoutMillis = random.nextLong(50, 8 * cluster.config().electionTimeoutMaxMillis());
        node.read(kind, wanted, timeoutMillis, caller);
        think(reader); // without waiting for the answer: nodes that cannot answer for long are to be asked too
    }

    private @Nullable I nextRead() {
        for (int i = 0; i < TRIES; i++) {
            I input = workload.nextInput(random, 1);
            if (workload.isRead(input)) {
                return input;
            }
        }
        return null;
    }

    private void judge(Read.Kind kind, SimulatedNode node, long floor, byte[] query, byte[] result, long slot) {
        cluster.recorder().seal(slot);
        cluster.recorder().seal(Payload.checksumOf(result));
        if (slot < floor) {
            report(
                    "ReadsAreNotOld",
                    "a " + kind + " read at " + node.id() + " saw slot " + slot + ", but began after slot " + floor
                            + " was answered to somebody, or asked for it");
        }
        Integer before = answers.putIfAbsent(new Question(slot, Payload.checksumOf(query)), Payload.checksumOf(result));
        if (before != null && before != Payload.checksumOf(result)) {
            report(
                    "ReadsSeeOneState",
                    "a " + kind + " read at " + node.id() + " saw something else in the state at slot " + slot
                            + " than another one did");
        }
    }

    private void report(String property, String explanation) {
        cluster.recorder().judges().report(new Judges.Violation(property, explanation, world.nowMicros()));
    }
}
