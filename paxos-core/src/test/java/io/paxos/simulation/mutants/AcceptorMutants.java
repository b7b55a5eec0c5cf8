// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.util.List;

/** Bugs of the acceptor and of the learner. */
final class AcceptorMutants {

    private static final String ACCEPTOR = "protocol/Acceptor";
    private static final String LEARNER = "protocol/Learner";
    private static final String ONLY_ONE_KNEW =
            "that the only one that knew a slot chosen loses it, and leads next, happens in one run of thousands";

    private AcceptorMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("promise-lowered", "S3", "a prepare below the promise takes its place")
                        .in(
                                ACCEPTOR,
                                "boolean raises = ballot.isAbove(promised) && !isPoison(ballot);",
                                "boolean raises = !ballot.equals(promised) && !isPoison(ballot);"),
                Mutant.of("accept-below-promise", "S3", "an accept below the promise is voted for")
                        .in(ACCEPTOR, "if (promised.isAbove(ballot) || isPoison(ballot)) {", "if (isPoison(ballot)) {")
                        .in(ACCEPTOR, """
                                        InvariantViolation.require(
                                                !promised.isAbove(proposal.ballot()), "a vote below the promise", promised, proposal);
                                """, ""),
                Mutant.of("accept-raises-no-promise", "S4", "a vote leaves the promise in memory where it was")
                        .in(
                                ACCEPTOR,
                                "if (proposal.ballot().isAbove(promised)) {",
                                "if (proposal.ballot().isAbove(promised) && promised.isNone()) {"),
                Mutant.of(
                                "equal-ballot-second-attempt",
                                "S5",
                                "a ballot already promised to one attempt is promised to a second one")
                        .in(
                                ACCEPTOR,
                                "ballot.equals(promised) && (attempt == 0 || attempt == prepare.attempt());",
                                "ballot.equals(promised);")
                        .caughtBy(
                                "io.paxos.protocol.AcceptorTest#anotherAttemptAtTheSameBallotIsRefused",
                                "no second attempt at a ballot is ever made: a round is durable before its first prepare"
                                        + " leaves. With a proposer that breaks that, see ballot-reused-after-restart"),
                Mutant.of("forgotten-vote-counted", "S20", "a promise that leaves out a vote which was seen is counted")
                        .in("protocol/PeerMemory", "return !forgot;", "return true;")
                        .caughtBy(
                                "io.paxos.protocol.PeerMemoryTest#aPromiseWithoutAVoteThatWasSeenDoesNotCount",
                                "no run puts a directory back from a copy unless it is asked to"),
                Mutant.of(
                                "founded-by-a-majority",
                                "S18",
                                "a founding is activated when a majority adopted it, and another one by those who did not")
                        .in(
                                "protocol/FoundingAgreement",
                                "if (confirmed.size() == mine.membership().voters().size() && !activated) {",
                                "if (2 * confirmed.size() > mine.membership().voters().size() && !activated) {")
                        .caughtBy(
                                "io.paxos.protocol.FoundingCounterExampleTest#aFounderThatIsWipedDoesNotFoundASecondMajority",
                                "no run loses a directory before everybody voted: a cluster does not survive that, though"
                                        + " it does nothing wrong"),
                Mutant.of("late-comer-believed", "S18", "a wiped member is told that its founding is activated")
                        .in(
                                "protocol/FoundingAgreement",
                                "if (ofThisFounding) {",
                                "if (plan.voters().contains(from.node())) {")
                        .caughtBy(
                                "io.paxos.protocol.FoundingAgreementTest#aWipedMemberIsRefusedByTheActivated",
                                "without the founding it cannot believe it"),
                Mutant.of("vote-without-membership", "S18", "what one without a vote says is heard like a member's")
                        .in(
                                "protocol/ActiveMember",
                                "if (memberships.mayFollow(from)) {\n            onFollower(from, message, out);\n            return;\n        }",
                                "")
                        .in("protocol/ActiveMember", "memberships.knows(from) && ", "")
                        .caughtBy(
                                "io.paxos.protocol.VotelessFollowerTest#nothingElseThatItSaysMovesAMember",
                                "a node without a vote says nothing of the kind, and the driver would drop it"),
                Mutant.of("activation-of-a-follower-lost", "S18", "a follower that died before it activated never does")
                        .in(
                                "protocol/VotelessFollower",
                                "if (!activated) { // also if it died between the two",
                                "if (!activated && remembersNothing) {")
                        .in(
                                "protocol/VotelessFollower",
                                "if (founding == null) { founding = theirs;",
                                "boolean remembersNothing = founding == null; if (founding == null) { founding = theirs;")
                        .thatStalls(),
                Mutant.of("vote-kept-by-rejoining", "S18", "a node that was told to follow goes on as one with a vote")
                        .in(
                                "protocol/Replica",
                                "this.follower = remembered.voteless()",
                                "this.follower = remembered.boot() < 0")
                        .thatStalls(),
                Mutant.of("votes-where-it-knows", "P1", "an acceptor votes in a slot whose chosen value it knows")
                        .in(
                                ACCEPTOR,
                                "} else if (learner.knows(proposal.slot())) {",
                                "} else if (accept.proposal().slot() < 0) {"),
                Mutant.of("known-value-not-reported", "P1", "a page of a promise leaves out values known chosen")
                        .in(
                                ACCEPTOR,
                                "(chosen != null ? reportedChosen : reportedVotes).add(reported);",
                                "if (chosen == null) { reportedVotes.add(reported); }"),
                Mutant.of("lost-values-reported-free", "S9", "a promise says of lost values that nobody voted there")
                        .in(ACCEPTOR, "clipped.add(new SlotRange(notVouchedFor,", "new SlotRange(notVouchedFor,")
                        .in(ACCEPTOR, "Math.min(learner.knownChosen(), covered.last())));", "covered.last());")
                        .caughtBy(
                                "io.paxos.protocol.RefillTest#aPromiseVouchesForNothingFromTheFirstHoleOn",
                                ONLY_ONE_KNEW),
                Mutant.of("lost-values-vouched-for", "S10", "a promise vouches for chosen values that were lost")
                        .in("protocol/Holes", "return hole == 0 ? knownChosen : hole - 1;", "return knownChosen;")
                        .caughtBy(
                                "io.paxos.protocol.RefillTest#aPromiseVouchesForNothingFromTheFirstHoleOn",
                                ONLY_ONE_KNEW),
                Mutant.of("leads-without-what-others-need", "S10", "who lost a value that others need stays in office")
                        .in("protocol/Refill", "fitness.lacksWhatOthersNeed(true);", "")
                        .caughtBy(
                                "io.paxos.protocol.RefillTest#aLeaderAskedForAValueItLostByOneThatKnowsLessHandsOver",
                                ONLY_ONE_KNEW),
                Mutant.of("page-says-nothing-above", "P6", "the first page of a promise claims to cover all slots")
                        .in(ACCEPTOR, "last = lastReported;", "last = Slots.MAX;"),
                Mutant.of("notice-without-ballot", "P5", "a chosen notice is believed of a vote at another ballot")
                        .in(
                                LEARNER,
                                "if (vote != null && vote.ballot().equals(notice.ballot())) {",
                                "if (vote != null) {"),
                Mutant.of("fetched-value-not-journalled", "P5", "a fetched value is not written down as chosen")
                        .in(LEARNER, "out.write(new DurableRecord.Chosen(proposal));", ""),
                Mutant.of(
                                "mark-before-value",
                                "P5",
                                "the known-chosen mark reaches the disk before the value it covers")
                        .in(
                                "protocol/Outbox",
                                "writes.add(write);",
                                "writes.add(write instanceof DurableRecord.KnownChosen ? 0 : writes.size(), write);")
                        .thatStalls(),
                Mutant.of("mark-runs-ahead", "P5", "the known-chosen mark covers one slot more than is known")
                        .in(
                                LEARNER,
                                "out.write(new DurableRecord.KnownChosen(knownChosen));",
                                "out.write(new DurableRecord.KnownChosen(knownChosen + 1));"),
                Mutant.of("prefix-jumps-a-gap", "P3", "the prefix moves over a slot whose value is missing")
                        .in(LEARNER, "out.chosen(next); next = chosenAbove.remove(knownChosen + 1);", """
                                out.chosen(next);
                                next = chosenAbove.isEmpty() ? null : chosenAbove.pollFirstEntry().getValue();
                                """),
                Mutant.of("catch-up-serves-votes", "P5", "catch-up is answered with votes that are not known chosen")
                        .in(
                                "protocol/CatchUp",
                                "long last = Math.min(slots.last(), learner.knownChosen());",
                                "long last = slots.last();")
                        .in(
                                "protocol/CatchUp",
                                "long last = Math.min(first + limits.pageSlotsMax() - 1, prefixes.getOrDefault(from, first));",
                                "long last = first + limits.pageSlotsMax() - 1;")
                        .in(
                                "journal/ChosenSlots",
                                "long last = Math.min(slots.last(), now.knownChosen);",
                                "long last = slots.last();"));
    }
}
