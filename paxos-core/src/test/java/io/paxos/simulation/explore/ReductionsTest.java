// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.QuorumSystem;
import io.paxos.model.Value;
import io.paxos.synod.SynodMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/**
 * What the explorer leaves out makes no difference: where both ways can be walked to the end, the way with a reduction and
 * the way without see the same.
 */
class ReductionsTest {
    private static final SynodBounds TWO_ATTEMPTS =
            SynodBounds.of(3, new QuorumSystem.Majority(), 1, 2).withoutNotices();

    /** What was seen of a state: its members and the facts, or less. */
    private static final class Witness extends SynodModel {
        final Set<Object> seen = new HashSet<>();
        private final BiFunction<List<SynodNode>, Set<SynodFact>, Object> view;
        private final boolean dropsSpent;
        private final boolean forcesUnseen;
        private final boolean symmetric;

        Witness(
                SynodBounds bounds,
                boolean dropsSpent,
                boolean forcesUnseen,
                boolean symmetric,
                BiFunction<List<SynodNode>, Set<SynodFact>, Object> view) {
            super(bounds);
            this.dropsSpent = dropsSpent;
            this.forcesUnseen = forcesUnseen;
            this.symmetric = symmetric;
            this.view = view;
        }

        @Override
        public boolean isSpent(int member, SynodNode node, Packet<SynodMessage> packet) {
            return dropsSpent && super.isSpent(member, node, packet);
        }

        @Override
        protected boolean forcesUnseenSteps() {
            return forcesUnseen;
        }

        @Override
        public List<int[]> symmetries() {
            return symmetric ? super.symmetries() : List.of();
        }

        @Override
        public List<Property<SynodNode, SynodFact>> properties() {
            return List.of(new Property<>() {
                @Override
                public String name() {
                    return "witness";
                }

                @Override
                public String broken(List<SynodNode> members, Collection<SynodFact> facts) {
                    seen.add(view.apply(members, Set.copyOf(facts)));
                    return null;
                }
            });
        }

        Set<Object> explore() {
            Exploration whole = new Explorer<>(this).run(ExploreBounds.whole());
            assertTrue(whole.complete(), whole::toString);
            System.out.println("spent dropped " + dropsSpent + ", unseen forced " + forcesUnseen + ", symmetric "
                    + symmetric + ": " + whole);
            return seen;
        }
    }

    private record Seen(List<SynodNode> members, Set<SynodFact> facts) {}

    /**
     * Who voted when for which of the wishes, and who knows what, with the wishes numbered by the first ballot at which there
     * is a vote for them. An attempt that is lost with its unforced promise leaves no trace but that the next one has another
     * wish.
     */
    private record Outcome(Set<String> votes, List<Integer> known) {}

    private static Object outcome(List<SynodNode> members, Set<SynodFact> facts) {
        List<SynodFact> inOrder = new ArrayList<>(facts);
        inOrder.sort(Comparator.comparing(fact -> fact.vote().ballot()));
        List<Value> wishes = new ArrayList<>();
        Set<String> votes = new TreeSet<>();
        for (SynodFact fact : inOrder) {
            if (!wishes.contains(fact.vote().value())) {
                wishes.add(fact.vote().value());
            }
            votes.add(fact.member() + " at " + fact.vote().ballot() + " for "
                    + wishes.indexOf(fact.vote().value()));
        }
        List<Integer> known = new ArrayList<>();
        for (SynodNode node : members) {
            Value chosen = node.member().chosen();
            known.add(chosen == null ? -1 : wishes.indexOf(chosen));
        }
        return new Outcome(votes, known);
    }

    @Test
    void withoutSpentMessagesTheMembersReachTheSameStates() {
        SynodBounds bounds = TWO_ATTEMPTS.fastDisk().crashes(1);
        assertEquals(
                new Witness(bounds, false, true, false, Seen::new).explore(),
                new Witness(bounds, true, true, false, Seen::new).explore());
    }

    @Test
    void withRefusalsLostTooTheMembersReachTheSameStates() {
        SynodBounds bounds = TWO_ATTEMPTS.fastDisk().withoutRefusals();
        assertEquals(
                new Witness(bounds, false, true, false, Seen::new).explore(),
                new Witness(bounds, true, true, false, Seen::new).explore());
    }

    @Test
    void stepsThatNobodySeesMayBeForcedAtOnce() {
        SynodBounds bounds = TWO_ATTEMPTS.withoutRefusals().crashes(1);
        assertEquals(
                new Witness(bounds, true, false, false, ReductionsTest::outcome).explore(),
                new Witness(bounds, true, true, false, ReductionsTest::outcome).explore());
    }

    @Test
    void ofEachStateAndItsRenamingsOneIsSeenAndTheRestFollows() {
        SynodBounds bounds = TWO_ATTEMPTS.fastDisk();
        Witness merged = new Witness(bounds, true, true, true, Seen::new);
        Set<Object> renamed = new HashSet<>();
        for (Object each : merged.explore()) {
            Seen seen = (Seen) each;
            renamed.add(seen);
            for (int[] permutation : merged.symmetries()) {
                SynodNode[] members = new SynodNode[merged.members()];
                for (int i = 0; i < members.length; i++) {
                    members[permutation[i]] = merged.renameState(seen.members().get(i), permutation);
                }
                Set<SynodFact> facts = new HashSet<>();
                seen.facts().forEach(fact -> facts.add(merged.renameFact(fact, permutation)));
                renamed.add(new Seen(Arrays.asList(members), facts));
            }
        }
        assertEquals(new Witness(bounds, true, true, false, Seen::new).explore(), renamed);
    }
}
