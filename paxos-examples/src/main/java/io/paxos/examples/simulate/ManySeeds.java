// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.simulate;

import io.paxos.simulation.Reduction;
import io.paxos.simulation.Simulation;
import io.paxos.simulation.SimulationOptions;
import io.paxos.simulation.SimulationResult;
import io.paxos.simulation.property.Judges;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Seeds in order, on a few threads, until one fails; one whose history stays undecided is named and does not stop the
 * others. Seeds are handed out in order and every one below a failing one is
 * finished, so that the first failure is the same one however many threads there are.
 */
final class ManySeeds {

    private static final long PROGRESS_MILLIS = 2_000;

    private final RunOptions flags;
    private final Simulation<?, ?, ?> simulation;
    private final SimulationOptions options;
    private final Output output;
    private final long first;
    private final long count;
    private final int threads;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong finished = new AtomicLong();
    private final Object lock = new Object();
    private long lowestFailure = Long.MAX_VALUE;
    private @Nullable SimulationResult failure;
    private @Nullable Throwable broken;
    private final List<Long> undecided = new ArrayList<>();

    ManySeeds(
            RunOptions flags,
            Simulation<?, ?, ?> simulation,
            SimulationOptions options,
            Output output,
            long first,
            long count,
            int threads) {
        this.flags = flags;
        this.simulation = simulation.with(options);
        this.options = options;
        this.output = output;
        this.first = first;
        this.count = count;
        this.threads = threads;
    }

    Finding run() throws InterruptedException {
        long began = System.nanoTime();
        List<Thread> workers = new ArrayList<>();
        for (int i = 1; i <= threads; i++) {
            Thread worker = new Thread(this::work, "simulate-" + i);
            worker.setDaemon(true);
            worker.start();
            workers.add(worker);
        }
        long said = began;
        long saidFinished = 0;
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                worker.join(PROGRESS_MILLIS);
                if (System.nanoTime() - said > TimeUnit.MILLISECONDS.toNanos(PROGRESS_MILLIS)) {
                    say(saidFinished, said);
                    said = System.nanoTime();
                    saidFinished = finished.get();
                }
            }
        }
        synchronized (lock) {
            if (lowestFailure == Long.MAX_VALUE) {
                String held = undecided.isEmpty()
                        ? "every property held"
                        : undecided.size() + " undecided, nothing violated in any";
                output.out()
                        .printf(
                                Locale.ROOT,
                                "%d seeds from %d: %s; %.0f seeds/s on %d threads%n",
                                count,
                                first,
                                held,
                                rate(0, began),
                                threads);
                output.out().flush();
                return undecided.isEmpty() ? Finding.GOOD : Finding.UNDECIDED;
            }
            tell();
            return Finding.VIOLATION;
        }
    }

    private void work() {
        while (true) {
            long offset = next.getAndIncrement();
            synchronized (lock) {
                if (offset >= count || offset > lowestFailure) {
                    return;
                }
            }
            try {
                SimulationResult result = simulation.run(first + offset);
                if (result.isUndecided()) {
                    undecided(offset, result);
                } else if (!result.isGood()) {
                    failed(offset, result, null);
                }
            } catch (RuntimeException | Error e) {
                // The simulator, or the state machine, broke: as good a finding as any, and the seed repeats it.
                failed(offset, null, e);
            }
            finished.incrementAndGet();
        }
    }

    /** No failure to stop at, and no pass: a line of its own now, and another exit code at the end. */
    private void undecided(long offset, SimulationResult result) {
        synchronized (lock) {
            undecided.add(first + offset);
            output.out()
                    .println("seed " + (first + offset) + " is undecided: " + result.undecided() + " | replay: "
                            + flags.replayLine(first + offset, options));
            output.out().flush();
        }
    }

    private void failed(long offset, @Nullable SimulationResult result, @Nullable Throwable thrown) {
        synchronized (lock) {
            if (offset < lowestFailure) {
                lowestFailure = offset;
                failure = result;
                broken = thrown;
            }
        }
    }

    private double rate(long before, long sinceNanos) {
        return (finished.get() - before) / Math.max(1e-9, (System.nanoTime() - sinceNanos) / 1e9);
    }

    /** How far it is, and how fast it has been since it last said so. */
    private void say(long before, long sinceNanos) {
        output.err()
                .printf(Locale.ROOT, "%d of %d seeds, %.0f seeds/s%n", finished.get(), count, rate(before, sinceNanos));
        output.err().flush();
    }

    /** One line: the seed, how to see it again, where its picture is. What is shown is the failure made small. */
    private void tell() {
        long seed = first + lowestFailure;
        SimulationResult result = failure;
        if (result == null) {
            output.out()
                    .println("seed " + seed + " breaks the run: " + broken + " | replay: "
                            + flags.replayLine(seed, options));
            output.out().flush();
            return;
        }
        Reduction.Reduced reduced = Reduction.of(simulation, options, result, Reduction.RUNS_MAX_DEFAULT);
        String replay = flags.replayLine(reduced.result().seed(), reduced.options());
        Path written = output.writeReport(
                simulation, reduced.options(), reduced.result().seed(), replay, output.fileFor(seed));
        Judges.Violation violation = result.violation();
        String name = violation == null ? "" : violation.property();
        output.out()
                .println("seed " + seed + " violates " + name + " | replay: " + flags.replayLine(seed, options)
                        + " | reduced: " + replay + " | report: " + written);
        output.out().flush();
    }
}
