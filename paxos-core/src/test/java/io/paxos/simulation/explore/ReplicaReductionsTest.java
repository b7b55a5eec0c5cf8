// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message;
import io.paxos.model.Membership;
import io.paxos.model.QuorumSystem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@link ReplicaModel} leaves out makes no difference to what is on the disks, what is known chosen, and what the outside
 * observer noted, whenever no disk has anything left to write: where both ways can be walked to the end, they see the same.
 */
class ReplicaReductionsTest {

    private record Seen(List<ReplicaDisk> disks, List<Long> known, Set<ReplicaFact> facts) {}

    private static final class Witness extends ReplicaModel {
        final Set<Seen> seen = new HashSet<>();
        private final boolean reduced;

        Witness(boolean reduced, int members, int proposers, int attempts, int crashes, long slots) {
            super(membership(members), proposers, attempts, crashes, slots);
            this.reduced = reduced;
        }

        @Override
        public boolean isSpent(int member, ReplicaNode node, Packet<Message> packet) {
            return reduced && super.isSpent(member, node, packet);
        }

        @Override
        boolean forcesUnseenSteps() {
            return reduced && super.forcesUnseenSteps();
        }

        @Override
        public List<Property<ReplicaNode, ReplicaFact>> properties() {
            return List.of(new Property<>() {
                @Override
                public String name() {
                    return "witness";
                }

                @Override
                public String broken(List<ReplicaNode> members, Collection<ReplicaFact> facts) {
                    note(members, facts);
                    return null;
                }
            });
        }

        private void note(List<ReplicaNode> members, Collection<ReplicaFact> facts) {
            List<ReplicaDisk> disks = new ArrayList<>();
            List<Long> known = new ArrayList<>();
            for (ReplicaNode member : members) {
                if (!member.unforced.isEmpty()) {
                    return;
                }
                disks.add(member.forced);
                known.add(member.knownChosen);
            }
            seen.add(new Seen(disks, known, Set.copyOf(facts)));
        }
    }

    private static Membership membership(int members) {
        QuorumSystem majority = new QuorumSystem.Majority();
        return new Membership(1, SynodBounds.of(members, majority, 1, 1).group().voters(), List.of(), majority, 64);
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 2, 0, 1", "3, 1, 1, 0, 1", "3, 1, 1, 1, 1"})
    void withAndWithoutReductionsTheDisksAndTheObserverSeeTheSame(
            int members, int proposers, int attempts, int crashes, long slots) {
        Set<Seen> reduced = explore(new Witness(true, members, proposers, attempts, crashes, slots));
        Set<Seen> whole = explore(new Witness(false, members, proposers, attempts, crashes, slots));
        Set<Seen> missed = new HashSet<>(whole);
        missed.removeAll(reduced);
        assertEquals(
                Set.of(),
                missed.isEmpty() ? Set.of() : Set.of(missed.iterator().next()),
                () -> missed.size() + " missed");
        assertEquals(whole.size(), reduced.size());
    }

    private static Set<Seen> explore(Witness model) {
        Exploration all = new Explorer<>(model).run(ExploreBounds.whole());
        System.out.println((model.reduced ? "reduced: " : "whole: ") + all + ", " + model.seen.size() + " at rest");
        assertTrue(all.complete(), all::toString);
        return model.seen;
    }
}
