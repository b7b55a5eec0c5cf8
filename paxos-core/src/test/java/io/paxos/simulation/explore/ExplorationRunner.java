// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.message.Message;
import io.paxos.model.Membership;
import io.paxos.model.QuorumSystem;
import java.util.List;
import java.util.function.Function;

/**
 * Explores the replicated log of whatever library it was loaded with. Speaks in types of the JDK only, because the caller has
 * another library.
 *
 * <p>A configuration is numbers: members, phase-1 quorum, phase-2 quorum (0 and 0: majorities), proposers, attempts, crashes,
 * slots, states at most, and whether the model may be reduced (1) or not (0): the arguments for the reductions need the rules,
 * and a bug may break just the one that they need.
 */
public final class ExplorationRunner implements Function<int[], String[]> {

    private static final class Unreduced extends ReplicaModel {
        Unreduced(Membership membership, int proposers, int attempts, int crashes, long slots) {
            super(membership, proposers, attempts, crashes, slots);
        }

        @Override
        public boolean isSpent(int member, ReplicaNode node, Packet<Message> packet) {
            return false;
        }

        @Override
        boolean forcesUnseenSteps() {
            return false;
        }
    }

    /** Called by reflection. */
    public ExplorationRunner() {}

    /** What was seen, in a line; then, if something is broken, the property, the number of steps, and the steps. */
    @Override
    public String[] apply(int[] configuration) {
        int[] c = configuration;
        QuorumSystem quorums = c[1] == 0 ? new QuorumSystem.Majority() : new QuorumSystem.FlexibleSizes(c[1], c[2]);
        Membership membership =
                new Membership(1, SynodBounds.of(c[0], quorums, 1, 1).group().voters(), List.of(), quorums, 64);
        ReplicaModel model = c[8] == 1
                ? new ReplicaModel(membership, c[3], c[4], c[5], c[6])
                : new Unreduced(membership, c[3], c[4], c[5], c[6]);
        Exploration seen = new Explorer<>(model).run(Bounds.states(c[7]));
        Counterexample way = seen.counterexample();
        if (way == null) {
            return new String[] {seen.toString()};
        }
        return new String[] {
            seen.toString(), way.property(), String.valueOf(way.steps().size()), way.toString()
        };
    }
}
