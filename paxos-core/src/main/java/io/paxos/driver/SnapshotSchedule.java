// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.SnapshotId;
import java.util.SplittableRandom;

/**
 * When this member takes a snapshot, and how much of the log it lets go of then.
 *
 * <pre>
 *   counting ── enough bytes or slots, or asked for ──▶ taking ── durable, or failed ──▶ counting
 * </pre>
 *
 * <p>The floor is the older one of the two snapshots that are kept: should the newer one be damaged, the older one and the
 * log behind it still give the state. While another member fetches a snapshot, that one is kept and the floor stays below it, up
 * to a bound: else it would never get one whole, or be behind the log again the moment it is done (hazard R7).
 */
final class SnapshotSchedule {

    private static final long FETCHED_LATELY_MILLIS = 5_000;

    private final SnapshotOptions options;
    private final SplittableRandom random;
    private boolean supported = true;
    private boolean taking;
    private long bytes;
    private long slots;
    private long bytesDue;
    private long slotsDue;
    private long newest;
    private long newestBytes;
    private SnapshotId served = SnapshotId.NONE;
    private long servedMillis;
    private long bytesSinceServed;

    SnapshotSchedule(SnapshotOptions options, long seed) {
        this.options = options;
        this.random = new SplittableRandom(seed);
        draw();
    }

    private void draw() {
        bytesDue = jittered(options.everyBytes());
        slotsDue = jittered(options.everySlots());
    }

    private long jittered(long every) {
        return every == 0 ? Long.MAX_VALUE : every - every / 4 + random.nextLong(every / 2 + 1);
    }

    void applied(long moreSlots, long moreBytes) {
        slots += moreSlots;
        bytes += moreBytes;
        bytesSinceServed += moreBytes;
    }

    /** Whether one is due now. If so it is taken for begun. */
    boolean begin() {
        return (bytes >= bytesDue || slots >= slotsDue) && beginNow();
    }

    /** Begins one, unless one is being taken; false too if the application takes none. */
    boolean beginNow() {
        if (taking || !supported) {
            return false;
        }
        taking = true;
        bytes = 0;
        slots = 0;
        draw();
        return true;
    }

    void taken(long slot, long size) {
        taking = false;
        newest = slot;
        newestBytes = size;
    }

    /** It failed; the next one is taken when it is due. */
    void notTaken(boolean everSupported) {
        taking = false;
        supported = everSupported;
    }

    /** A state came from elsewhere: what was counted is in it. */
    void installed(long slot, long size) {
        bytes = 0;
        slots = 0;
        newest = slot;
        newestBytes = size;
    }

    /** A member was sent a piece of a snapshot. Of several that are fetched the oldest counts: its transfer began first. */
    void serves(SnapshotId id, long nowMillis) {
        if (!id.equals(served)) {
            if (id.slot() > served.slot() && !held(nowMillis).isNone()) {
                return;
            }
            served = id;
            bytesSinceServed = 0;
        }
        servedMillis = nowMillis;
    }

    /**
     * A member asks for the log from that slot on. Behind the snapshot that is kept it may have just installed that one; past a newer
     * one it needs only what that keeps.
     */
    void catchesUp(long first, long nowMillis) {
        SnapshotId held = held(nowMillis);
        if (!held.isNone() && first > held.slot() && (first <= newest || newest <= held.slot())) {
            servedMillis = nowMillis;
        }
    }

    /** The snapshot that another member is in the middle of, and that is worth its log still; or {@link SnapshotId#NONE}. */
    SnapshotId held(long nowMillis) {
        boolean wanted =
                nowMillis - servedMillis <= FETCHED_LATELY_MILLIS && bytesSinceServed <= options.retainedBytesMax();
        return wanted ? served : SnapshotId.NONE;
    }

    /** The floor to be in force, of the one that the snapshots allow. */
    long floorWithin(long allowed, long nowMillis) {
        SnapshotId held = held(nowMillis);
        return held.isNone() ? allowed : Math.min(allowed, held.slot());
    }

    boolean isTaking() {
        return taking;
    }

    /** Slot of the newest snapshot here; 0 for none. */
    long newest() {
        return newest;
    }

    long newestBytes() {
        return newestBytes;
    }
}
