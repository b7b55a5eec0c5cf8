// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.DiskReport;
import io.paxos.driver.Divergence;
import io.paxos.driver.DriverStatus;
import io.paxos.driver.SnapshotReport;
import io.paxos.model.Ballot;
import io.paxos.protocol.Notice;
import io.paxos.protocol.ReplicaStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells operators, through the log, and the host application, through its listener and the transfers it asked for, of the
 * rare events of a node.
 */
final class NodeNews {

    private static final Logger LOG = LoggerFactory.getLogger(NodeNews.class);
    private static final long REPEAT_MILLIS = 5_000;
    private static final long REFUSED_REPEAT_MILLIS = 30_000;

    private final String node;
    private final Callbacks callbacks;
    private final LeadershipTransfers transfers;
    private long nowMillis;
    private long foundingSaidMillis;
    private long refusedSaidMillis = Long.MIN_VALUE;
    private boolean saidReady;
    private boolean closes;
    private DiskReport saidDisk = DiskReport.WELL;
    private long heldUpSlot;
    private long heldUpSaidMillis;
    private long fetchSaidMillis;

    NodeNews(String node, Callbacks callbacks, LeadershipTransfers transfers) {
        this.node = node;
        this.callbacks = callbacks;
        this.transfers = transfers;
    }

    /** The node closes: that the others, which may be closed by now, do not take over is nothing to worry about. */
    void closes() {
        closes = true;
    }

    /** Called with each status that is published. */
    void turned(DriverStatus status, long nowMillis) {
        this.nowMillis = nowMillis;
        ReplicaStatus replica = status.replica();
        boolean founding = replica.role() == ReplicaStatus.Role.FOUNDING && refusedSaidMillis == Long.MIN_VALUE;
        if (founding && nowMillis - foundingSaidMillis >= REPEAT_MILLIS) {
            foundingSaidMillis = nowMillis;
            LOG.info("{}: the cluster is not founded yet; waiting for {}", node, replica.waitingFor());
        }
        if (status.ready() && !saidReady) {
            saidReady = true;
            LOG.info("{}: ready, with {} slots applied", node, status.applied());
            callbacks.event("ready", callbacks.listener()::ready);
        }
        diskLooked(status.disk());
        heldUpLooked(replica, status.applied());
        fetchLooked(status.snapshots());
        transfers.turned(nowMillis);
    }

    private void fetchLooked(SnapshotReport report) {
        if (report.fetching().isNone()) {
            fetchSaidMillis = nowMillis;
        } else if (nowMillis - fetchSaidMillis >= REPEAT_MILLIS) {
            fetchSaidMillis = nowMillis;
            LOG.info(
                    "{}: fetches snapshot {} from {}: {} bytes, {} %, {} bytes/s",
                    node,
                    report.fetching(),
                    report.from(),
                    report.fetchedBytes(),
                    100 * report.fetchedBytes() / report.fetching().bytes(),
                    report.fetchedBytesPerSecond());
        }
    }

    /** A slot that stays unknown is damaged wherever it counts, or the others cannot be reached: only an operator can help. */
    private void heldUpLooked(ReplicaStatus replica, long applied) {
        long slot = replica.unknownSlot() > applied ? replica.unknownSlot() : 0; // what is applied holds nothing up
        if (slot != heldUpSlot) {
            heldUpSlot = slot;
            heldUpSaidMillis = nowMillis;
        } else if (slot != 0 && nowMillis - heldUpSaidMillis >= REPEAT_MILLIS) {
            heldUpSaidMillis = nowMillis;
            if (slot <= replica.knownChosen()) {
                LOG.error(
                        "{}: stands still at slot {}: its value was lost here to damage, and no other member has sent it"
                                + " for {} ms. No other value is put in its place",
                        node,
                        slot,
                        REPEAT_MILLIS);
            } else {
                LOG.error(
                        "{}: stands still at slot {}: too many members lost what they voted for in it to damage. No"
                                + " other value is put in its place",
                        node,
                        slot);
            }
        }
    }

    /** The ages in the reasons change all the time; what they mean changes seldom, and only that is said. */
    private void diskLooked(DiskReport disk) {
        if (disk.fitToLead() == saidDisk.fitToLead() && disk.mayVote() == saidDisk.mayVote()) {
            return;
        }
        saidDisk = disk;
        String reasons = String.join("; ", disk.reasons());
        if (disk.fitToLead()) {
            LOG.info("{}: the disk is well again; this node may lead", node);
        } else if (disk.mayVote()) {
            LOG.warn("{}: {}. This node does not lead until the disk is well", node, reasons);
        } else {
            LOG.error("{}: {}. This node takes no part until there is room: it votes for nothing", node, reasons);
        }
        callbacks.event("diskChanged", () -> callbacks.listener().diskChanged(disk));
    }

    /** Only an operator can tell which of the two is wrong, if anybody can. */
    void diverged(Divergence divergence) {
        LOG.error("{}: {}, and no majority tells which of them is wrong", node, divergence);
        callbacks.event("diverged", () -> callbacks.listener().diverged(divergence));
    }

    void notice(Notice notice) {
        transfers.notice(notice, nowMillis);
        if (notice instanceof Notice.LeaderChanged changed) {
            leaderChanged(changed.leader(), changed.leadsHere());
        } else if (notice instanceof Notice.FoundingActivated activated) {
            LOG.info("{}: founding {} is activated; this node votes from now on", node, activated.id());
        } else if (notice instanceof Notice.Follows follows) {
            LOG.warn(
                    "{}: follows founding {} without a vote: this directory stands in the place of one that was lost",
                    node,
                    follows.id());
        } else if (notice instanceof Notice.Learns learns) {
            LOG.info("{}: is a learner of founding {}: applies what it chooses, and has no vote", node, learns.id());
        } else if (notice instanceof Notice.Refilled refilled) {
            LOG.warn(
                    "{}: the value of slot {}, which was damaged here, came from {}",
                    node,
                    refilled.slot(),
                    refilled.from());
        } else if (notice instanceof Notice.Refused refused) {
            refused(refused);
        } else if (notice instanceof Notice.HandOverEnded ended) {
            handOverEnded(ended);
        }
    }

    private void handOverEnded(Notice.HandOverEnded ended) {
        switch (ended.result()) {
            case TAKEN -> LOG.info("{}: leadership, offered to {}, is taken over", node, ended.target());
            case NOT_TAKEN ->
                LOG.atLevel(closes ? Level.INFO : Level.WARN)
                        .log(
                                "{}: leadership, offered to {}, was not taken over in time; resigns",
                                node,
                                ended.target());
            case NOBODY_FIT ->
                LOG.atLevel(closes ? Level.INFO : Level.WARN)
                        .log("{}: there is nobody fit to hand leadership over to", node);
            case NOT_LEADING -> LOG.info("{}: there is no leadership to hand over here", node);
        }
    }

    private void leaderChanged(Ballot leader, boolean leadsHere) {
        if (!leadsHere && leader.owner().node().toString().equals(node)) {
            LOG.info("{}: hands leadership over, and takes no commands", node);
        } else if (leadsHere) {
            LOG.info("{}: leads at ballot {}", node, leader);
        } else if (leader.isNone()) {
            LOG.info("{}: knows no leader", node);
        } else {
            LOG.info("{}: follows {} at ballot {}", node, leader.owner().node(), leader);
        }
        callbacks.event("leaderChanged", () -> callbacks.listener().leaderChanged(leader, leadsHere));
    }

    private void refused(Notice.Refused refused) {
        if (refusedSaidMillis == Long.MIN_VALUE || nowMillis - refusedSaidMillis >= REFUSED_REPEAT_MILLIS) {
            refusedSaidMillis = nowMillis;
            LOG.warn(
                    "{}: this directory was wiped or replaced: {} says that this node is not of founding {}. It has"
                            + " forgotten what it promised, so no vote of it counts, and the others go on without it."
                            + " Start it with rejoin to follow without a vote",
                    node,
                    refused.by().node(),
                    refused.founding());
        }
    }
}
