// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.D;
import static io.paxos.protocol.Given.STRANGER;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.proposal;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Given.slots;
import static io.paxos.protocol.Given.upFrom;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message.Promise;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import io.paxos.model.VoterSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The arithmetic of phase 1, by hand and against a second implementation that looks at each slot by itself. Catches: a
 * page counted twice or out of order, the lower of two votes kept, an unknown slot taken for a free one, the quorum
 * looked up at the first slot alone, {@code >=} instead of {@code >} in a majority of an even number.
 */
class PromiseTallyTest {

    private static final long ATTEMPT = 77;
    private static final Ballot MINE = ballot(9, A);

    private static PromiseTally tally(Membership membership, long from) {
        return new PromiseTally(MINE, ATTEMPT, from, new Memberships(A, membership));
    }

    private static Promise page(SlotRange covered, long knownChosen, List<Proposal> votes) {
        return new Promise(MINE, ATTEMPT, covered, 0, knownChosen, votes, List.of(), List.of());
    }

    private static Promise whole(long from) {
        return page(upFrom(from), 0, List.of());
    }

    private static Promise unknown(SlotRange... ranges) {
        return new Promise(MINE, ATTEMPT, upFrom(1), 0, 0, List.of(), List.of(), List.of(ranges));
    }

    private static Promise chosen(Proposal... values) {
        return new Promise(MINE, ATTEMPT, upFrom(1), 0, 0, List.of(), List.of(values), List.of());
    }

    @Test
    void aMajorityOfEachSizeIsAQuorumAndOneLessIsNone() {
        int[] needed = {0, 1, 2, 2, 3, 3, 4, 4};
        for (int size = 1; size <= 7; size++) {
            PromiseTally tally = tally(members(size), 1);
            for (int count = 1; count <= size; count++) {
                assertTrue(tally.add(Given.member(count), whole(1)));
                assertEquals(count >= needed[size], tally.hasQuorum(), count + " of " + size);
            }
        }
    }

    @Test
    void aFlexibleQuorumIsCountedInItsOwnPhase() {
        PromiseTally tally = tally(members(4, new QuorumSystem.FlexibleSizes(1, 4), 8), 1);
        assertFalse(tally.hasQuorum());
        tally.add(D, whole(1));
        assertTrue(tally.hasQuorum());
    }

    @Test
    void whoeverDoesNotVoteIsNotCounted() {
        PromiseTally tally = tally(members(3), 1);
        tally.add(A, whole(1));
        tally.add(STRANGER, whole(1));
        assertFalse(tally.hasQuorum());
    }

    @Test
    void aPageOfAnotherAttemptOrBallotIsNotCounted() {
        PromiseTally tally = tally(members(3), 1);
        assertFalse(tally.add(B, new Promise(MINE, ATTEMPT + 1, upFrom(1), 0, 7, List.of(), List.of(), List.of())));
        assertFalse(tally.add(B, new Promise(ballot(9, B), ATTEMPT, upFrom(1), 0, 7, List.of(), List.of(), List.of())));
        assertFalse(tally.isComplete(B));
        assertEquals(0, tally.prefix());
    }

    @Test
    void aDuplicateChangesNothing() {
        PromiseTally tally = tally(members(3), 1);
        assertTrue(tally.add(B, whole(1)));
        assertFalse(tally.add(B, page(upFrom(1), 5, List.of(proposal(6, ballot(1, B), "x")))));
        assertEquals(0, tally.prefix());
        assertEquals(new TreeMap<>(), tally.highestVotes());
        assertFalse(tally.hasQuorum());
    }

    @Test
    void pagesCountInOrderAndOnlyTheLastMakesAReportWhole() {
        PromiseTally tally = tally(members(3), 1);
        tally.add(A, whole(1));
        assertFalse(tally.add(B, page(upFrom(5), 0, List.of())), "the second page first");
        assertEquals(1, tally.nextPage(B));
        assertTrue(tally.add(B, page(slots(1, 4), 0, List.of(proposal(4, ballot(1, B), "x")))));
        assertEquals(5, tally.nextPage(B));
        assertFalse(tally.hasQuorum());
        assertFalse(tally.add(B, page(slots(1, 4), 0, List.of())), "the first page again");
        assertTrue(tally.add(B, page(upFrom(5), 0, List.of())));
        assertTrue(tally.hasQuorum());
        assertEquals(Map.of(4L, proposal(4, ballot(1, B), "x")), tally.highestVotes());
    }

    @Test
    void theHighestBallotsVoteIsKeptWhateverTheOrder() {
        Proposal low = proposal(3, ballot(2, C), "low");
        Proposal high = proposal(3, ballot(3, A), "high");
        for (List<Proposal> order : List.of(List.of(low, high), List.of(high, low))) {
            PromiseTally tally = tally(members(3), 1);
            tally.add(B, page(upFrom(1), 0, List.of(order.get(0))));
            tally.add(C, page(upFrom(1), 0, List.of(order.get(1))));
            assertEquals(Map.of(3L, high), tally.highestVotes());
            assertEquals(3, tally.highestReported());
        }
    }

    @Test
    void twoValuesAtOneBallotStopTheReplica() {
        PromiseTally tally = tally(members(3), 1);
        tally.add(B, page(upFrom(1), 0, List.of(proposal(3, ballot(2, C), "one"))));
        assertThrows(
                InvariantViolation.class,
                () -> tally.add(C, page(upFrom(1), 0, List.of(proposal(3, ballot(2, C), "other")))));
    }

    @Test
    void thePrefixIsTheHighestAnybodyKnowsOrHasInASnapshot() {
        PromiseTally tally = tally(members(3), 4);
        tally.add(A, page(upFrom(4), 3, List.of()));
        assertEquals(3, tally.prefix());
        assertEquals(3, tally.highestReported());
        tally.add(B, new Promise(MINE, ATTEMPT, upFrom(4), 9, 8, List.of(), List.of(), List.of()));
        assertEquals(9, tally.prefix());
        assertEquals(9, tally.highestReported());
    }

    @Test
    void anUnknownSlotIsNotPromised() {
        PromiseTally tally = tally(members(3), 1);
        tally.add(A, unknown(slots(4, 6)));
        tally.add(B, whole(1));
        assertFalse(tally.hasQuorum());
        tally.add(C, whole(1));
        assertTrue(tally.hasQuorum());
    }

    @Test
    void unknownRangesThatDoNotMeetCostTwoMembersNothingBetweenThem() {
        PromiseTally tally = tally(members(5), 1);
        tally.add(A, unknown(slots(4, 6)));
        tally.add(B, unknown(slots(7, 9)));
        tally.add(C, whole(1));
        assertFalse(tally.hasQuorum());
        tally.add(D, whole(1));
        assertTrue(tally.hasQuorum(), "three of five for every slot");
    }

    @Test
    void anUnknownSlotAtOrBelowThePrefixDoesNotMatter() {
        PromiseTally tally = tally(members(3), 1);
        tally.add(A, unknown(slots(4, 6)));
        tally.add(B, page(upFrom(1), 6, List.of()));
        assertTrue(tally.hasQuorum());

        PromiseTally reaching = tally(members(3), 1);
        reaching.add(A, unknown(slots(4, 6)));
        reaching.add(B, page(upFrom(1), 5, List.of()));
        assertFalse(reaching.hasQuorum(), "slot 6 is above the prefix");
    }

    @Test
    void anUnknownSlotThatSomebodyKnowsChosenDoesNotMatterEither() {
        PromiseTally tally = tally(members(3), 1);
        tally.add(A, unknown(slot(4)));
        tally.add(B, chosen(proposal(4, ballot(1, C), "x")));
        assertTrue(tally.hasQuorum());

        PromiseTally first = tally(members(3), 1);
        first.add(A, unknown(slot(1)));
        first.add(B, chosen(proposal(1, ballot(1, C), "x")));
        assertTrue(first.hasQuorum(), "the first slot asked for is no exception");
    }

    /** A may have voted in 5 and 6 and lost it. B knows 4 chosen, and says nothing for A in 5 and 6. */
    @Test
    void aChosenValueAtTheBeginningOfAnUnknownRangeDoesNotCoverTheRest() {
        PromiseTally tally = tally(members(3), 1);
        tally.add(A, unknown(slots(4, 6)));
        tally.add(B, chosen(proposal(4, ballot(1, C), "x")));
        assertFalse(tally.hasQuorum());
    }

    @Test
    void everythingUnknownIsNoPromiseAtAll() {
        PromiseTally tally = tally(members(3), 1);
        tally.add(A, unknown(upFrom(1)));
        tally.add(B, whole(1));
        assertFalse(tally.hasQuorum());
    }

    // ---- against the slow and simple way ---------------------------------------------------------------------

    private static final int SLOTS = 12;

    /** Keeps every page that was in order, and looks at each slot by itself. */
    private static final class Slow {
        private final Membership membership;
        private final long from;
        private final TreeMap<MemberId, List<Promise>> pages = new TreeMap<>();

        Slow(Membership membership, long from) {
            this.membership = membership;
            this.from = from;
        }

        boolean add(MemberId member, Promise page) {
            List<Promise> sofar = pages.computeIfAbsent(member, any -> new ArrayList<>());
            long expected = sofar.isEmpty()
                    ? from
                    : sofar.get(sofar.size() - 1).covered().last() + 1;
            boolean fits = page.ballot().equals(MINE)
                    && page.attempt() == ATTEMPT
                    && page.covered().first() == expected
                    && sofar.stream().noneMatch(Promise::isLast);
            if (fits) {
                sofar.add(page);
            }
            return fits;
        }

        private List<Promise> all() {
            return pages.values().stream().flatMap(List::stream).toList();
        }

        long prefix() {
            return all().stream()
                    .mapToLong(page -> Math.max(page.floor(), page.knownChosen()))
                    .max()
                    .orElse(0);
        }

        SortedMap<Long, Proposal> votes() {
            TreeMap<Long, Proposal> highest = new TreeMap<>();
            for (long slot = 1; slot <= SLOTS; slot++) {
                long each = slot;
                all().stream()
                        .flatMap(page -> page.votes().stream())
                        .filter(vote -> vote.slot() == each)
                        .max(Comparator.comparing(Proposal::ballot))
                        .ifPresent(vote -> highest.put(each, vote));
            }
            return highest;
        }

        SortedSet<Long> chosen() {
            TreeSet<Long> slots = new TreeSet<>();
            all().forEach(page -> page.chosen().forEach(value -> slots.add(value.slot())));
            return slots;
        }

        boolean hasQuorum() {
            for (long slot = Math.max(from, prefix() + 1); slot <= SLOTS + 2; slot++) {
                if (!chosen().contains(slot) && !membership.isPhase1Quorum(promised(slot))) {
                    return false;
                }
            }
            return membership.isPhase1Quorum(promised(Slots.MAX));
        }

        private VoterSet promised(long slot) {
            VoterSet set = VoterSet.EMPTY;
            for (var each : pages.entrySet()) {
                boolean whole = each.getValue().stream().anyMatch(Promise::isLast);
                boolean knows = each.getValue().stream()
                        .flatMap(page -> page.unknown().stream())
                        .noneMatch(range -> range.first() <= slot && slot <= range.last());
                if (whole && knows) {
                    set = membership.add(set, each.getKey());
                }
            }
            return set;
        }
    }

    @Test
    void itAgreesWithTheSlowWayOnRandomPages() {
        List<Membership> memberships = List.of(
                members(1),
                members(2),
                members(3),
                members(4),
                members(5),
                members(6),
                members(4, new QuorumSystem.FlexibleSizes(2, 3), 8),
                members(5, new QuorumSystem.FlexibleSizes(4, 2), 8),
                members(6, new QuorumSystem.FlexibleSizes(3, 4), 8));
        int quorums = 0;
        for (long seed = 0; seed < 5_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Membership membership = memberships.get(random.nextInt(memberships.size()));
            long from = 1 + random.nextLong(4);
            PromiseTally tally = tally(membership, from);
            Slow slow = new Slow(membership, from);
            for (int i = random.nextInt(16); i >= 0; i--) {
                MemberId member =
                        Given.member(1 + random.nextInt(membership.voters().size() + 1));
                Promise page = randomPage(random, from, tally.nextPage(member));
                String where = "seed " + seed + ", " + page + " from " + member;
                assertEquals(slow.add(member, page), tally.add(member, page), where);
                assertEquals(slow.hasQuorum(), tally.hasQuorum(), where);
                assertEquals(slow.prefix(), tally.prefix(), where);
                assertEquals(slow.votes(), tally.highestVotes(), where);
                assertEquals(slow.chosen(), tally.chosen().keySet(), where);
            }
            quorums += tally.hasQuorum() ? 1 : 0;
        }
        assertTrue(quorums > 250, "the random pages must not be all alike: " + quorums);
    }

    /** Mostly the page that is due, often one that is not; a slot's value follows from its ballot, as it must. */
    private static Promise randomPage(SplittableRandom random, long from, long due) {
        long first = random.nextInt(5) > 0 ? due : from + random.nextInt(6);
        boolean last = random.nextInt(3) > 0 || first >= SLOTS;
        SlotRange covered = last ? upFrom(first) : slots(first, first + random.nextLong(SLOTS - first + 1));
        List<Proposal> votes = new ArrayList<>();
        List<Proposal> chosen = new ArrayList<>();
        List<SlotRange> unknown = new ArrayList<>();
        for (long slot = first; slot <= Math.min(SLOTS, covered.last()); slot++) {
            int round = 1 + random.nextInt(4);
            Proposal some = proposal(slot, ballot(round, Given.member(1 + random.nextInt(2))), "at " + round);
            int lot = random.nextInt(8);
            if (lot < 2) {
                votes.add(new Proposal(
                        slot, some.ballot(), Given.value(some.ballot().toString())));
            } else if (lot == 2) {
                chosen.add(proposal(slot, ballot(1, B), "chosen"));
            } else if (lot == 3) {
                long end = Math.min(slot + random.nextInt(4), covered.last());
                unknown.add(slots(slot, end));
                slot = end;
            }
        }
        long known = random.nextInt(3) == 0 ? random.nextInt(SLOTS) : 0;
        long floor = random.nextInt(9) == 0 ? random.nextInt(SLOTS) : 0;
        long attempt = random.nextInt(12) == 0 ? ATTEMPT + 1 : ATTEMPT;
        Ballot answered = random.nextInt(12) == 0 ? ballot(8, A) : MINE;
        return new Promise(answered, attempt, covered, floor, known, votes, chosen, unknown);
    }

    @Test
    void thoseWhoseReportIsWholeAreNamed() {
        PromiseTally tally = tally(members(3), 1);
        tally.add(C, whole(1));
        tally.add(A, page(slots(1, 4), 0, List.of()));
        tally.add(B, whole(1));
        assertEquals(new TreeSet<>(List.of(B, C)), tally.completeMembers());
    }
}
