// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.driver.Outcome;
import io.paxos.driver.Submission;
import io.paxos.simulation.check.History;
import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Answer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Asks for operations at random nodes, and writes down what was answered. In a closed loop each client waits for an answer
 * before it asks again; in an open loop they ask at a rate, however slow the answers are.
 *
 * <p>An operation of unknown outcome is left open: it may still take effect. Only one that was refused for certain is
 * asked for again, as an operation of its own.
 */
final class SimulatedClients<I, O> {

    private static final int IN_FLIGHT_MAX = 1_000_000;
    private static final long RETRY_MOST_MICROS = 50_000;
    private static final long IDLE_MICROS = 20_000;

    /** Who asks after the faults waits for so many election timeouts: ten are allowed, and giving up shows nothing. */
    private static final int PATIENT_TIMEOUTS = 20;

    private final Cluster cluster;
    private final World world;
    private final Workload<?, I, O> workload;
    private final SplittableRandom random;
    private final History.Builder<I, O> history = History.builder(IN_FLIGHT_MAX);
    private final RunConfig config;
    private final Tally tally = new Tally();
    private final Map<Integer, SimulatedSession> remote = new TreeMap<>();
    private LongConsumer answeredSlots = slot -> {};
    private long thinkMostMicros;
    private long lastOperation;
    private int openOperations;
    private int left;
    private boolean faultsEnded;
    private boolean progressed;
    private boolean stopped;

    SimulatedClients(Cluster cluster, Workload<?, I, O> workload) {
        this.cluster = cluster;
        this.world = cluster.world();
        this.config = cluster.config();
        this.workload = workload;
        this.random = world.newRandom();
        this.left = config.operations();
        // So that the operations last for most of the phase with faults, were each answered at once.
        this.thinkMostMicros = Math.max(1, 2 * config.safetyMicros() * config.clients() / config.operations());
    }

    void start() {
        for (int client = 1; client <= config.clients(); client++) {
            int each = client;
            world.after(random.nextLong(1, thinkMostMicros + 1), () -> next(each));
        }
    }

    /** No faults from now on: the rest is asked for without thinking, and something new must be answered. */
    void hurry() {
        faultsEnded = true;
        remote.values().forEach(SimulatedSession::quiet);
        thinkMostMicros = Math.min(thinkMostMicros, 5_000);
        left = Math.max(left, config.clients());
    }

    /** Nothing is asked for any more. */
    void stop() {
        stopped = true;
        remote.values().forEach(SimulatedSession::stop);
    }

    /**
     * After the faults nobody asks a node that takes no part any more, such as one put back to before its founding: it is up,
     * everybody refuses it, and what is asked of it waits until the caller gives up. That says nothing about the others.
     */
    private void next(int client) {
        if (stopped) {
            return;
        }
        if (left == 0) {
            world.after(IDLE_MICROS, () -> next(client));
            return;
        }
        SimulatedNode node = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
        if (!node.isUp() || (faultsEnded && node.isLostForGood())) {
            world.after(random.nextLong(1, RETRY_MOST_MICROS), () -> next(client));
            return;
        }
        left--;
        ask(client, node);
        if (config.opensLoop()) {
            think(client);
        }
    }

    private void think(int client) {
        world.after(random.nextLong(1, thinkMostMicros + 1), () -> next(client));
    }

    private void ask(int client, SimulatedNode node) {
        long operation = ++lastOperation;
        boolean fresh = faultsEnded;
        I input = workload.nextInput(random, operation);
        int recorded = history.invoke(client, input, world.nowMicros());
        long invokedMicros = world.nowMicros();
        cluster.recorder().record(new TraceEvent.ClientInvoked(invokedMicros, operation, client, node.id(), input));
        openOperations++;
        tally.asked++;
        long timeoutMillis = fresh
                ? PATIENT_TIMEOUTS * config.electionTimeoutMaxMillis()
                : random.nextLong(100, 8 * config.electionTimeoutMaxMillis());
        byte[] payload = Payload.of(operation, workload.encode(input));
        cluster.recorder().seal(Payload.checksumOf(payload));
        Submission.Completion completion = outcome -> {
            openOperations--;
            end(client, node, operation, input, recorded, outcome);
            if (outcome instanceof Outcome.Applied) {
                tally.answered(world.nowMicros() - invokedMicros);
                progressed |= fresh;
            }
            if (!config.opensLoop()) {
                think(client);
            }
        };
        if (config.hasRemoteClients() && client % 2 == 0) {
            remote.computeIfAbsent(client, each -> newSession()).submit(payload, timeoutMillis, completion);
        } else {
            node.submit(payload, timeoutMillis, completion);
        }
    }

    private SimulatedSession newSession() {
        SimulatedSession session = new SimulatedSession(cluster, random.split());
        if (faultsEnded) {
            session.quiet();
        }
        return session;
    }

    private void end(int client, SimulatedNode node, long operation, I input, int recorded, Outcome outcome) {
        Answer answer;
        Object said;
        if (outcome instanceof Outcome.Applied applied) {
            cluster.recorder().seal(Payload.checksumOf(applied.result()));
            O output = workload.decode(input, applied.result());
            answer = Answer.DONE;
            answeredSlots.accept(applied.position().slot());
            if (output == null) {
                history.acknowledge(recorded, world.nowMicros());
                said = "done";
            } else {
                history.respond(recorded, output, world.nowMicros());
                said = output;
            }
        } else if (outcome instanceof Outcome.Unknown
                || outcome instanceof Outcome.ResultGone
                || outcome instanceof Outcome.Failed) {
            history.leaveOpen(recorded);
            answer = Answer.UNKNOWN;
            said = outcome.getClass().getSimpleName();
            tally.unknown++;
            // A snapshot took the place of the result, perhaps: something else must be answered.
            left += faultsEnded && !progressed ? 1 : 0;
        } else {
            history.neverTookEffect(recorded);
            answer = Answer.REFUSED;
            said = outcome.getClass().getSimpleName();
            tally.refused++;
            // The one case in which asking again is safe.
            left++;
        }
        cluster.recorder()
                .record(new TraceEvent.ClientAnswered(world.nowMicros(), operation, client, node.id(), answer, said));
    }

    /** Whether everything was asked for that will be, and every answer is there that will ever come. */
    boolean isDone() {
        return (left == 0 || stopped) && openOperations == 0;
    }

    /** Whether something that was asked for after the faults ended has been answered. */
    boolean hasProgressed() {
        return progressed;
    }

    /** Where those who only read note what they see, so that all is judged together. */
    History.Builder<I, O> historySoFar() {
        return history;
    }

    /** Hears the slot of every operation that was answered. */
    void tell(LongConsumer slots) {
        answeredSlots = slots;
    }

    History<I, O> history() {
        return history.build();
    }

    Tally tally() {
        return tally;
    }

    /** The sums of a run. */
    static final class Tally {
        long asked;
        long refused;
        long unknown;
        private long[] latencies = new long[256];
        private int count;

        private void answered(long micros) {
            if (count == latencies.length) {
                latencies = java.util.Arrays.copyOf(latencies, 2 * count);
            }
            latencies[count++] = micros;
        }

        int answers() {
            return count;
        }

        long latencyMicros(int percentile) {
            if (count == 0) {
                return 0;
            }
            long[] sorted = java.util.Arrays.copyOf(latencies, count);
            java.util.Arrays.sort(sorted);
            return sorted[Math.min(count - 1, count * percentile / 100)];
        }
    }
}
