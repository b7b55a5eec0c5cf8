// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.util.List;

/** Bugs of members without a vote. */
final class LearnerMutants {

    private static final String MEMBER = "protocol/ActiveMember";
    private static final String FOLLOWER = "protocol/VotelessFollower";
    private static final String MEMBERSHIPS = "protocol/Memberships";
    private static final String PUSHES = "protocol/Pushes";
    private static final String WINDOW = "protocol/Window";
    private static final String HEARD = "pushes.heard(from.node(), learned.knownChosen(), out.nowMillis());";

    private LearnerMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(
                                "late-page-dropped",
                                "V4",
                                "a page that comes when another member was asked already is not learnt")
                        .in(
                                "protocol/PageRequests",
                                "Long asked = late.remove(toNonce);",
                                "Long asked = late.remove(-toNonce);")
                        .caughtBy(
                                "io.paxos.protocol.CatchUpTest#aPageThatComesLateIsLearntAndTheNextIsWaitedForLonger",
                                "each page must take longer than an election timeout, of whomever it is asked"),
                Mutant.of("learner-counted", "M5", "what a learner says it has counts as its vote in every open slot")
                        .in(MEMBER, HEARD, HEARD + """

                                if (proposer.isElected()) {
                                    SlotRange all = new SlotRange(1, io.paxos.model.Slots.MAX);
                                    proposer.onAccepted(from, new Accepted(proposer.ballot(), all, proposer.ballot(), 0), out);
                                }
                                """)
                        .in(MEMBERSHIPS, "return forSlot(slot).add(set, member);", """
                                return isLearner(member)
                                        ? set.with(founding.voters().size() + founding.learners().indexOf(member.node()))
                                        : forSlot(slot).add(set, member);
                                """),
                Mutant.of("learner-promises", "M5", "a learner is asked for a promise, and gives it")
                        .in("protocol/Proposer", "PromiseTally pages = requireTally(); for (MemberId voter :", """
                                PromiseTally pages = requireTally();
                                for (NodeId learner : memberships.learners()) {
                                    out.sendAfterWrites(learner, new Prepare(ballot, attempt, 1));
                                }
                                for (MemberId voter :\
                                """)
                        .in(FOLLOWER, "} else if (message instanceof CatchUpPage page) {", """
                                } else if (message instanceof Message.Prepare prepare) {
                                    SlotRange covered = new SlotRange(prepare.from(), io.paxos.model.Slots.MAX);
                                    out.sendAfterWrites(from.node(), new Message.Promise(
                                            prepare.ballot(), prepare.attempt(), covered, 0, learner.knownChosen(),
                                            List.of(), List.of(), List.of()));
                                } else if (message instanceof CatchUpPage page) {
                                """),
                Mutant.of("pushed-before-chosen", "M5", "learners are sent a value when it is proposed")
                        .in(WINDOW, "Accept accept = new Accept(proposal);", """
                                pushes.push(List.of(proposal), learner.knownChosen(), out);
                                Accept accept = new Accept(proposal);
                                """),
                Mutant.of("learned-before-force", "M5", "a learner says that it has what is not on its disk yet")
                        .in(
                                FOLLOWER,
                                "out.sendAfterWrites(from.node(), new Learned(learner.knownChosen()));",
                                "out.sendNow(from.node(), new Learned(learner.knownChosen()));"),
                Mutant.of("learner-waited-for", "M5", "a leader opens no slot far above what a learner has")
                        .in(WINDOW, "return slot <= learner.knownChosen() + memberships.forSlot(slot).alpha();", """
                                return slot <= learner.knownChosen() + memberships.forSlot(slot).alpha()
                                        && pushes.progress(0).stream().allMatch(each -> slot <= each.knownChosen() + 8);
                                """)
                        .caughtBy(
                                "io.paxos.protocol.PushesTest#aLearnerThatIsSilentIsSentNothingAndNotWaitedFor",
                                "all learners but those that are lost for good are back when a run asks for progress"),
                Mutant.of("founding-waits-for-learners", "M5", "the founder mints when it heard the learners too")
                        .in(
                                "protocol/FoundingAgreement",
                                "|| !heard.keySet().containsAll(plan.voters())) {",
                                "|| !heard.keySet().containsAll(plan.voters())"
                                        + " || !heard.keySet().containsAll(plan.learners())) {")
                        .thatStalls(),
                Mutant.of(
                                "pushes-without-bound",
                                "R7",
                                "a learner is sent whatever is chosen, however far behind it is")
                        .in(
                                PUSHES,
                                "boolean fits = reached.underWay.isEmpty() ||",
                                "boolean fits = each.slot() > 0 || reached.underWay.isEmpty() ||")
                        .caughtBy(
                                "io.paxos.protocol.PushesTest#noMoreThanAPageIsUnderWayAndWhatItSaysToHaveMakesRoom",
                                "it costs memory and nothing else"));
    }
}
