// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

/**
 * What this replica may do as long as it is not well: its disk, as the driver last said, and the values it lost.
 *
 * <pre>
 *                    leads, canvasses,   promises, votes,
 *                    takes offers        takes values in
 *   well                   yes                 yes
 *   slow                   no                  yes         its answers come late, but they come
 *   without room           no                  no          what it wrote holds; it writes nothing more
 *   behind                 yes                 yes         but opens no slots
 *   lacks a value          no                  yes         that others need, and can find out only without it
 * </pre>
 */
final class Fitness {

    private boolean fitToLead = true;
    private boolean mayVote = true;
    private boolean keepsUp = true;
    private boolean lacksWhatOthersNeed;

    void changed(Event.FitnessChanged now) {
        fitToLead = now.fitToLead();
        mayVote = now.mayVote();
        keepsUp = now.keepsUp();
    }

    /** Whether members stand still because this one lost a value: see {@link Refill}. */
    void lacksWhatOthersNeed(boolean now) {
        lacksWhatOthersNeed = now;
    }

    /** Whether it may stand, and go on leading. */
    boolean isFit() {
        return fitToLead && mayVote && !lacksWhatOthersNeed;
    }

    /**
     * Whether a leader may open slots. The others may choose without its disk: one that is slow, and that finds nobody who could lead
     * instead, would have to hold all that they choose.
     */
    boolean mayOpenSlots() {
        return keepsUp;
    }

    /** Whether it may write promises, votes and values. */
    boolean mayVote() {
        return mayVote;
    }
}
