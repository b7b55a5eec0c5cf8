// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

/**
 * The kinds of thing that can go wrong. A run has each class fully on or off, so that rare mixes happen as often as
 * common ones.
 */
public enum FaultClass {
    /** Frames are lost. */
    LOSS,
    /** The network is slow, with stragglers. */
    DELAY,
    /** Frames overtake each other on one link. */
    REORDERING,
    /** Frames arrive twice. */
    DUPLICATION,
    /** Frames arrive again, long after they first did. */
    LATE_REPLAY,
    /** Links carry few bytes, and hold few. */
    BANDWIDTH,
    /** Single directions of links are cut. */
    ONE_WAY_CUTS,
    /** The cluster falls into parts, of any shape. */
    PARTITIONS,
    /** The three shapes of partial connectivity that have stopped others: star, constrained election, chain. */
    TOPOLOGIES,
    /** Links come and go quickly. */
    FLAPPING,
    /** All links of some nodes are cut one by one, and restored in another order. */
    SWIZZLE,
    /** Processes are killed, or close; nothing of what they wrote is lost. */
    KILLS,
    /** Machines lose power, in the middle of what they write, and in the middle of starts. */
    POWER_LOSS,
    /** All machines lose power at once. */
    POWER_LOSS_OF_ALL,
    /** Processes are stopped and go on. */
    PAUSES,
    /** Clocks run at different rates. */
    CLOCK_DRIFT,
    /** Clocks jump forward, with and without a pause. */
    CLOCK_JUMPS,
    /** A disk takes long. */
    SLOW_DISK,
    /** A force fails. */
    FORCE_FAILS,
    /** A write fails. */
    WRITE_FAILS,
    /** A read fails: of a node that runs, or of one that starts. */
    READ_FAILS,
    /** A disk is full. */
    DISK_FULL,
    /** Bits of a directory flip; its node must refuse to go on, and is lost for this run. */
    BIT_FLIPS,
    /** A sector reads as zeros, or as it was before; its node must refuse to go on, and is lost for this run. */
    LOST_SECTORS,
    /**
     * A directory is lost, and formatted anew. The cluster has one voter less for good; the node comes back without a vote,
     * at once or after it was formatted by mistake as if it had one.
     */
    WIPED_DIRECTORY,
    /**
     * A directory is put back from an older copy. Off unless asked for: its peers find it out as far as their own memory goes,
     * and that is not always far enough.
     */
    ROLLED_BACK_DIRECTORY(false),
    /**
     * Snapshots are taken every few slots, the log is trimmed behind them, and they travel in small pieces. No harm is done,
     * but all that they can go wrong with happens within a short run; on in half of the runs that draw it.
     */
    SNAPSHOTS,
    /** Files of snapshots are damaged, cut short or gone; the node falls back to the one before, or to another member. */
    DAMAGED_SNAPSHOTS(true, true),
    /** Pieces of snapshots arrive altered, cut short, or with the bytes of another snapshot. */
    DAMAGED_PIECES(true, true),
    /**
     * Leases are on, and clocks run at rates far beyond the drift that was declared for them. Off unless asked for: leased reads
     * are old then, sooner or later.
     */
    CLOCKS_OUT_OF_BOUND(false);

    private final boolean survivable;
    private final boolean ofSnapshots;

    FaultClass() {
        this(true);
    }

    FaultClass(boolean survivable) {
        this(survivable, false);
    }

    FaultClass(boolean survivable, boolean ofSnapshots) {
        this.survivable = survivable;
        this.ofSnapshots = ofSnapshots;
    }

    /** Whether it does nothing without {@link #SNAPSHOTS}: it brings them along if it is asked for, and is drawn with them only. */
    boolean isOfSnapshots() {
        return ofSnapshots;
    }

    /** Whether this version of the library survives it; the others are never drawn, only asked for. */
    public boolean isSurvivable() {
        return survivable;
    }
}
