// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.protocol.Notice;
import io.paxos.protocol.Notice.HandOverEnded;
import io.paxos.protocol.Notice.HandOverEnded.Result;
import io.paxos.protocol.ReplicaStatus.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fault cases 5, 13 and 14, hazards S13 and S17: leadership leaves a sick disk, and comes back to nobody who is not well. */
class SickDiskTest {

    private static final long TIMEOUT_MILLIS = TurnedCluster.TIMING.electionTimeoutMaxMillis();
    private static final long RESIGN_AFTER_MILLIS = 500;
    private static final long WELL_AFTER_MILLIS = 1_800;

    private final TurnedCluster cluster = new TurnedCluster(3);

    private TurnedNode settled() {
        TurnedNode leader = cluster.settle();
        cluster.run(200); // everybody has said how it is
        return leader;
    }

    private static Role role(TurnedNode node) {
        return node.driver.status().replica().role();
    }

    private static DiskReport disk(TurnedNode node) {
        return node.driver.status().disk();
    }

    private boolean someOtherLeads(TurnedNode than) {
        return cluster.nodes.stream().anyMatch(node -> node != than && role(node) == Role.LEADING);
    }

    @Test
    void leadershipLeavesALimpingDiskAndItsNodeRejoinsWell() {
        TurnedNode sick = settled();
        TurnedNode follower = cluster.followers().get(0);
        sick.diskStuck = true;
        List<Outcome> first = follower.submit("first", 60_000);
        long from = cluster.nowMillis;
        cluster.runUntil("another leads", () -> someOtherLeads(sick));
        assertTrue(
                cluster.nowMillis - from <= RESIGN_AFTER_MILLIS + 3 * TIMEOUT_MILLIS,
                "after " + (cluster.nowMillis - from) + " ms");
        assertTrue(cluster.nowMillis - from <= RESIGN_AFTER_MILLIS + 100, "by an offer, not by an election");

        List<Outcome> second = sick.submit("second", 60_000);
        cluster.runUntil("writes go on", () -> !first.isEmpty() && !second.isEmpty());
        assertInstanceOf(Outcome.Applied.class, second.get(0));
        assertFalse(disk(sick).fitToLead());
        assertTrue(disk(sick).reasons().get(0).startsWith("disk slow: oldest write "), disk(sick)::toString);
        assertTrue(sick.driver.isReady(), "it serves on");

        // The new leader dies. The sick node votes, but it is the third one that leads.
        TurnedNode next = cluster.leader();
        sick.diskStuck = false;
        cluster.down.add(next.self.node().number());
        cluster.runUntil("the third one leads", () -> someOtherLeads(next));
        assertNotSame(sick, cluster.leader());

        cluster.run(WELL_AFTER_MILLIS + 20);
        assertEquals(DiskReport.WELL, disk(sick));
        assertEquals(List.of(), sick.stops);
    }

    @Test
    void aSpikeBelowTheBoundChangesNothing() {
        TurnedNode leader = settled();
        for (int i = 0; i < 5; i++) {
            leader.diskStuck = true;
            leader.submit("x" + i, 60_000);
            cluster.run(RESIGN_AFTER_MILLIS - 20);
            leader.diskStuck = false;
            cluster.run(100);
            assertEquals(DiskReport.WELL, disk(leader));
        }
        assertSame(leader, cluster.leader());
    }

    /** Every write takes longer than the bound, and then is forced: the node does not lead in between. */
    @Test
    void aDiskThatLimpsOnAndOnIsNotTakenForWellBetweenItsWrites() {
        TurnedNode limping = settled();
        int changes = 0;
        boolean fit = true;
        for (int i = 0; i < 10; i++) {
            limping.diskStuck = true;
            cluster.leader().submit("x" + i, 60_000);
            cluster.run(RESIGN_AFTER_MILLIS + 50);
            limping.diskStuck = false;
            cluster.run(WELL_AFTER_MILLIS / 2);
            changes += disk(limping).fitToLead() == fit ? 0 : 1;
            fit = disk(limping).fitToLead();
        }
        assertEquals(1, changes);
        assertNotSame(limping, cluster.leader());
    }

    /** Hazard V6: the process was stopped, and with it the disk's own queue; nobody can say that the disk was slow. */
    @Test
    void aPauseOfTheNodeIsNotTakenForASlowDisk() {
        TurnedNode leader = settled();
        leader.diskStuck = true;
        leader.submit("x", 600_000);
        cluster.tick();
        cluster.nowMillis += 60_000;
        leader.diskStuck = false;
        cluster.run(1_000);
        assertEquals(DiskReport.WELL, disk(leader));
        assertSame(leader, cluster.leader());
        assertEquals(List.of(), leader.stops);
    }

    @Test
    void ifAllDisksAreSlowTheLeaderLeadsOn() {
        TurnedNode leader = settled();
        Ballot ballot = leader.driver.status().replica().leader();
        List<TurnedNode> oneAfterTheOther = new ArrayList<>(cluster.followers());
        oneAfterTheOther.add(leader);
        for (TurnedNode node : oneAfterTheOther) {
            node.diskStuck = true;
            leader.submit("while " + node.self + " is stuck", 60_000);
            cluster.run(RESIGN_AFTER_MILLIS + 50);
            node.diskStuck = false;
            cluster.run(50);
        }
        cluster.nodes.forEach(node -> assertFalse(disk(node).fitToLead()));
        assertEquals(ballot, leader.driver.status().replica().leader());
        assertEquals(Role.LEADING, role(leader));
    }

    @Test
    void aLeaderWithoutRoomHandsOverVotesNoMoreAndRejoinsWhenThereIsRoom() {
        TurnedNode full = settled();
        TurnedNode follower = cluster.followers().get(0);
        full.driver.journalSpace(false, "no next segment in data/n1");
        long from = cluster.nowMillis;
        cluster.runUntil("another leads", () -> someOtherLeads(full));
        assertTrue(cluster.nowMillis - from <= TIMEOUT_MILLIS, "after " + (cluster.nowMillis - from) + " ms");
        int written = full.unforcedWrites();
        long known = full.driver.status().replica().knownChosen();
        for (int i = 0; i < 20; i++) {
            List<Outcome> outcome = follower.submit("x" + i, 60_000);
            cluster.runUntil("the others go on", () -> !outcome.isEmpty());
        }
        assertEquals(written, full.unforcedWrites());
        assertEquals(known, full.driver.status().replica().knownChosen());
        assertFalse(full.driver.isReady());
        assertEquals(
                List.of("disk full: no next segment in data/n1"), disk(full).reasons());
        assertTrue(full.driver.status().dropped().get(DropReason.JOURNAL_FULL) >= 20);

        full.driver.journalSpace(true, "");
        cluster.runUntil("it has everything", () -> full.applied().containsAll(follower.applied()));
        assertTrue(full.driver.isReady());
        assertEquals(List.of(), full.stops);
    }

    /** Its acknowledgements must not keep a leader in office whose accepts it drops. */
    @Test
    void aLeaderWhoseQuorumHasNoRoomResigns() {
        TurnedNode leader = settled();
        cluster.followers().forEach(node -> node.driver.journalSpace(false, "full"));
        cluster.run(2 * TIMEOUT_MILLIS);
        assertEquals(
                List.of(),
                cluster.nodes.stream()
                        .filter(node -> role(node) == Role.LEADING)
                        .toList());
        cluster.nodes.forEach(node -> node.driver.journalSpace(true, ""));
        List<Outcome> outcome = leader.submit("x", 60_000);
        cluster.runUntil("it is applied", () -> !outcome.isEmpty());
    }

    @Test
    void askedToTheLeaderHandsOverUnderLoadAndNothingIsLostOrDoneTwice() {
        TurnedNode leader = settled();
        TurnedNode wanted = cluster.followers().get(1);
        List<List<Outcome>> outcomes = new ArrayList<>();
        long leaderlessTicks = 0;
        for (int i = 0; i < 100; i++) {
            for (TurnedNode node : cluster.nodes) {
                outcomes.add(node.submit(node.self.node() + ":" + i, 60_000));
            }
            if (i == 50) {
                leader.driver.handOver(wanted.self.node());
            }
            cluster.tick();
            leaderlessTicks += cluster.nodes.stream().anyMatch(node -> role(node) == Role.LEADING) ? 0 : 1;
        }
        assertSame(wanted, cluster.leader());
        assertTrue(leaderlessTicks <= 10, "ticks without a leader: " + leaderlessTicks);
        cluster.runUntil("all are applied", () -> outcomes.stream().noneMatch(List::isEmpty));
        outcomes.forEach(each -> assertInstanceOf(Outcome.Applied.class, each.get(0)));
        assertEquals(300, leader.entries.size());
        assertTrue(leader.notices.contains(new HandOverEnded(wanted.self.node(), Result.TAKEN)));
    }

    @Test
    void whoDoesNotLeadSaysSo() {
        settled();
        TurnedNode follower = cluster.followers().get(0);
        follower.driver.handOver(null);
        Notice last = follower.notices.get(follower.notices.size() - 1);
        assertEquals(
                Result.NOT_LEADING, assertInstanceOf(HandOverEnded.class, last).result());
    }

    @Test
    void anOfferThatIsLostIsRepeated() {
        TurnedNode leader = settled();
        int[] offers = {0};
        cluster.lost = sent -> sent.frame().message() instanceof Message.LeadershipOffer && offers[0]++ == 0;
        leader.driver.handOver(null);
        cluster.run(200);
        assertTrue(someOtherLeads(leader));
        assertEquals(2, offers[0]);
    }
}
