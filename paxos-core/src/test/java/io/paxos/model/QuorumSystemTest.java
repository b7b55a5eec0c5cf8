// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.QuorumSystem.FlexibleSizes;
import io.paxos.model.QuorumSystem.Majority;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every subset of one to seven voters, against a second implementation that only counts (hazard P24). The sizes 2, 4 and
 * 6 are where "half" and "more than half" differ.
 */
class QuorumSystemTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void aMajorityIsMoreThanHalfAndAnyTwoMeet(int voters) {
        QuorumSystem majority = new Majority();
        majority.requireFits(voters);
        int[] needed = {0, 1, 2, 2, 3, 3, 4, 4};
        for (long bits = 0; bits < 1L << voters; bits++) {
            boolean quorum = count(bits, voters) >= needed[voters];
            assertEquals(quorum, majority.isPhase1Quorum(new VoterSet(bits), voters), bits + " of " + voters);
            assertEquals(quorum, majority.isPhase2Quorum(new VoterSet(bits), voters), bits + " of " + voters);
        }
        assertTrue(everyPhase1MeetsEveryPhase2(majority, voters));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void flexibleSizesFitExactlyIfTheirQuorumsExistAndMeet(int voters) {
        int fitting = 0;
        for (int phase1 = 1; phase1 <= 8; phase1++) {
            for (int phase2 = 1; phase2 <= 8; phase2++) {
                QuorumSystem sizes = new FlexibleSizes(phase1, phase2);
                boolean shouldFit = hasBothQuorums(phase1, phase2, voters)
                        && everySetOfSizeMeetsEverySetOfSize(phase1, phase2, voters);
                assertEquals(shouldFit, fits(sizes, voters), sizes + " for " + voters + " voters");
                if (shouldFit) {
                    fitting++;
                    assertCountsSizes(sizes, phase1, phase2, voters);
                    assertTrue(everyPhase1MeetsEveryPhase2(sizes, voters), sizes + " for " + voters + " voters");
                }
            }
        }
        assertEquals(voters * (voters + 1) / 2, fitting, "pairs in 1..N whose sum exceeds N");
    }

    @Test
    void aSystemThatCouldLoseAChosenValueIsRefusedWithTheReason() {
        assertEquals(
                "quorum sizes: phase 1 of 2 plus phase 2 of 2 must exceed 4 voters, else a new leader may miss a"
                        + " chosen value",
                refusal(() -> new FlexibleSizes(2, 2).requireFits(4)));
        assertEquals(
                "quorum sizes: phase 1 of 5 and phase 2 of 1 must each be in 1..4 for 4 voters",
                refusal(() -> new FlexibleSizes(5, 1).requireFits(4)));
        assertEquals(
                "quorum sizes: phase 1 of 0 and phase 2 of 3 must each be in 1..31",
                refusal(() -> new FlexibleSizes(0, 3)));
        assertEquals(
                "quorum sizes: phase 1 of 1 and phase 2 of 32 must each be in 1..31",
                refusal(() -> new FlexibleSizes(1, 32)));
    }

    @Test
    void aMembershipCannotBeMadeOfASystemThatDoesNotFit() {
        for (int voters = 1; voters <= 7; voters++) {
            List<MemberId> members = MembershipTest.members(1, voters);
            for (int phase1 = 1; phase1 <= 8; phase1++) {
                for (int phase2 = 1; phase2 <= 8; phase2++) {
                    QuorumSystem sizes = new FlexibleSizes(phase1, phase2);
                    boolean made = true;
                    try {
                        assertEquals(sizes, new Membership(1, members, List.of(), sizes, 1).quorums());
                    } catch (IllegalArgumentException refused) {
                        made = false;
                    }
                    boolean overlap = phase1 <= voters && phase2 <= voters && phase1 + phase2 > voters;
                    assertEquals(overlap, made, sizes + " for " + voters + " voters");
                }
            }
        }
    }

    @Test
    void theNamesAreInTheFoundingChecksumAndMustNotChange() {
        assertEquals("majority", new Majority().toString());
        assertEquals("flexible(3,2)", new FlexibleSizes(3, 2).toString());
    }

    @Test
    void voterSetsAreSetsOfBits() {
        assertEquals(new VoterSet(0b111), VoterSet.all(3));
        assertEquals(VoterSet.EMPTY, VoterSet.all(0));
        assertEquals(31, VoterSet.all(31).size());
        assertEquals(new VoterSet(0b101), VoterSet.EMPTY.with(0).with(2).with(2));
        assertEquals(new VoterSet(0b010), VoterSet.all(3).without(new VoterSet(0b101)));
        assertTrue(new VoterSet(0b100).contains(2));
        assertEquals(false, new VoterSet(0b100).contains(1));
        assertTrue(new VoterSet(0b110).intersects(new VoterSet(0b100)));
        assertEquals(false, new VoterSet(0b110).intersects(new VoterSet(0b001)));
    }

    private static void assertCountsSizes(QuorumSystem sizes, int phase1, int phase2, int voters) {
        for (long bits = 0; bits < 1L << voters; bits++) {
            int count = count(bits, voters);
            assertEquals(count >= phase1, sizes.isPhase1Quorum(new VoterSet(bits), voters));
            assertEquals(count >= phase2, sizes.isPhase2Quorum(new VoterSet(bits), voters));
        }
    }

    private static boolean everyPhase1MeetsEveryPhase2(QuorumSystem system, int voters) {
        List<VoterSet> phase1 = new ArrayList<>();
        List<VoterSet> phase2 = new ArrayList<>();
        for (long bits = 0; bits < 1L << voters; bits++) {
            VoterSet set = new VoterSet(bits);
            if (system.isPhase1Quorum(set, voters)) {
                phase1.add(set);
            }
            if (system.isPhase2Quorum(set, voters)) {
                phase2.add(set);
            }
        }
        assertTrue(!phase1.isEmpty() && !phase2.isEmpty(), "no quorum at all");
        return phase1.stream().allMatch(one -> phase2.stream().allMatch(one::intersects));
    }

    // ---- the second implementation: lists of voters, no arithmetic on sizes ---------------------------------

    private static boolean hasBothQuorums(int phase1, int phase2, int voters) {
        return !setsOfSize(phase1, voters).isEmpty()
                && !setsOfSize(phase2, voters).isEmpty();
    }

    private static boolean everySetOfSizeMeetsEverySetOfSize(int phase1, int phase2, int voters) {
        for (List<Integer> one : setsOfSize(phase1, voters)) {
            for (List<Integer> two : setsOfSize(phase2, voters)) {
                if (one.stream().noneMatch(two::contains)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<List<Integer>> setsOfSize(int size, int voters) {
        List<List<Integer>> sets = new ArrayList<>();
        for (long bits = 0; bits < 1L << voters; bits++) {
            List<Integer> set = new ArrayList<>();
            for (int voter = 0; voter < voters; voter++) {
                if ((bits >> voter) % 2 == 1) {
                    set.add(voter);
                }
            }
            if (set.size() == size) {
                sets.add(set);
            }
        }
        return sets;
    }

    private static int count(long bits, int voters) {
        int count = 0;
        for (int voter = 0; voter < voters; voter++) {
            count += (int) (bits >> voter) % 2;
        }
        return count;
    }

    private static boolean fits(QuorumSystem system, int voters) {
        try {
            system.requireFits(voters);
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    private static String refusal(Runnable made) {
        return assertThrows(IllegalArgumentException.class, made::run).getMessage();
    }
}
