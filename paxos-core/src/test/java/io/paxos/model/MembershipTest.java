// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.QuorumSystem.FlexibleSizes;
import io.paxos.model.QuorumSystem.Majority;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipTest {

    private static final QuorumSystem MAJORITY = new Majority();

    @Test
    void votersAndLearnersStandInAscendingOrderHoweverTheyCame() {
        Membership membership =
                new Membership(1, List.of(member(3), member(1)), List.of(new NodeId(9), new NodeId(5)), MAJORITY, 8);
        assertEquals(List.of(member(1), member(3)), membership.voters());
        assertEquals(List.of(new NodeId(5), new NodeId(9)), membership.learners());
        assertThrows(
                UnsupportedOperationException.class, () -> membership.voters().clear());
    }

    @Test
    void theIndexOfAVoterIsItsPlaceAndNobodyElseHasOne() {
        Membership membership = new Membership(1, members(2, 4), List.of(new NodeId(7)), MAJORITY, 8);
        for (int i = 0; i < 3; i++) {
            assertEquals(i, membership.indexOf(member(2 + i)));
            assertTrue(membership.isVoter(member(2 + i)));
            assertTrue(membership.contains(member(2 + i)));
        }
        MemberId wiped = new MemberId(new NodeId(3), new Incarnation(-77));
        for (MemberId stranger : List.of(member(1), member(5), member(7), wiped, MemberId.NONE)) {
            assertEquals(-1, membership.indexOf(stranger), stranger.toString());
            assertEquals(false, membership.isVoter(stranger));
        }
        assertTrue(membership.contains(member(7)));
        assertTrue(membership.contains(new MemberId(new NodeId(7), new Incarnation(-77))), "whatever its incarnation");
        assertEquals(
                List.of(true, false),
                List.of(membership.isLearner(new NodeId(7)), membership.isLearner(new NodeId(3))));
        assertEquals(false, membership.contains(wiped));
    }

    @Test
    void onlyTheVotesOfVotersAreCounted() {
        Membership membership = new Membership(1, members(1, 3), List.of(new NodeId(7)), MAJORITY, 8);
        VoterSet set = VoterSet.EMPTY;
        for (MemberId stranger : List.of(member(7), member(4), new MemberId(new NodeId(1), new Incarnation(-77)))) {
            assertEquals(VoterSet.EMPTY, membership.add(set, stranger));
        }
        set = membership.add(membership.add(set, member(1)), member(1));
        assertEquals(new VoterSet(0b001), set);
        assertEquals(false, membership.isPhase1Quorum(set) || membership.isPhase2Quorum(set));
        set = membership.add(set, member(3));
        assertEquals(new VoterSet(0b101), set);
        assertTrue(membership.isPhase1Quorum(set) && membership.isPhase2Quorum(set));
    }

    @Test
    void phasesAreAskedSeparately() {
        Membership membership = new Membership(1, members(1, 4), List.of(), new FlexibleSizes(3, 2), 8);
        assertEquals(false, membership.isPhase1Quorum(VoterSet.all(2)));
        assertTrue(membership.isPhase2Quorum(VoterSet.all(2)));
        assertTrue(membership.isPhase1Quorum(VoterSet.all(3)));
        assertEquals(false, membership.isPhase2Quorum(VoterSet.all(1)));
    }

    @Test
    void whatCannotBeAMembershipIsRefusedWithFieldValueAndRange() {
        List<MemberId> three = members(1, 3);
        assertRefused("membership version: 0 is below 1", () -> new Membership(0, three, List.of(), MAJORITY, 8));
        assertRefused(
                "membership voters: 0 is outside the allowed range 1..31",
                () -> new Membership(1, List.of(), List.of(), MAJORITY, 8));
        assertRefused(
                "membership voters: 32 is outside the allowed range 1..31",
                () -> new Membership(1, members(1, 32), List.of(), MAJORITY, 8));
        assertRefused(
                "membership learners: 65 is outside the allowed range 0..64",
                () -> new Membership(1, three, nodes(100, 164), MAJORITY, 8));
        assertRefused(
                "membership alpha: 0 slots is outside the allowed range 1..65536",
                () -> new Membership(1, three, List.of(), MAJORITY, 0));
        assertRefused(
                "membership alpha: 65537 slots is outside the allowed range 1..65536",
                () -> new Membership(1, three, List.of(), MAJORITY, 65_537));
        assertRefused(
                "membership: node n2 is named twice, or is none",
                () -> new Membership(1, three, List.of(new NodeId(2)), MAJORITY, 8));
        assertRefused(
                "membership: node n1 is named twice, or is none",
                () -> new Membership(
                        1,
                        List.of(member(1), new MemberId(new NodeId(1), new Incarnation(-77))),
                        List.of(),
                        MAJORITY,
                        8));
        assertRefused(
                "membership: node none is named twice, or is none",
                () -> new Membership(1, List.of(MemberId.NONE, member(1)), List.of(), MAJORITY, 8));
        assertEquals(
                31,
                new Membership(1, members(1, 31), nodes(100, 163), MAJORITY, 65_536)
                        .voters()
                        .size());
    }

    @Test
    void aPlanIsTheSameHoweverItsVotersAreListed() {
        FoundingPlan plan = new FoundingPlan(List.of(new NodeId(3), new NodeId(1), new NodeId(2)), MAJORITY, 64);
        FoundingPlan sorted = new FoundingPlan(List.of(new NodeId(1), new NodeId(2), new NodeId(3)), MAJORITY, 64);
        assertEquals(sorted, plan);
        assertEquals(sorted.checksum(), plan.checksum());
        assertEquals(new NodeId(1), plan.founder());
    }

    @Test
    void plansThatDifferHaveOtherChecksumsAndTheseNeverChange() {
        List<NodeId> three = List.of(new NodeId(1), new NodeId(2), new NodeId(3));
        FoundingPlan plan = new FoundingPlan(three, MAJORITY, 64);
        assertEquals(0x7f49fa02df344f58L, plan.checksum());
        assertNotEquals(plan.checksum(), new FoundingPlan(three, MAJORITY, 65).checksum());
        assertNotEquals(plan.checksum(), new FoundingPlan(three, new FlexibleSizes(2, 2), 64).checksum());
        assertNotEquals(plan.checksum(), new FoundingPlan(three.subList(0, 2), MAJORITY, 64).checksum());
        assertNotEquals(plan.checksum(), new FoundingPlan(three, List.of(new NodeId(4)), MAJORITY, 64).checksum());
    }

    @Test
    void aPlanWithLearnersLeadsToAMembershipThatNamesThem() {
        List<NodeId> three = List.of(new NodeId(1), new NodeId(2), new NodeId(3));
        FoundingPlan plan = new FoundingPlan(three, List.of(new NodeId(9), new NodeId(5)), MAJORITY, 64);
        List<NodeId> learners = List.of(new NodeId(5), new NodeId(9));
        assertEquals(learners, plan.learners());
        assertEquals(List.of(true, false), List.of(plan.isLearner(new NodeId(9)), plan.isLearner(new NodeId(1))));
        assertTrue(plan.matches(new Membership(1, members(1, 3), learners, MAJORITY, 64)));
        assertEquals(false, plan.matches(new Membership(1, members(1, 3), List.of(), MAJORITY, 64)));
    }

    @Test
    void whatCannotBeAPlanIsRefused() {
        List<NodeId> three = List.of(new NodeId(1), new NodeId(2), new NodeId(3));
        assertRefused(
                "founding voters: 0 is outside the allowed range 1..31",
                () -> new FoundingPlan(List.of(), MAJORITY, 64));
        assertRefused(
                "founding voters: n2 is named twice, or is none",
                () -> new FoundingPlan(List.of(new NodeId(2), new NodeId(1), new NodeId(2)), MAJORITY, 64));
        assertRefused(
                "founding voters: none is named twice, or is none",
                () -> new FoundingPlan(List.of(new NodeId(2), NodeId.NONE), MAJORITY, 64));
        assertRefused(
                "founding learners: 65 is outside the allowed range 0..64",
                () -> new FoundingPlan(three, nodes(100, 164), MAJORITY, 64));
        assertRefused(
                "founding learners: n4 is named twice, or is none",
                () -> new FoundingPlan(three, List.of(new NodeId(4), new NodeId(4)), MAJORITY, 64));
        assertRefused(
                "founding learners: n2 is one of the founding voters [n1, n2, n3]",
                () -> new FoundingPlan(three, List.of(new NodeId(2)), MAJORITY, 64));
        assertRefused(
                "founding alpha: 0 slots is outside the allowed range 1..65536",
                () -> new FoundingPlan(three, MAJORITY, 0));
        assertThrows(IllegalArgumentException.class, () -> new FoundingPlan(three, new FlexibleSizes(1, 2), 64));
    }

    @Test
    void aFoundingHasAName() {
        Membership membership = new Membership(1, members(1, 3), List.of(), MAJORITY, 64);
        assertRefused("founding: the id is none", () -> new Founding(FoundingId.NONE, membership));
        assertSame(membership, new Founding(new FoundingId(0, 1), membership).membership());
    }

    static List<MemberId> members(int first, int last) {
        List<MemberId> members = new ArrayList<>();
        for (int node = first; node <= last; node++) {
            members.add(member(node));
        }
        return members;
    }

    private static List<NodeId> nodes(int first, int last) {
        return members(first, last).stream().map(MemberId::node).toList();
    }

    private static MemberId member(int node) {
        return new MemberId(new NodeId(node), new Incarnation(1000 + node));
    }

    private static void assertRefused(String message, Runnable made) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, made::run).getMessage());
    }
}
