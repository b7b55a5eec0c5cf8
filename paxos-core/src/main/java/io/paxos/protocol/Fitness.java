// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

/**
 * What this replica's disk allows it, as the driver last said.
 *
 * <pre>
 *                    leads, canvasses,   promises, votes,
 *                    takes offers        takes values in
 *   well                   yes                 yes
 *   slow                   no                  yes         its answers come late, but they come
 *   without room           no                  no          what it wrote holds; it writes nothing more
 * </pre>
 */
final class Fitness {

    private boolean fitToLead = true;
    private boolean mayVote = true;

    void changed(boolean nowFitToLead, boolean nowMayVote) {
        fitToLead = nowFitToLead;
        mayVote = nowMayVote;
    }

    /** Whether it may stand, and go on leading. */
    boolean isFit() {
        return fitToLead && mayVote;
    }

    /** Whether it may write promises, votes and values. */
    boolean mayVote() {
        return mayVote;
    }
}
