// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.D;
import static io.paxos.protocol.Given.E;
import static io.paxos.protocol.Given.MAJORITY;
import static io.paxos.protocol.Given.STRANGER;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.command;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.noOp;
import static io.paxos.protocol.Given.proposal;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Given.slots;
import static io.paxos.protocol.Given.value;
import static io.paxos.protocol.Stepper.acceptsTo;
import static io.paxos.protocol.Stepper.messageIn;
import static io.paxos.protocol.Stepper.messagesIn;
import static io.paxos.protocol.Stepper.nothing;
import static io.paxos.protocol.Stepper.prepareIn;
import static io.paxos.protocol.Stepper.report;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message;
import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.ChosenNotice;
import io.paxos.message.Message.Forward;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.RefusalReason;
import io.paxos.message.Message.Rejected;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.DurableRecord;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SessionId;
import io.paxos.model.Value;
import io.paxos.protocol.ReplicaStatus.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Phase 2 of a leader, stepped through a whole replica. Catches: the own vote counted when it is cast (S6), votes of another
 * ballot, slot, stranger or repetition counted (P2, S7), more slots open than the window or α allow, a notice without its
 * ballot's slots, accepts repeated to those who voted, commands taken twice or reordered.
 */
class WindowTest {

    private static final Limits TWO_OPEN = new Limits(2, 1_024, 3, 1_024, 1_024, 16, 16);

    private final Stepper a = Stepper.of(memory(A, members(3)));

    /** Leads, with the slot of its own ballot chosen: slot 2 is next. */
    private static Ballot leadAndRecover(Stepper leader, MemberId... others) {
        Ballot mine = leader.lead(others);
        leader.force();
        for (MemberId each : others) {
            leader.votes(each, mine, slot(1));
        }
        assertEquals(Role.LEADING, leader.replica.status().role());
        return mine;
    }

    private static Proposal at(long slot, Ballot ballot, Command... commands) {
        return new Proposal(slot, ballot, new Batch(0, 0, 0, List.of(commands)).encode());
    }

    // ---- one slot's way --------------------------------------------------------------------------------------

    @Test
    void anIdleLeaderProposesAtOnce() {
        Ballot mine = leadAndRecover(a, B);
        Proposal two = at(2, mine, command(1, "x"));
        wanted().write(new DurableRecord.Accepted(two), new DurableRecord.KnownChosen(1))
                .now(B, new Accept(two))
                .now(C, new Accept(two))
                .afterWrites(A, new Accepted(mine, slot(2), mine, 1))
                .of(a.submit(command(1, "x")));
    }

    @Test
    void aSlotIsChosenByAQuorumOfVotesAndAnnouncedALittleLater() {
        Ballot mine = leadAndRecover(a, B);
        Proposal two = at(2, mine, command(1, "x"));
        a.submit(command(1, "x"));
        wanted().of(a.force());
        wanted().chosen(two).of(a.votes(C, mine, slot(2)));
        wanted().of(a.later(Timing.DEFAULT.noticeMillis() - 1));
        wanted().now(B, new ChosenNotice(mine, slot(2), 2))
                .now(C, new ChosenNotice(mine, slot(2), 2))
                .of(a.later(1));
        wanted().of(a.later(Timing.DEFAULT.noticeMillis()));
    }

    @Test
    void theWordOfWhatWasChosenGoesAlongWithTheNextAccept() {
        Ballot mine = leadAndRecover(a, B);
        a.submit(command(1, "x"));
        a.force();
        a.votes(C, mine, slot(2));
        Proposal three = at(3, mine, command(2, "y"));
        wanted().write(new DurableRecord.Accepted(three), new DurableRecord.KnownChosen(2))
                .now(B, new ChosenNotice(mine, slot(2), 2))
                .now(C, new ChosenNotice(mine, slot(2), 2))
                .now(B, new Accept(three))
                .now(C, new Accept(three))
                .afterWrites(A, new Accepted(mine, slot(3), mine, 2))
                .of(a.submit(command(2, "y")));
    }

    /** B sent a command on, and answers it from its own log: it is not to wait for the next accept. */
    @Test
    void whileOthersSendCommandsOnTheyAreToldAtOnce() {
        Ballot mine = leadAndRecover(a, B);
        a.hear(B, new Forward(1, List.of(command(1, "x"))));
        a.force();
        wanted().now(B, new ChosenNotice(mine, slot(2), 2))
                .now(C, new ChosenNotice(mine, slot(2), 2))
                .chosen(at(2, mine, command(1, "x")))
                .of(a.votes(C, mine, slot(2)));
        a.later(100); // a heartbeat interval, in these tests, and more
        a.submit(command(2, "y"));
        a.force();
        assertEquals(List.of(), a.votes(C, mine, slot(3)).sendNow());
    }

    @Test
    void theOwnVoteCountsOnlyWhenItComesBackFromTheDisk() {
        Ballot mine = leadAndRecover(a, B);
        a.submit(command(1, "x"));
        wanted().of(a.votes(C, mine, slot(2)));
        assertEquals(1, a.replica.status().inFlightSlots());
        Effects forced = a.force();
        assertEquals(List.of(at(2, mine, command(1, "x"))), forced.chosen());
    }

    /** The others may choose without the leader's disk. */
    @Test
    void aQuorumOfOthersNeedsNoVoteOfTheLeader() {
        Ballot mine = leadAndRecover(a, B);
        a.submit(command(1, "x"));
        a.votes(B, mine, slot(2));
        assertEquals(
                List.of(at(2, mine, command(1, "x"))), a.votes(C, mine, slot(2)).chosen());
        wanted().of(a.force());
    }

    @Test
    void votesThatAreNotForThisSlotAtThisBallotByAMemberOnceDoNotCount() {
        Stepper five = Stepper.of(memory(A, members(5)));
        Ballot mine = leadAndRecover(five, B, C);
        five.submit(command(1, "x"));
        five.force();
        wanted().of(five.votes(B, mine, slot(2)));
        wanted().of(five.votes(B, mine, slot(2)));
        wanted().of(five.votes(A, mine, slot(2)));
        wanted().of(five.votes(STRANGER, mine, slot(2)));
        assertEquals(List.of(), five.votes(C, ballot(1, B), slot(2)).chosen());
        assertEquals(
                List.of(), five.votes(C, ballot(mine.round() + 1, A), slot(2)).chosen());
        assertEquals(List.of(), five.votes(C, mine, slot(1)).chosen());
        assertEquals(List.of(), five.votes(C, mine, slots(3, 9)).chosen());
        assertEquals(1, five.replica.status().inFlightSlots());
        assertEquals(1, five.votes(D, mine, slot(2)).chosen().size());
        wanted().of(five.votes(E, mine, slot(2)));
        wanted().of(five.votes(D, mine, slot(2)));
    }

    /** Hazard S7: what completes was written for slot 2 at the old ballot; the slot is open again at the new one. */
    @Test
    void ownVotesOfAnEarlierLeadershipAreNotCounted() {
        Ballot first = leadAndRecover(a, B);
        a.submit(command(1, "x"));
        List<Message> late = a.toItself();
        a.hear(B, new HeartbeatAck(first, 1, ballot(9, C), ballot(9, C), 1, true));
        Ballot second = a.lead(B);
        assertEquals(ballot(10, A), second);
        late.forEach(vote -> wanted().of(a.hear(A, vote)));
        wanted().of(a.votes(B, first, slot(2)));
        assertEquals(1, a.replica.status().knownChosen());
    }

    // ---- many slots ------------------------------------------------------------------------------------------

    @Test
    void slotsAreChosenInAnyOrderAndNoticesNameNeighboursTogether() {
        Ballot mine = leadAndRecover(a, B);
        for (int i = 1; i <= 4; i++) {
            a.submit(command(i, "x" + i));
        }
        a.force();
        wanted().of(a.votes(C, mine, slot(3)));
        assertEquals(4, a.votes(C, mine, slots(2, 5)).chosen().size());
        wanted().now(B, new ChosenNotice(mine, slots(2, 5), 5))
                .of(withoutChosen(a.later(Timing.DEFAULT.noticeMillis()), B));
        assertEquals(5, a.replica.status().knownChosen());
    }

    private static Effects withoutChosen(Effects effects, MemberId to) {
        return new Effects(
                effects.writes(),
                effects.sendNow().stream()
                        .filter(each -> each.to().equals(to.node()))
                        .toList(),
                effects.sendAfterWrites(),
                List.of(),
                effects.notices());
    }

    @Test
    void noMoreSlotsAreOpenThanTheWindowHolds() {
        Stepper narrow = Stepper.of(memory(A, members(3)), TWO_OPEN);
        Ballot mine = leadAndRecover(narrow, B);
        assertEquals(1, acceptsTo(B, narrow.submit(command(1, "a"))).size());
        assertEquals(1, acceptsTo(B, narrow.submit(command(2, "b"))).size());
        wanted().of(narrow.submit(command(3, "c")));
        wanted().of(narrow.submit(command(4, "d")));
        assertEquals(2, narrow.replica.status().inFlightSlots());

        narrow.force();
        Effects freed = narrow.votes(B, mine, slot(2));
        Proposal four = at(4, mine, command(3, "c"), command(4, "d"));
        wanted().write(new DurableRecord.Accepted(four), new DurableRecord.KnownChosen(2))
                .now(B, new ChosenNotice(mine, slot(2), 2))
                .now(C, new ChosenNotice(mine, slot(2), 2))
                .now(B, new Accept(four))
                .now(C, new Accept(four))
                .afterWrites(A, new Accepted(mine, slot(4), mine, 2))
                .chosen(at(2, mine, command(1, "a")))
                .of(freed);
    }

    /** 4 KiB commands, 4,096 at once: more was under way than the transport holds for a peer, and what it dropped came 100 ms later. */
    @Test
    void noMoreBytesAreUnderWayThanATransportHolds() {
        Limits limits = new Limits(64, 1_024, 1, 1 << 20, 1_024, 64, 64);
        Stepper leader = Stepper.of(memory(A, members(3)), limits);
        Ballot mine = leadAndRecover(leader, B);
        int opened = 0;
        for (int i = 1; i <= 30; i++) {
            opened += acceptsTo(B, leader.submit(command(i, "x".repeat(900)))).size();
        }
        assertEquals(9, opened, "slots of a kilobyte in 8 KiB, of which the last may exceed them");
        leader.force();
        assertEquals(1, acceptsTo(B, leader.votes(B, mine, slot(2))).size());
        assertEquals(2, acceptsTo(B, leader.votes(B, mine, slots(3, 4))).size());
    }

    /** A place that frees out of order is filled too, but never α above what is known chosen. */
    /** Hazard V1: B and C choose without A's disk, and nobody else may lead. What waits for that disk is bounded all the same. */
    @Test
    void aLeaderWhoseDiskIsBehindOpensNoSlotsUntilItKeepsUpAgain() {
        Stepper narrow = Stepper.of(memory(A, members(3)), TWO_OPEN);
        Ballot mine = leadAndRecover(narrow, B);
        narrow.step(new Event.FitnessChanged(true, true, false));
        wanted().of(narrow.submit(command(1, "x".repeat(900))));
        wanted().notice(new Notice.CommandsRefused(SessionId.ofNode(A), 2, RefusalReason.OVERLOADED))
                .of(narrow.submit(command(2, "y".repeat(900))));
        assertEquals(Role.LEADING, narrow.replica.status().role());
        assertEquals(
                List.of(at(2, mine, command(1, "x".repeat(900)))),
                acceptsTo(B, narrow.step(new Event.FitnessChanged(true, true, true))));
    }

    @Test
    void noSlotIsOpenedAlphaAboveTheKnownPrefix() {
        Stepper narrow = Stepper.of(memory(A, members(3, MAJORITY, 3)));
        Ballot mine = leadAndRecover(narrow, B);
        for (int i = 1; i <= 5; i++) {
            narrow.submit(command(i, "x"));
        }
        assertEquals(3, narrow.replica.status().inFlightSlots(), "slots 2, 3 and 4");
        narrow.force();
        Effects third = narrow.votes(B, mine, slots(3, 4));
        assertEquals(List.of(), acceptsTo(B, third), "2 is not known: 5 must wait");
        Effects second = narrow.votes(B, mine, slot(2));
        assertEquals(List.of(at(5, mine, command(4, "x"), command(5, "x"))), acceptsTo(B, second));
    }

    @Test
    void recoveredSlotsWaitForThePlacesToo() {
        Stepper narrow = Stepper.of(memory(A, members(3, MAJORITY, 2))
                .promised(ballot(1, C), 9)
                .votes(proposal(2, ballot(1, C), "two"), proposal(4, ballot(1, C), "four")));
        Prepare prepare = prepareIn(narrow.stand(B));
        narrow.force();
        Effects leads = narrow.hear(B, nothing(prepare));
        Ballot mine = prepare.ballot();
        assertEquals(List.of(new Proposal(1, mine, noOp(0)), new Proposal(2, mine, value("two"))), acceptsTo(C, leads));
        narrow.submit(command(1, "mine comes last"));
        narrow.force();
        assertEquals(
                List.of(new Proposal(3, mine, noOp(0)), new Proposal(4, mine, value("four"))),
                acceptsTo(C, narrow.votes(B, mine, slots(1, 2))));
        narrow.force();
        assertEquals(
                List.of(new Proposal(5, mine, noOp(0)), at(6, mine, command(1, "mine comes last"))),
                acceptsTo(C, narrow.votes(B, mine, slots(3, 4))));
        assertEquals(Role.RECOVERING, narrow.replica.status().role());
        narrow.force();
        narrow.votes(B, mine, slot(5));
        assertEquals(Role.LEADING, narrow.replica.status().role());
    }

    /**
     * Simulator, seed 11: A's table of votes was full when it opened slot 2, so it cast none of its own there, and never
     * tried again. C was down, so A's vote was needed, and the cluster stood still for good.
     */
    @Test
    void anOwnVoteThatFoundNoRoomIsCastWhenThereIsSome() {
        Stepper full = Stepper.of(
                memory(A, members(3))
                        .promised(ballot(1, C), 9)
                        .votes(proposal(8, ballot(1, C), "eight"), proposal(9, ballot(1, C), "nine")),
                new Limits(2, 1_024, 3, 1_024, 1_024, 16, 2));
        Prepare prepare = prepareIn(full.stand(B));
        full.force();
        Effects leads = full.hear(B, nothing(prepare));
        Ballot mine = prepare.ballot();
        Proposal two = new Proposal(2, mine, noOp(0));
        assertEquals(List.of(new Proposal(1, mine, noOp(0)), two), acceptsTo(B, leads));
        assertEquals(List.of(new DurableRecord.Accepted(new Proposal(1, mine, noOp(0)))), leads.writes());
        full.force();
        full.votes(B, mine, slots(1, 2));
        assertEquals(1, full.replica.status().knownChosen());

        assertEquals(
                List.of(new DurableRecord.Accepted(two), new DurableRecord.KnownChosen(1)),
                full.later(100).writes());
        full.force();
        assertEquals(2, full.replica.status().knownChosen());
    }

    /** Fault case 21 in small: eight slots, every pattern of holes, mixed ballots. */
    @Test
    void everyHoleOfAWindowIsFilledAndNothingElseIsReplaced() {
        for (long pattern = 1; pattern < 256; pattern++) {
            List<Proposal> votes = new ArrayList<>();
            for (int bit = 0; bit < 8; bit++) {
                if ((pattern >> bit & 1) == 1) {
                    votes.add(proposal(bit + 1L, ballot(1 + bit % 3, C), "v" + bit));
                }
            }
            Stepper leader = Stepper.of(memory(A, members(3)).promised(ballot(3, C), 9));
            Prepare prepare = prepareIn(leader.stand(B));
            leader.force();
            Effects leads = leader.hear(B, report(prepare, 0, votes.toArray(Proposal[]::new)));
            long highest = votes.get(votes.size() - 1).slot();
            List<Proposal> expected = LongStream.rangeClosed(1, highest + 1)
                    .mapToObj(slot -> new Proposal(slot, prepare.ballot(), wantedIn(slot, votes)))
                    .toList();
            assertEquals(expected, acceptsTo(B, leads), "pattern " + pattern);
        }
    }

    private static Value wantedIn(long slot, List<Proposal> votes) {
        return votes.stream()
                .filter(vote -> vote.slot() == slot)
                .map(Proposal::value)
                .findFirst()
                .orElse(noOp(0));
    }

    // ---- batches and refusals --------------------------------------------------------------------------------

    @Test
    void aBatchTakesWhatIsQueuedUpToItsCommandsAndBytes() {
        Stepper narrow = Stepper.of(memory(A, members(3)), TWO_OPEN);
        Ballot mine = leadAndRecover(narrow, B);
        narrow.submit(command(1, "a"));
        narrow.submit(command(2, "b"));
        String half = "x".repeat(440);
        narrow.submit(command(3, "c"), command(4, "d"), command(5, "e"), command(6, half));
        narrow.force();
        assertEquals(
                List.of(at(4, mine, command(3, "c"), command(4, "d"), command(5, "e"))),
                acceptsTo(B, narrow.votes(B, mine, slot(2))),
                "three commands a batch");
        narrow.submit(command(7, "f"), command(8, half));
        narrow.force();
        assertEquals(
                List.of(at(5, mine, command(6, half), command(7, "f"))),
                acceptsTo(B, narrow.votes(B, mine, slot(3))),
                "1,024 bytes a batch");
    }

    @Test
    void whatDoesNotFitIsRefusedAsAWhole() {
        Stepper narrow = Stepper.of(memory(A, members(3)), TWO_OPEN);
        leadAndRecover(narrow, B);
        narrow.submit(command(1, "a"));
        narrow.submit(command(2, "b"));
        narrow.submit(command(3, "x".repeat(900)));
        wanted().notice(new Notice.CommandsRefused(SessionId.ofNode(A), 4, RefusalReason.OVERLOADED))
                .of(narrow.submit(command(4, "c"), command(5, "x".repeat(100))));
        wanted().notice(new Notice.CommandsRefused(SessionId.ofNode(A), 6, RefusalReason.OVERLOADED))
                .of(narrow.submit(command(6, "x".repeat(1_024))));
        assertEquals(
                command(3, "x".repeat(900)).encodedLength(),
                narrow.replica.status().pendingBytes());
    }

    @Test
    void stampsAreThoseOfTheLogPlusTheLeadersOwnElapsedTime() {
        Stepper leader = Stepper.of(memory(A, members(3)).known(3, 1_000));
        Ballot mine = leader.lead(B);
        long led = leader.nowMillis();
        leader.force();
        leader.votes(B, mine, slot(4));
        List<Proposal> proposed = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            leader.at(led + 10L * i);
            proposed.addAll(acceptsTo(C, leader.submit(command(i, "x"))));
        }
        assertEquals(
                List.of(
                        new Proposal(5, mine, value(1, "x", 1_010)),
                        new Proposal(6, mine, value(2, "x", 1_020)),
                        new Proposal(7, mine, value(3, "x", 1_030))),
                proposed);
    }

    // ---- repetition ------------------------------------------------------------------------------------------

    @Test
    void acceptsAreRepeatedToThoseWhoHaveNotVotedOnceAWhile() {
        Stepper five = Stepper.of(memory(A, members(5)));
        Ballot mine = leadAndRecover(five, B, C);
        five.submit(command(1, "x"));
        five.force();
        Proposal two = at(2, mine, command(1, "x"));
        five.votes(D, mine, slot(2));
        assertEquals(List.of(), messagesIn(five.later(99).sendNow(), Accept.class));
        Effects repeated = five.later(1);
        assertEquals(List.of(two), acceptsTo(B, repeated));
        assertEquals(List.of(two), acceptsTo(C, repeated));
        assertEquals(List.of(), acceptsTo(D, repeated));
        assertEquals(List.of(), acceptsTo(A, repeated));
        assertEquals(List.of(two), acceptsTo(E, repeated));
        assertEquals(List.of(), messagesIn(five.later(99).sendNow(), Accept.class));
        assertEquals(3, messagesIn(five.later(1).sendNow(), Accept.class).size());
    }

    /** On a slow link all that is under way is late, and to repeat it would make it later (hazard V4). */
    @Test
    void whereVotesTakeLongAcceptsAreRepeatedLaterUntilOneIsQuick() {
        Ballot mine = leadAndRecover(a, B);
        assertEquals(List.of(100L), repeatedWithin(150, mine, 2));
        assertEquals(List.of(300L), repeatedWithin(500, mine, 3), "twice as long as the last one took");
        assertEquals(List.of(800L), repeatedWithin(1_000, mine, 4), "eight times as long at most");
        assertEquals(List.of(800L), repeatedWithin(801, mine, 5));
        assertEquals(List.of(), repeatedWithin(5, mine, 6));
        assertEquals(List.of(100L), repeatedWithin(150, mine, 7));
    }

    /** How many milliseconds behind a command its accepts were repeated, until B voted; B and C confirm heartbeats meanwhile. */
    private List<Long> repeatedWithin(long millis, Ballot mine, long slot) {
        a.submit(command(slot, "x"));
        List<Long> repeated = new ArrayList<>();
        for (long i = 1; i <= millis; i++) {
            Effects now = a.later(1);
            if (!messagesIn(now.sendNow(), Accept.class).isEmpty()) {
                repeated.add(i);
            }
            for (Heartbeat beat : messagesIn(now.sendNow(), Heartbeat.class)) {
                a.hear(B, new HeartbeatAck(mine, beat.sequence(), mine, Ballot.NONE, 0, true));
            }
        }
        a.votes(B, mine, slot(slot));
        a.votes(C, mine, slot(slot));
        assertEquals(0, a.replica.status().inFlightSlots());
        return repeated;
    }

    @Test
    void aSlotFetchedFromElsewhereIsRepeatedNoMore() {
        Ballot mine = leadAndRecover(a, B);
        a.submit(command(1, "x"));
        Effects refused = a.hear(B, new Rejected(mine, 0, 2, mine, Ballot.NONE, 2));
        CatchUpRequest request = messageIn(refused.sendNow(), CatchUpRequest.class);
        Effects fetched = a.hear(B, new CatchUpPage(request.nonce(), 2, List.of(at(2, mine, command(1, "x"))), 0, 2));
        assertEquals(List.of(at(2, mine, command(1, "x"))), fetched.chosen());
        assertEquals(0, a.replica.status().inFlightSlots());
        assertEquals(List.of(), messagesIn(a.later(100).sendNow(), Accept.class));
    }

    // ---- quorums ---------------------------------------------------------------------------------------------

    @Test
    void evenSizesAndFlexibleQuorumsChooseWithTheirOwnNumberOfVotes() {
        assertEquals(2, votesNeeded(members(2)));
        assertEquals(3, votesNeeded(members(4)));
        assertEquals(4, votesNeeded(members(6)));
        assertEquals(1, votesNeeded(members(4, new QuorumSystem.FlexibleSizes(4, 1), 64)));
        assertEquals(2, votesNeeded(members(6, new QuorumSystem.FlexibleSizes(5, 2), 64)));
        assertEquals(3, votesNeeded(members(3, new QuorumSystem.FlexibleSizes(1, 3), 64)));
    }

    /** How many votes, the leader's included, it takes until slot 1 is chosen. */
    private static int votesNeeded(Membership membership) {
        Stepper leader = Stepper.of(memory(A, membership));
        List<MemberId> others =
                membership.voters().subList(1, membership.voters().size());
        Ballot mine = leader.lead(others.toArray(MemberId[]::new));
        leader.force();
        int votes = 1;
        while (leader.replica.status().knownChosen() == 0) {
            leader.votes(others.get(votes - 1), mine, slot(1));
            votes++;
        }
        return votes;
    }
}
