// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.util.List;

/** Bugs of the proposer, its tallies, its quorums, and of the founding. */
final class ProposerMutants {

    private static final String PROPOSER = "protocol/Proposer";
    private static final String TALLY = "protocol/PromiseTally";
    private static final String WINDOW = "protocol/Window";
    private static final String QUORUMS = "model/QuorumSystem";

    private ProposerMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("ballot-reused-after-restart", "S5", "after a restart a round is taken from memory alone")
                        .in(
                                PROPOSER,
                                "long round = Math.max(acceptor.promised().round(), highestSeen.round());",
                                "long round = highestSeen.round();"),
                Mutant.of("prepare-before-own-promise", "S5", "prepares leave before the round is durable")
                        .in(
                                PROPOSER,
                                "out.sendAfterWrites(voter.node(), new Prepare(ballot, attempt, pages.nextPage(voter)));",
                                "out.sendNow(voter.node(), new Prepare(ballot, attempt, pages.nextPage(voter)));"),
                Mutant.of("first-reply-preferred", "P1", "the value of the first reply wins, whatever its ballot")
                        .in(TALLY, "return b.ballot().isAbove(a.ballot()) ? b : a;", "return a;"),
                Mutant.of("votes-overwritten", "P1", "a free slot's no-op replaces what the promise quorum voted for")
                        .in(
                                PROPOSER,
                                "demanded != null ? demanded.value() : Batch.noOp(stamp).encode());",
                                "chosen != null ? chosen.value() : Batch.noOp(stamp).encode());"),
                Mutant.of("chosen-value-replaced", "P1", "a value reported as chosen is treated as if nobody had one")
                        .in(TALLY, "chosen.putIfAbsent(value.slot(), value);", ""),
                Mutant.of("hole-not-filled", "P3", "slots that nobody voted in are left empty below others")
                        .in(PROPOSER, "if (known == null) {", "if (known == null && demanded != null) {")
                        .thatStalls(),
                Mutant.of("promise-of-another-ballot", "P2", "late promises of another ballot are counted")
                        .in(
                                TALLY,
                                "boolean ours = page.ballot().equals(ballot) && page.attempt() == attempt;",
                                "boolean ours = true;"),
                Mutant.of("vote-of-another-ballot", "P2", "late votes at another ballot are counted")
                        .in(WINDOW, "if (!accepted.ballot().equals(ballot)) {", "if (accepted.ballot().isNone()) {"),
                Mutant.of("acceptor-counted-twice", "P2", "a vote that comes twice counts as two voters")
                        .in(WINDOW, "flight.votes = memberships.add(slot, flight.votes, from);", """
                                VoterSet before = flight.votes;
                                flight.votes = memberships.add(slot, before, from);
                                if (flight.votes.equals(before)) {
                                    flight.votes = new VoterSet(before.bits() | before.bits() + 1);
                                }
                                """),
                Mutant.of("pages-mixed", "P2", "where one member's report went on, the next member's is taken to go on")
                        .in(
                                TALLY,
                                "return nextPage.getOrDefault(member, from);",
                                "return nextPage.isEmpty() ? from : java.util.Collections.max(nextPage.values());"),
                Mutant.of("first-page-is-enough", "P6", "a member's first page counts as its whole report")
                        .in(TALLY, "if (page.isLast()) {", "if (page.covered().first() >= 1) {")
                        .in(PROPOSER, "if (!page.isLast()) {", "if (page.covered().first() < 1) {"),
                Mutant.of("leads-below-own-promise", "P7", "a leader whose own acceptor promised another goes on")
                        .in("protocol/ActiveMember", "proposer.preempted();", ""),
                Mutant.of("leads-before-it-fetched", "P1", "a leader proposes where others know slots chosen")
                        .in(
                                PROPOSER,
                                "if (state != State.FETCHING || learner.knownChosen() < requireTally().prefix()) {",
                                "if (state != State.FETCHING) {"),
                Mutant.of("alpha-ignored", "M2", "a leader runs further ahead of the known slots than alpha")
                        .in(
                                WINDOW,
                                "return slot <= learner.knownChosen() + memberships.forSlot(slot).alpha();",
                                "return true;")
                        .caughtBy(
                                "io.paxos.protocol.WindowTest#noSlotIsOpenedAlphaAboveTheKnownPrefix",
                                "as long as the members never change, running ahead does no harm"),
                Mutant.of(
                                "acknowledged-under-another-promise",
                                "P11",
                                "heartbeats acknowledged by a member that promised another ballot keep a leader in office")
                        .in(PROPOSER, "if (ack.promised().isAbove(ballot)) {", "if (ack.promised().isNone()) {")
                        .in(
                                PROPOSER,
                                "} else if (ballot.isAbove(ack.promised())) {",
                                "} else if (ack.ballot().isNone()) {")
                        .in(
                                "protocol/Heartbeats",
                                "if (ack.ballot().equals(ballot) && ack.promised().equals(ballot) && sent != null) {",
                                "if (ack.ballot().equals(ballot) && sent != null) {")
                        .caughtBy(
                                "io.paxos.protocol.HeartbeatsTest#acknowledgementsAtAnotherPromiseKeepNobodyInOffice",
                                "the next accept is refused at the higher promise, and that brings the leader back"),
                Mutant.of("half-is-a-quorum", "P24", "of an even number of voters half are a quorum, in both phases")
                        .in(QUORUMS, """
                                public boolean isPhase1Quorum(VoterSet set, int voters) {
                                    return set.size() * 2 > voters;
                                """, """
                                public boolean isPhase1Quorum(VoterSet set, int voters) {
                                    return set.size() * 2 >= voters;
                                """)
                        .in(QUORUMS, """
                                public boolean isPhase2Quorum(VoterSet set, int voters) {
                                    return set.size() * 2 > voters;
                                """, """
                                public boolean isPhase2Quorum(VoterSet set, int voters) {
                                    return set.size() * 2 >= voters;
                                """),
                Mutant.of("quorums-miss-each-other", "P24", "flexible quorums of the two phases need not meet")
                        .in(QUORUMS, "return set.size() >= phase1;", "return set.size() >= Math.max(1, phase1 - 1);"),
                Mutant.of("activated-too-early", "S18", "a founding is activated before every member adopted it")
                        .in(
                                "protocol/FoundingAgreement",
                                "if (confirmed.size() == mine.membership().voters().size() && !activated) {",
                                "if (confirmed.size() * 2 > mine.membership().voters().size() && !activated) {")
                        .thatStalls(),
                Mutant.of("votes-before-activation-is-durable", "S1", "a member votes before its activation is forced")
                        .in(
                                "protocol/FoundingAgreement",
                                "        activated = true;\n",
                                "        activated = true;\n        active = true;\n")
                        .caughtBy(
                                "io.paxos.protocol.FoundingAgreementTest#anActivationIsWrittenAndCountsBehindItsForceWhoeverRelaysIt",
                                "the driver holds back every answer until all earlier writes are forced, this one too"));
    }
}
