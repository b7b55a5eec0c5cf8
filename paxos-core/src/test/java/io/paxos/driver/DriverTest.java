// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Frame;
import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import io.paxos.protocol.Limits;
import io.paxos.protocol.ReplicaStatus;
import io.paxos.transport.CopyRefusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriverTest {

    private final TurnedCluster cluster = new TurnedCluster(3);

    // ---- the order of persist and send ----------------------------------------------------------------------

    /**
     * Step 1 queues a promise; step 2 gets the same prepare again, writes nothing, and answers. Were its answer to leave
     * at once, a crash would forget a promise that was revealed.
     */
    @Test
    void aRepeatedAnswerWaitsForTheEarlierWriteItReveals() {
        TurnedNode leader = cluster.settle();
        TurnedNode voter = cluster.followers().get(0);
        TurnedNode candidate = cluster.followers().get(1);
        long round = voter.driver.status().replica().promised().round() + 5;
        Frame prepare = frameFrom(candidate, new Message.Prepare(new Ballot(round, candidate.self), 99, 1));
        voter.diskStuck = true;
        voter.takeSent();

        voter.driver.receive(prepare);
        voter.driver.receive(prepare);
        assertEquals(1, voter.unforcedWrites());
        assertEquals(List.of(), voter.takeSent());

        voter.forceAll();
        String answer = "Promise>" + candidate.self.node();
        assertEquals(List.of(answer, answer), voter.takeSent());
        assertFalse(leader == voter);
    }

    @Test
    void answersLeaveInTheOrderInWhichTheyWereMade() {
        cluster.settle();
        TurnedNode voter = cluster.followers().get(0);
        TurnedNode candidate = cluster.followers().get(1);
        long round = voter.driver.status().replica().promised().round() + 5;
        voter.diskStuck = true;
        voter.takeSent();
        for (int i = 0; i < 3; i++) {
            Ballot ballot = new Ballot(round + i, candidate.self);
            voter.driver.receive(frameFrom(candidate, new Message.Prepare(ballot, 99 + i, 1)));
        }
        assertEquals(3, voter.unforcedWrites());

        voter.forceOne();
        assertEquals(List.of(round), promisedRounds(voter));
        voter.forceAll();
        assertEquals(List.of(round + 1, round + 2), promisedRounds(voter));
    }

    private static List<Long> promisedRounds(TurnedNode voter) {
        List<Long> rounds = voter.sent.stream()
                .map(sent -> ((Message.Promise) sent.frame().message()).ballot().round())
                .toList();
        voter.sent.clear();
        return rounds;
    }

    /** Hazard S6, with one node: its own vote alone would choose, and must not before it is on the disk. */
    @Test
    void aSingleNodeChoosesNothingBeforeItsOwnVoteIsForced() {
        TurnedCluster alone = new TurnedCluster(1);
        TurnedNode node = alone.settle();
        node.diskStuck = true;
        List<Outcome> outcome = node.submit("x", 5_000);
        alone.run(1_000);
        assertTrue(node.unforcedWrites() > 0);
        assertEquals(List.of(), outcome);
        assertEquals(List.of(), node.applied());

        node.diskStuck = false;
        alone.run(50);
        assertEquals("done x", resultOf(outcome));
    }

    @Test
    void aCompletionThatComesTwiceChangesNothing() {
        TurnedNode leader = cluster.settle();
        leader.driver.forced(1);
        leader.driver.forced(1);
        List<Outcome> outcome = leader.submit("x", 5_000);
        cluster.runUntil("x is applied", () -> !outcome.isEmpty());
        assertEquals("done x", resultOf(outcome));
    }

    /** Hazard S21: a copy of this directory runs elsewhere, and a peer heard it first. */
    @Test
    void aNodeThatAPeerRefusesAsACopyStopsAndSaysWhere() {
        cluster.settle();
        TurnedNode node = cluster.followers().get(0);
        NodeId peer = new NodeId(9);
        node.driver.refusedAsCopy(new CopyRefusal(peer, CopyRefusal.Why.SAME_BOOT, "here and there"));
        assertEquals(
                List.of(
                        "two processes run on copies of one directory, and the other one was there first. n9 refuses this"
                                + " one: here and there. Keep the other process; delete this directory, or format it anew and"
                                + " start it with rejoin, so that it follows without a vote"),
                node.stops);
        node.driver.refusedAsCopy(new CopyRefusal(peer, CopyRefusal.Why.NEWER_BOOT, "here and there"));
        assertEquals(1, node.stops.size());
    }

    // ---- own commands ---------------------------------------------------------------------------------------

    @Test
    void everyNodeAppliesTheSameCommandsWhoeverTheyWereSubmittedTo() {
        cluster.settle();
        List<List<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            outcomes.add(cluster.node(1 + i % 3).submit("c" + i, 5_000));
            if (i % 7 == 0) {
                cluster.tick();
            }
        }
        cluster.run(500);
        for (int i = 0; i < 30; i++) {
            assertEquals("done c" + i, resultOf(outcomes.get(i)));
        }
        assertEquals(30, cluster.node(1).entries.size());
        assertEquals(cluster.node(1).applied(), cluster.node(2).applied());
        assertEquals(cluster.node(1).applied(), cluster.node(3).applied());
    }

    @Test
    void whatIsSubmittedDuringATurnLeavesAsOneForward() {
        cluster.settle();
        TurnedNode follower = cluster.followers().get(0);
        cluster.run(100);
        IntStream.range(0, 20).forEach(i -> follower.submit("c" + i, 5_000));
        follower.takeSent();
        follower.turn(cluster.nowMillis);
        List<Integer> forwards = follower.sent.stream()
                .map(sent -> sent.frame().message())
                .filter(Message.Forward.class::isInstance)
                .map(message -> ((Message.Forward) message).commands().size())
                .toList();
        assertEquals(List.of(20), forwards);
    }

    @Test
    void aForwardDeliveredTwiceTakesEffectOnce() {
        TurnedNode leader = cluster.settle();
        TurnedNode follower = cluster.followers().get(0);
        List<Outcome> outcome = follower.submit("once", 5_000);
        follower.turn(cluster.nowMillis);
        Frame forward = follower.sent.stream()
                .map(TurnedNode.Sent::frame)
                .filter(frame -> frame.message() instanceof Message.Forward)
                .findFirst()
                .orElseThrow();
        leader.inbox.add(forward);
        leader.inbox.add(forward);
        cluster.run(1_000);
        assertEquals("done once", resultOf(outcome));
        cluster.nodes.forEach(node -> assertEquals(List.of("once"), node.applied()));
    }

    /** A forward is lost while the leader stays: the head is not applied, so the session sends again by itself. */
    @Test
    void aLostForwardIsSentAgain() {
        cluster.settle();
        TurnedNode follower = cluster.followers().get(0);
        cluster.lost = sent -> sent.frame().message() instanceof Message.Forward;
        List<Outcome> outcome = follower.submit("x", 60_000);
        cluster.run(200);
        cluster.lost = sent -> false;
        assertEquals(List.of(), outcome);
        cluster.run(TurnedCluster.TIMING.electionTimeoutMaxMillis());
        assertEquals("done x", resultOf(outcome));
    }

    /** Only the first of two forwards is lost: apply sees a gap, and everything goes out again at once, in order. */
    @Test
    void aGapMakesTheSessionSendAgainWithoutWaiting() {
        cluster.settle();
        TurnedNode follower = cluster.followers().get(0);
        cluster.lost = sent -> sent.frame().message() instanceof Message.Forward;
        List<Outcome> first = follower.submit("first", 60_000);
        cluster.tick();
        cluster.lost = sent -> false;
        List<Outcome> second = follower.submit("second", 60_000);
        cluster.run(100);
        assertEquals("done first", resultOf(first));
        assertEquals("done second", resultOf(second));
        cluster.nodes.forEach(node -> assertEquals(List.of("first", "second"), node.applied()));
    }

    @Test
    void commandsSurviveTheLeaderInTheirOrder() {
        TurnedNode leader = cluster.settle();
        TurnedNode follower = cluster.followers().get(0);
        List<List<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            outcomes.add(follower.submit("c" + i, 60_000));
            cluster.tick();
            if (i == 5) {
                cluster.down.add(leader.self.node().number());
            }
        }
        cluster.run(5_000);
        for (int i = 0; i < 10; i++) {
            assertEquals("done c" + i, resultOf(outcomes.get(i)));
        }
        List<String> expected = IntStream.range(0, 10).mapToObj(i -> "c" + i).toList();
        assertEquals(expected, follower.applied());
    }

    @Test
    void withoutALeaderACommandFailsAtItsDeadlineAndCertainlyDidNotLeave() {
        TurnedNode node = cluster.node(1);
        cluster.down.add(2);
        cluster.down.add(3);
        cluster.tick();
        List<Outcome> outcome = node.submit("x", 300);
        cluster.run(290);
        assertEquals(List.of(), outcome);
        cluster.run(20);
        assertEquals(List.of(new Outcome.NoLeader()), outcome);
        assertEquals(0, node.window.commands());
        assertEquals(0, node.window.bytes());
    }

    /** Its caller gives up on a command that left; the session does not, because what is behind it needs it. */
    @Test
    void aCommandThatLeftIsUnknownAtItsDeadlineAndIsAppliedAllTheSame() {
        cluster.settle();
        TurnedNode follower = cluster.followers().get(0);
        cluster.lost = sent -> sent.frame().message() instanceof Message.Forward;
        List<Outcome> given = follower.submit("given up", 50);
        List<Outcome> patient = follower.submit("patient", 60_000);
        cluster.run(80);
        Outcome.Unknown unknown = assertInstanceOf(Outcome.Unknown.class, given.get(0));
        assertEquals(2, unknown.sequence());
        assertEquals(2, follower.window.commands());
        cluster.lost = sent -> false;
        cluster.run(1_000);
        assertEquals(1, given.size());
        assertEquals("done patient", resultOf(patient));
        assertEquals(List.of("given up", "patient"), follower.applied());
        assertEquals(0, follower.window.commands());
        assertEquals(0, follower.window.bytes());
    }

    @Test
    void aFullWindowRefusesAtOnceAndOpensAgain() {
        cluster.settle();
        TurnedNode node = cluster.node(1);
        List<List<Outcome>> outcomes = IntStream.range(0, 101)
                .mapToObj(i -> node.submit("c" + i, 5_000))
                .toList();
        assertEquals(List.of(new Outcome.Overloaded()), outcomes.get(100));
        cluster.run(500);
        assertEquals("done c99", resultOf(outcomes.get(99)));
        assertEquals(0, node.window.commands());
        List<Outcome> later = node.submit("later", 5_000);
        cluster.run(500);
        assertEquals("done later", resultOf(later));
    }

    @Test
    void closingTellsEveryCallerWhatIsKnown() {
        cluster.settle();
        TurnedNode follower = cluster.followers().get(0);
        cluster.lost = sent -> sent.frame().message() instanceof Message.Forward;
        List<Outcome> left = follower.submit("left", 60_000);
        cluster.tick();
        List<Outcome> never = follower.submit("never left", 60_000);
        follower.driver.close();
        assertEquals(List.of(new Outcome.Closed()), never);
        assertTrue(assertInstanceOf(Outcome.Unknown.class, left.get(0)).closed());
    }

    // ---- restart, replay, catch-up --------------------------------------------------------------------------

    @Test
    void aRestartReplaysTheLogFromTheJournalAndOpensASessionOfItsOwn() {
        cluster.settle();
        List<Outcome> outcome = cluster.node(2).submit("before", 5_000);
        cluster.run(1_000);
        assertEquals("done before", resultOf(outcome));
        TurnedNode again = cluster.restart(2, 2);
        cluster.settle();
        assertEquals(List.of("before"), again.applied());
        List<Outcome> after = again.submit("after", 5_000);
        cluster.run(500);
        assertEquals("done after", resultOf(after));
        cluster.nodes.forEach(node -> assertEquals(List.of("before", "after"), node.applied()));
    }

    /** Hazard S20: nothing on its disk tells; its peers do. */
    @Test
    void aDirectoryPutBackFromAnOlderCopyIsFoundOutByThePeersAndStops() {
        cluster.settle();
        int number = cluster.followers().get(0).self.node().number();
        RecordLog copy = cluster.node(number).log.copy();
        List<Outcome> outcome = cluster.leader().submit("after the copy", 5_000);
        cluster.run(500);
        assertEquals("done after the copy", resultOf(outcome));
        TurnedNode again = cluster.restart(number, 2, copy);
        cluster.run(500);
        assertEquals(1, again.stops.size());
        assertTrue(again.stops.get(0).contains("put back from an older copy"), again.stops.get(0));
        assertEquals(List.of(), cluster.leader().stops);
    }

    @Test
    void aMemberThatSleptCatchesUp() {
        cluster.settle();
        int sleeper = cluster.followers().get(0).self.node().number();
        cluster.down.add(sleeper);
        for (int i = 0; i < 50; i++) {
            cluster.leader().submit("c" + i, 5_000);
            cluster.tick();
        }
        cluster.run(500);
        cluster.down.remove(sleeper);
        cluster.run(3_000);
        assertEquals(50, cluster.node(sleeper).entries.size());
        assertEquals(cluster.leader().applied(), cluster.node(sleeper).applied());
    }

    /** Room for four values of about 70 bytes: the state machine stands still, the rest is dropped and read again. */
    @Test
    void whatTheStateMachineHasNoRoomForIsReadFromTheJournalLater() {
        TurnedCluster narrow =
                new TurnedCluster(1, DriverOptions.of(TurnedCluster.TIMING, Limits.DEFAULT, 300, 1 << 20, 30_000));
        TurnedNode node = narrow.settle();
        int readsBefore = node.reads.size();
        node.applyStuck = true;
        for (int i = 0; i < 40; i++) {
            node.submit("c" + i, 60_000);
            narrow.tick();
        }
        narrow.run(500);
        assertEquals(4, node.unappliedSlots());
        assertFalse(node.driver.isReady());
        node.applyStuck = false;
        narrow.run(500);
        List<String> expected = IntStream.range(0, 40).mapToObj(i -> "c" + i).toList();
        assertEquals(expected, node.applied());
        assertTrue(node.reads.size() > readsBefore);
        assertTrue(node.driver.isReady());
    }

    // ---- what is let in -------------------------------------------------------------------------------------

    @Test
    void framesThatMustNotReachTheCoreAreDroppedAndCounted() {
        cluster.settle();
        TurnedNode node = cluster.node(1);
        TurnedNode peer = cluster.node(2);
        FoundingId founding = node.driver.status().replica().founding();
        Message message = new Message.Canvass(5, 0);
        node.driver.receive(new Frame(FoundingId.NONE, 0, peer.self, 1, message));
        node.driver.receive(new Frame(new FoundingId(8, 8), 0, peer.self, 1, message));
        node.driver.receive(new Frame(founding, 3, peer.self, 1, message));
        node.driver.receive(new Frame(founding, 0, node.self, 1, message));
        node.driver.receive(new Frame(founding, 0, peer.self, 9, message));
        node.driver.receive(new Frame(founding, 0, peer.self, 8, message));
        Map<DropReason, Long> dropped = node.driver.status().dropped();
        assertEquals(2, dropped.get(DropReason.OTHER_FOUNDING));
        assertEquals(1, dropped.get(DropReason.OTHER_GROUP));
        assertEquals(1, dropped.get(DropReason.OWN_NAME));
        assertEquals(1, dropped.get(DropReason.OLDER_BOOT));
        assertEquals(0, dropped.get(DropReason.JOURNAL_BEHIND));
    }

    /** Hazard S18: n2's directory was lost, and it comes back as another incarnation. A vote of it is not even looked at. */
    @Test
    void votesOfANodeWithoutAVoteAreDroppedAndCountedButItsRequestsAreHeard() {
        TurnedNode leader = cluster.settle();
        FoundingId founding = leader.driver.status().replica().founding();
        Ballot ballot = leader.driver.status().replica().promised();
        MemberId wiped = new MemberId(cluster.followers().get(0).self.node(), new Incarnation(77));
        SlotRange slots = new SlotRange(1, 1);
        for (Message vote : List.of(
                new Message.Accepted(ballot, slots, ballot, 0),
                new Message.Promise(ballot, 5, slots, 0, 0, List.of(), List.of(), List.of()),
                new Message.HeartbeatAck(ballot, 1, ballot, ballot, 0, true),
                new Message.Prepare(new Ballot(99, wiped), 5, 1),
                new Message.Canvass(5, 0))) {
            leader.driver.receive(new Frame(founding, 0, wiped, 1, vote));
        }
        assertEquals(5, leader.driver.status().dropped().get(DropReason.NO_VOTE));

        leader.takeSent();
        leader.driver.receive(new Frame(FoundingId.NONE, 0, wiped, 1, new Message.FollowRequest(FoundingId.NONE)));
        leader.driver.receive(new Frame(founding, 0, wiped, 1, new Message.CatchUpRequest(5, slots, 0)));
        leader.driver.receive(new Frame(founding, 0, wiped, 1, new Message.SnapshotRequest(6, SnapshotId.NONE, 0, 64)));
        assertEquals(List.of("FollowAnswer>" + wiped.node()), leader.takeSent());
        assertEquals(1, leader.reads.size());
        assertEquals(List.of("read none from 0, 64"), leader.snapshots.take());
        assertEquals(5, leader.driver.status().dropped().get(DropReason.NO_VOTE));
    }

    /** Hazard R7: as long as it asks for more, and no longer. */
    @Test
    void theSnapshotThatAnotherMemberIsInTheMiddleOfIsHeld() {
        TurnedNode leader = cluster.settle();
        FoundingId founding = leader.driver.status().replica().founding();
        MemberId asker = cluster.followers().get(0).self;
        SnapshotId ten = new SnapshotId(10, 100, 7);
        leader.driver.receive(new Frame(founding, 0, asker, 1, new Message.SnapshotRequest(6, SnapshotId.NONE, 0, 64)));
        leader.driver.snapshots().read(leader.snapshots.reads.get(0), ten, Value.of(new byte[64]));
        assertEquals(List.of("read none from 0, 64", "hold " + ten), leader.snapshots.take());
        cluster.run(4_900);
        assertEquals(List.of(), leader.snapshots.take());
        cluster.run(200);
        assertEquals(List.of("hold none"), leader.snapshots.take());
    }

    /** Hazard V1: what waits for a slow disk is bounded; what is dropped comes again when the disk is well. */
    @Test
    void valuesAreDroppedWhileTooMuchWaitsForTheDisk() {
        TurnedCluster slow =
                new TurnedCluster(3, DriverOptions.of(TurnedCluster.TIMING, Limits.DEFAULT, 1 << 20, 2_000, 30_000));
        slow.settle();
        TurnedNode voter = slow.followers().get(0);
        voter.diskStuck = true;
        for (int i = 0; i < 100; i++) {
            slow.leader().submit("c" + i, 60_000);
            slow.tick();
        }
        assertTrue(voter.driver.status().dropped().get(DropReason.JOURNAL_BEHIND) > 50);
        assertTrue(voter.unforcedWrites() < 30, "writes that wait: " + voter.unforcedWrites());
        voter.diskStuck = false;
        slow.run(3_000);
        assertEquals(100, voter.entries.size());
    }

    /** Hazard V1: the others choose without it, so it would heap up what they choose. */
    @Test
    void aLeaderTakesNoMoreInThanMayWaitForItsDisk() {
        TurnedCluster slow = new TurnedCluster(
                3,
                DriverOptions.of(
                        TurnedCluster.TIMING,
                        Limits.DEFAULT,
                        1 << 20,
                        2_000,
                        new DiskPatience(20_000, 20_000, 30_000)));
        TurnedNode leader = slow.settle();
        leader.diskStuck = true;
        for (int i = 0; i < 100; i++) {
            leader.submit("c" + i, 60_000);
            slow.tick();
        }
        assertTrue(leader.driver.isLeading());
        int waiting = leader.unforcedWrites();
        assertTrue(waiting > 5 && waiting < 30, "writes that wait: " + waiting);
        leader.diskStuck = false;
        slow.run(3_000);
        assertEquals(100, leader.entries.size());
    }

    @Test
    void aMemberThatAsksForValuesAgainBeforeItsAnswerIsReadWaits() {
        TurnedNode leader = cluster.settle();
        cluster.run(500);
        TurnedNode asker = cluster.followers().get(0);
        int readsBefore = leader.reads.size();
        Message request = new Message.CatchUpRequest(5, new SlotRange(1, 2), 0);
        leader.driver.receive(frameFrom(asker, request));
        leader.driver.receive(frameFrom(asker, request));
        assertEquals(1, leader.reads.size() - readsBefore);
        assertEquals(1, leader.driver.status().dropped().get(DropReason.READS_BUSY));
        leader.takeSent();
        leader.turn(cluster.nowMillis);
        assertTrue(leader.takeSent().contains("CatchUpPage>" + asker.self.node()));
    }

    @Test
    void aStrangerWithAKnownIdIsNotListenedTo() {
        cluster.settle();
        TurnedNode node = cluster.node(1);
        long promised = node.driver.status().replica().promised().round();
        MemberId wiped = new MemberId(new NodeId(2), new Incarnation(4_711));
        Message prepare = new Message.Prepare(new Ballot(promised + 10, wiped), 3, 1);
        node.driver.receive(new Frame(node.driver.status().replica().founding(), 0, wiped, 1, prepare));
        assertEquals(promised, node.driver.status().replica().promised().round());
    }

    // ---- time and health ------------------------------------------------------------------------------------

    /** Hazard V6: a node that was stopped for a minute hears what arrived meanwhile before its timers fire. */
    @Test
    void aPauseLongerThanAnElectionTimeoutFiresNoTimer() {
        TurnedNode leader = cluster.settle();
        Ballot ballot = leader.driver.status().replica().leader();
        cluster.nowMillis += 60_000;
        cluster.run(2_000);
        cluster.nodes.forEach(
                node -> assertEquals(ballot, node.driver.status().replica().promised()));
    }

    @Test
    void aDiskThatForcesNothingForTooLongStopsTheNode() {
        TurnedNode leader = cluster.settle();
        leader.diskStuck = true;
        leader.submit("x", 60_000);
        cluster.run(1_000);
        assertTrue(leader.driver.status().oldestUnforcedMillis() > 500);
        assertEquals(List.of(), leader.stops);
        cluster.run(31_000);
        assertEquals(1, leader.stops.size());
        leader.takeSent();
        leader.turn(cluster.nowMillis + 10);
        assertEquals(List.of(), leader.takeSent());
    }

    @Test
    void anOldBootThatFindsALaterOneAtWorkStops() {
        cluster.settle();
        TurnedNode copy = cluster.followers().get(0);
        int number = copy.self.node().number();
        cluster.run(500);
        TurnedNode later = cluster.restart(number, 2);
        cluster.settle();
        cluster.run(500);
        List<Proposal> all = later.log.readChosen(new SlotRange(1, 100), 1 << 20);
        long applied = copy.apply.applied();
        AppliedReport report = copy.apply.apply(
                all.stream().filter(each -> each.slot() > applied).toList());
        assertTrue(report.superseded());
        copy.driver.applied(report);
        assertEquals(1, copy.stops.size());
    }

    @Test
    void aNodeThatWaitsForOthersToFoundSaysForWhom() {
        cluster.down.add(3);
        cluster.run(2_000);
        ReplicaStatus status = cluster.node(1).driver.status().replica();
        assertEquals(ReplicaStatus.Role.FOUNDING, status.role());
        assertEquals(List.of(new NodeId(3)), status.waitingFor());
        assertFalse(cluster.node(1).driver.isReady());
    }

    private static Frame frameFrom(TurnedNode sender, Message message) {
        FoundingId founding = sender.driver.status().replica().founding();
        return new Frame(founding, 0, sender.self, 1, message);
    }

    private static String resultOf(List<Outcome> outcome) {
        assertEquals(1, outcome.size(), outcome::toString);
        byte[] result = assertInstanceOf(Outcome.Applied.class, outcome.get(0)).result();
        assertArrayEquals(result, new String(result, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
        return TurnedNode.text(result);
    }

    /**
     * Simulator, seed 198: a leader takes a forward whole or not at all, and a follower's page was longer than the leader's
     * queue. It was refused as overload for ever, by an idle leader.
     */
    @Test
    void aForwardIsNoLongerThanTheQueueOfTheLeader() {
        Limits narrowQueue = new Limits(1, 1_024, 4_096, 1_024, 8_192, 64, 2_048);
        TurnedCluster narrow =
                new TurnedCluster(3, DriverOptions.of(TurnedCluster.TIMING, narrowQueue, 1 << 20, 1 << 20, 30_000));
        narrow.settle();
        TurnedNode follower = narrow.followers().get(0);
        List<List<Outcome>> outcomes = IntStream.range(0, 50)
                .mapToObj(i -> follower.submit("command " + i, 20_000))
                .toList();
        narrow.runUntil("all are applied", () -> outcomes.stream().noneMatch(List::isEmpty));
        for (int i = 0; i < outcomes.size(); i++) {
            assertEquals("done command " + i, resultOf(outcomes.get(i)));
        }
    }
}
