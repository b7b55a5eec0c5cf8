// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * Which sets of voters may promise (phase 1) and which may choose (phase 2). The one law: every phase-1 quorum meets
 * every phase-2 quorum (Howard, Malkhi, Spiegelman: Flexible Paxos, 2016, section 3). A system that breaks it cannot be
 * constructed; {@link Membership} checks the fit to its number of voters.
 */
public sealed interface QuorumSystem permits QuorumSystem.Majority, QuorumSystem.FlexibleSizes {

    boolean isPhase1Quorum(VoterSet set, int voters);

    boolean isPhase2Quorum(VoterSet set, int voters);

    /**
     * Checks that the system works for that many voters.
     *
     * @throws IllegalArgumentException if some phase-1 quorum would miss some phase-2 quorum, or no quorum exists
     */
    void requireFits(int voters);

    /** More than half of the voters, in both phases. */
    record Majority() implements QuorumSystem {

        @Override
        public boolean isPhase1Quorum(VoterSet set, int voters) {
            return set.size() * 2 > voters;
        }

        @Override
        public boolean isPhase2Quorum(VoterSet set, int voters) {
            return set.size() * 2 > voters;
        }

        @Override
        public void requireFits(int voters) {}

        @Override
        public String toString() {
            return "majority";
        }
    }

    /**
     * Any {@code phase1} voters promise, any {@code phase2} voters choose, with {@code phase1 + phase2 > voters}.
     *
     * @param phase1 from 1
     * @param phase2 from 1
     */
    record FlexibleSizes(int phase1, int phase2) implements QuorumSystem {

        public FlexibleSizes {
            if (phase1 < 1 || phase2 < 1 || phase1 > Membership.VOTERS_MAX || phase2 > Membership.VOTERS_MAX) {
                throw new IllegalArgumentException("quorum sizes: phase 1 of " + phase1 + " and phase 2 of " + phase2
                        + " must each be in 1.." + Membership.VOTERS_MAX);
            }
        }

        @Override
        public boolean isPhase1Quorum(VoterSet set, int voters) {
            return set.size() >= phase1;
        }

        @Override
        public boolean isPhase2Quorum(VoterSet set, int voters) {
            return set.size() >= phase2;
        }

        @Override
        public void requireFits(int voters) {
            if (phase1 > voters || phase2 > voters) {
                throw new IllegalArgumentException("quorum sizes: phase 1 of " + phase1 + " and phase 2 of " + phase2
                        + " must each be in 1.." + voters + " for " + voters + " voters");
            }
            if (phase1 + phase2 <= voters) {
                throw new IllegalArgumentException("quorum sizes: phase 1 of " + phase1 + " plus phase 2 of " + phase2
                        + " must exceed " + voters + " voters, else a new leader may miss a chosen value");
            }
        }

        @Override
        public String toString() {
            return "flexible(" + phase1 + "," + phase2 + ")";
        }
    }
}
