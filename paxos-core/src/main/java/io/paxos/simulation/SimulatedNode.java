// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.driver.Outcome;
import io.paxos.driver.Read;
import io.paxos.driver.Submission;
import io.paxos.journal.SegmentedJournal;
import io.paxos.message.Frame;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Loss;
import java.io.IOException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One machine: a directory and a clock that outlive the processes which run on it, one at a time.
 *
 * <pre>
 *   down ── start, and its directory opens ──▶ up ── kill, power loss, close, or stops by itself ──▶ down
 *     └──── it does not open: stays down         └── paused for a while: up, but takes no turn
 * </pre>
 */
final class SimulatedNode {

    private static final long START_LEAST_MICROS = 500;
    private static final long START_MOST_MICROS = 10_000;

    private final NodeId id;
    private Incarnation incarnation;
    private final SimulatedDisk disk;
    private final NodeClock clock;
    private final Cluster cluster;
    private final SplittableRandom random;
    private final SplittableRandom crashRandom;
    private @Nullable SimulatedProcess process;
    private long pausedUntilMicros;
    private long starts;
    private boolean lostForGood;
    private boolean diskIsSlow;
    private boolean damaged;
    private @Nullable CrashPoint crashPoint;
    private boolean voted;
    private long knownChosenDurably;
    private boolean voteLost;
    private boolean formattedByMistake;

    SimulatedNode(NodeId id, Cluster cluster, NodeClock clock, SplittableRandom random) {
        this.id = id;
        this.cluster = cluster;
        this.clock = clock;
        this.random = random;
        this.crashRandom = cluster.world().randomApart("crashes of " + id);
        this.incarnation = new Incarnation(random.nextLong(1, Long.MAX_VALUE));
        this.disk = new SimulatedDisk("disk of " + id, random.split());
    }

    NodeId id() {
        return id;
    }

    int index() {
        return id.number() - 1;
    }

    MemberId member() {
        return new MemberId(id, incarnation);
    }

    /** Whether it has no vote by the founding. */
    boolean isLearner() {
        return cluster.plan().isLearner(id);
    }

    SimulatedDisk disk() {
        return disk;
    }

    NodeClock clock() {
        return clock;
    }

    SplittableRandom random() {
        return random;
    }

    /** It loses power there, once, and starts again. */
    void diesAt(CrashPoint point) {
        crashPoint = point;
    }

    void stepBegins(CrashPoint.Step step) {
        if (crashPoint != null) {
            crashPoint.begins(step, disk);
        }
    }

    /** Whether it died in it. */
    boolean diedInStep() {
        boolean dies = crashPoint != null && crashPoint.ends(disk);
        if (dies) {
            crash(true);
            start();
        }
        return dies;
    }

    /** Where in its work a process dies. */
    SplittableRandom crashRandom() {
        return crashRandom;
    }

    boolean isUp() {
        return process != null;
    }

    boolean isLostForGood() {
        return lostForGood;
    }

    @Nullable
    SimulatedProcess process() {
        return process;
    }

    long pausedUntilMicros() {
        return pausedUntilMicros;
    }

    boolean isDiskSlow() {
        return diskIsSlow;
    }

    void slowDisk(boolean slow) {
        diskIsSlow = slow;
    }

    /** Bits of its directory were flipped: what it reads may not be what it wrote. */
    void damage() {
        damaged = true;
    }

    boolean isDamaged() {
        return damaged;
    }

    /** Whether something that was done to this node explains that it stops by itself. */
    boolean hasCauseToStop() {
        return disk.hasFailed() || diskIsSlow || damaged || formattedByMistake;
    }

    /** How long the next force takes. */
    long forceMicros() {
        Weather weather = cluster.weather();
        long micros = random.nextLong(weather.forceLeastMicros, weather.forceMostMicros + 1);
        return diskIsSlow ? micros + random.nextLong(cluster.config().slowForceMostMicros()) : micros;
    }

    // ---- life -----------------------------------------------------------------------------------------------

    /** Formats the directory, as an operator does once. */
    void format() {
        try {
            SegmentedJournal.format(disk, Cluster.NAME, id, incarnation);
        } catch (IOException failed) {
            throw new IllegalStateException("a new disk cannot be formatted: " + failed, failed);
        }
    }

    /** Starts the process a little later, unless it runs or is lost. */
    void start() {
        starts++;
        long wanted = starts;
        cluster.world().after(random.nextLong(START_LEAST_MICROS, START_MOST_MICROS), () -> {
            if (process == null && !lostForGood && starts == wanted) {
                startNow();
            }
        });
    }

    /** Starts now, whatever the state of its directory. */
    void tryToStart() {
        if (process == null) {
            startNow();
        }
    }

    /**
     * An operator puts an empty disk in: another incarnation, which never votes again. A learner never did, and is formatted
     * as if it were new.
     *
     * @param byMistake whether he formats a voter's as if the node were new; the others refuse it until it rejoins
     */
    void wipe(boolean byMistake) {
        voteLost = !isLearner();
        formattedByMistake = byMistake && !isLearner();
        disk.forgetFailures();
        disk.limitCapacity(Long.MAX_VALUE);
        disk.wipe();
        incarnation = new Incarnation(random.nextLong(1, Long.MAX_VALUE));
        try {
            if (byMistake || isLearner()) {
                SegmentedJournal.format(disk, Cluster.NAME, id, incarnation);
            } else {
                SegmentedJournal.formatVoteless(disk, Cluster.NAME, id, incarnation);
            }
        } catch (IOException failed) {
            throw new IllegalStateException("a new disk cannot be formatted: " + failed, failed);
        }
    }

    /** The operator sees what he did, and starts the node to follow without a vote. */
    void rejoin() {
        if (!formattedByMistake || lostForGood) {
            return;
        }
        crash(false);
        formattedByMistake = false;
        try {
            SegmentedJournal.renounceVote(disk, Cluster.NAME, id);
        } catch (IOException refused) {
            // It failed under his hands; or it was the founder, and old greetings made it found a second time.
            wipe(false);
        }
        tryToStart();
    }

    /** Whether its directory was lost, so that no vote of it counts any more. */
    boolean hasLostItsVote() {
        return voteLost;
    }

    /** Whether it has made anything durable beyond its founding. */
    boolean hasVoted() {
        return voted;
    }

    void votes() {
        voted = true;
    }

    /** The highest slot up to which it remembers, whatever happens to the process, that everything is chosen. */
    long knownChosenDurably() {
        return knownChosenDurably;
    }

    void knowsDurably(long slot) {
        knownChosenDurably = Math.max(knownChosenDurably, slot);
    }

    private void startNow() {
        pausedUntilMicros = 0;
        try {
            SegmentedJournal journal = SegmentedJournal.open(disk, Cluster.NAME, id, cluster.journalOptions());
            cluster.recorder().record(new TraceEvent.Started(cluster.nowMicros(), journal.recovered()));
            SimulatedProcess started = new SimulatedProcess(this, cluster, journal);
            process = started;
            started.begin();
        } catch (IOException refused) {
            disk.kill();
            cluster.recorder()
                    .record(new TraceEvent.StartRefused(cluster.nowMicros(), id, String.valueOf(refused.getMessage())));
        }
    }

    /** Dies in the middle of a start: the power is lost at the n-th change of the directory. */
    void dieStarting(int calls) {
        disk.loseCurrentIn(calls);
        try {
            SegmentedJournal.open(disk, Cluster.NAME, id, cluster.journalOptions())
                    .close();
        } catch (IOException died) {
            // As intended. If it did not come to that call, it died a moment after.
        }
        disk.powerLoss();
        cluster.recorder().record(new TraceEvent.Crashed(cluster.nowMicros(), id, true));
    }

    /** Kills the process, in the middle of an append if it is in one. */
    void crash(boolean powerLost) {
        SimulatedProcess dying = process;
        if (dying == null) {
            return;
        }
        process = null;
        dying.die();
        if (powerLost) {
            disk.powerLoss();
        } else {
            disk.kill();
        }
        cluster.recorder().record(new TraceEvent.Crashed(cluster.nowMicros(), id, powerLost));
    }

    /** The process ends in order. */
    void close() {
        SimulatedProcess closing = process;
        if (closing != null) {
            process = null;
            closing.close();
            disk.kill();
            cluster.recorder().record(new TraceEvent.Stopped(cluster.nowMicros(), id, "closed", true));
        }
    }

    /** The process found that it must not go on. */
    void stopped(SimulatedProcess stopping, String reason, boolean hasCause) {
        if (process == stopping) {
            process = null;
            disk.kill();
            cluster.recorder().record(new TraceEvent.Stopped(cluster.nowMicros(), id, reason, hasCause));
        }
    }

    void pause(long micros) {
        pausedUntilMicros = cluster.nowMicros() + micros;
        cluster.recorder().record(new TraceEvent.Paused(cluster.nowMicros(), id, pausedUntilMicros));
    }

    void resume() {
        pausedUntilMicros = 0;
        SimulatedProcess paused = process;
        if (paused != null) {
            paused.goOn();
        }
    }

    /** It never comes back in this run. */
    void loseForGood() {
        lostForGood = true;
        cluster.recorder().record(new TraceEvent.LostForGood(cluster.nowMicros(), id));
    }

    // ---- what others do -------------------------------------------------------------------------------------

    /** A frame arrives; returns why it is dropped, or null. */
    @Nullable
    Loss receive(Frame frame, int bytes) {
        SimulatedProcess running = process;
        return running == null ? Loss.RECEIVER_DOWN : running.receive(frame, bytes);
    }

    /** Asks for a read; the process is up. */
    void read(Read.Kind kind, long slot, long timeoutMillis, SimulatedReads.Caller caller) {
        SimulatedProcess running = process;
        if (running != null) {
            running.read(kind, slot, timeoutMillis, caller);
        }
    }

    /** Submits a command; returns false if no process is there to take it. */
    boolean submit(byte[] payload, long timeoutMillis, Submission.Completion completion) {
        SimulatedProcess running = process;
        if (running == null) {
            return false;
        }
        if (!running.submit(payload, timeoutMillis, completion)) {
            completion.complete(new Outcome.Overloaded());
        }
        return true;
    }
}
