// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.DurableRecord;
import io.paxos.protocol.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches what was written until it is forced, and knows what that says of this member: whether it may lead, whether it may
 * vote, whether it takes more values in, and whether it has to stop.
 *
 * <p>Owned by the driver's thread.
 */
final class DiskWatch {

    private final UnforcedWrites unforced = new UnforcedWrites();
    private final DiskHealth health;
    private final TurnClock clock;
    private final long backlogBytesMax;
    private final long stopAfterMillis;

    /** What the core was last told of the disk. */
    private boolean toldFit = true;

    private boolean toldMayVote = true;

    private boolean toldKeepsUp = true;

    DiskWatch(DriverOptions options, TurnClock clock) {
        this.health = new DiskHealth(options.disk());
        this.clock = clock;
        this.backlogBytesMax = options.journalBacklogBytesMax();
        this.stopAfterMillis = options.disk().stopAfterMillis();
    }

    void handedOver(long writeSequence, List<DurableRecord> records) {
        unforced.handedOver(writeSequence, records, clock.coreMillis());
    }

    /** Every write up to that one is on the disk. */
    void forced(long writeSequence) {
        health.observe(unforced.oldestMillis(clock.coreMillis()), clock.coreMillis());
        unforced.forced(writeSequence);
    }

    /** As {@link Driver#journalSpace}. */
    void space(boolean hasNextSegment, String detail) {
        health.space(hasNextSegment, detail);
    }

    /** Looks at the age of what is not forced. */
    void observe() {
        health.observe(oldestMillis(), clock.coreMillis());
    }

    /** What the core has to be told now, or null if nothing has changed since it was. */
    Event.@Nullable FitnessChanged change() {
        if (health.isFitToLead() == toldFit && health.mayVote() == toldMayVote && isBehind() != toldKeepsUp) {
            return null;
        }
        toldFit = health.isFitToLead();
        toldMayVote = health.mayVote();
        toldKeepsUp = !isBehind();
        return new Event.FitnessChanged(toldFit, toldMayVote, toldKeepsUp);
    }

    /** Why the node has to stop, or null. */
    @Nullable
    String reasonToStop() {
        long oldest = oldestMillis();
        return oldest <= stopAfterMillis
                ? null
                : "the disk has not forced a write for " + oldest + " ms; allowed are " + stopAfterMillis;
    }

    /** Whether too much waits for the disk to take more values in. */
    boolean isBehind() {
        return unforced.bytes() > backlogBytesMax;
    }

    boolean mayVote() {
        return health.mayVote();
    }

    /** Age of the oldest write that is not forced, in milliseconds of the core's time; 0 if there is none. */
    long oldestMillis() {
        return unforced.oldestMillis(clock.coreMillis());
    }

    DiskReport report() {
        return health.report();
    }
}
