// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges the disk by the age of the oldest write that is not forced, and by whether the journal has room to go on.
 *
 * <pre>
 *            a write is older than resignAfter
 *   WELL ──────────────────────────────────────▶ SLOW ──┐ a write is older than half of resignAfter:
 *    ▲                                            │ ▲───┘ the time of being well begins anew
 *    └──── none was, for wellAfter ───────────────┘
 * </pre>
 *
 * <p>Ages are in the core's time, in which a pause of the driver's own thread counts for next to nothing: after it, the
 * writes were not slow, they were not looked at (hazard V6).
 */
final class DiskHealth {

    private final DiskPatience patience;
    private boolean slow;
    private long oldestMillis;
    private long worstMillis;
    private long lastOldMillis;
    private long observedMillis;
    private @Nullable String full;

    DiskHealth(DiskPatience patience) {
        this.patience = patience;
    }

    /**
     * @param oldest age of the oldest write that is not forced, or was not until this moment; 0 if there is none
     * @param nowMillis the core's time
     */
    void observe(long oldest, long nowMillis) {
        observedMillis = nowMillis;
        oldestMillis = oldest;
        if (oldest > patience.resignAfterMillis()) {
            slow = true;
        }
        if (!slow) {
            return;
        }
        if (2 * oldest > patience.resignAfterMillis()) {
            lastOldMillis = nowMillis;
            worstMillis = Math.max(worstMillis, oldest);
        } else if (nowMillis - lastOldMillis >= patience.wellAfterMillis()) {
            slow = false;
            worstMillis = 0;
        }
    }

    /** The journal has no room to go on, or has it again. */
    void space(boolean hasNextSegment, String detail) {
        full = hasNextSegment ? null : detail;
    }

    boolean isFitToLead() {
        return !slow && full == null;
    }

    boolean mayVote() {
        return full == null;
    }

    DiskReport report() {
        if (isFitToLead()) {
            return DiskReport.WELL;
        }
        List<String> reasons = new ArrayList<>();
        if (full != null) {
            reasons.add("disk full: " + full);
        }
        if (slow && 2 * oldestMillis > patience.resignAfterMillis()) {
            reasons.add("disk slow: oldest write " + oldestMillis + " ms");
        } else if (slow) {
            reasons.add("disk slow: oldest write was " + worstMillis + " ms, well again for "
                    + (observedMillis - lastOldMillis) + " of " + patience.wellAfterMillis() + " ms");
        }
        return new DiskReport(isFitToLead(), mayVote(), reasons);
    }
}
