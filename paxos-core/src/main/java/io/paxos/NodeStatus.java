// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.driver.DriverStatus;
import io.paxos.driver.SnapshotReport;
import io.paxos.journal.JournalDamage;
import io.paxos.model.Ballot;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.SlotRange;
import io.paxos.protocol.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What a node says of itself at one moment, a few milliseconds ago at most. Immutable. */
public final class NodeStatus {

    /** What a node can be doing. */
    public enum Role {
        /** The founding is not complete: the node promises and votes nothing yet. */
        FOUNDING,
        /** Follows a leader, or waits for one. */
        FOLLOWER,
        /** Asked whether the others would promise. */
        CANVASSING,
        /** Asked for promises. */
        PREPARING,
        /** Has its promises and finishes what earlier leaders began. */
        RECOVERING,
        /** Leads and takes commands. */
        LEADING,
        /** Still leads, takes no commands, and waits for its successor. */
        HANDING_OVER,
        /** Has no vote, for its directory stands in the place of one that was lost; applies what the others choose. */
        FOLLOWER_WITHOUT_VOTE,
        /** Has no vote, as the membership says; applies what the voters choose. */
        LEARNER
    }

    private final DriverStatus status;
    private final boolean live;
    private final List<JournalDamage> damage;
    private final List<SlotRange> unknownSlots;

    /**
     * @param damage what the journal found
     * @param unknownSlots what is unknown by it now
     */
    NodeStatus(DriverStatus status, boolean live, List<JournalDamage> damage, List<SlotRange> unknownSlots) {
        this.status = status;
        this.live = live;
        this.damage = List.copyOf(damage);
        this.unknownSlots = List.copyOf(unknownSlots);
    }

    public NodeId node() {
        return status.self().node();
    }

    /** The life of the node's directory. */
    public Incarnation incarnation() {
        return status.self().incarnation();
    }

    /** Number of this start of the directory, from 1. */
    public long boot() {
        return status.boot();
    }

    public Role role() {
        return Role.valueOf(status.replica().role().name());
    }

    /** The founding this node adopted, or {@link FoundingId#NONE}. */
    public FoundingId founding() {
        return status.replica().founding();
    }

    /**
     * While founding: the nodes that were not heard from, or did not adopt the founding yet. Without a vote: the voters that
     * are asked, until one has answered.
     */
    public List<NodeId> waitingFor() {
        return status.replica().waitingFor();
    }

    /** The highest ballot this node promised, or {@link Ballot#NONE}. */
    public Ballot promised() {
        return status.replica().promised();
    }

    /** The leader this node follows, or itself; empty if it knows none. */
    public Optional<NodeId> leader() {
        Ballot leader = status.replica().leader();
        return leader.isNone() ? Optional.empty() : Optional.of(leader.owner().node());
    }

    /** The ballot of that leader, or {@link Ballot#NONE}. */
    public Ballot leaderBallot() {
        return status.replica().leader();
    }

    /** Every slot up to here is known chosen; 0 for none. */
    public long knownChosen() {
        return status.replica().knownChosen();
    }

    /**
     * How many slots the others are known to have chosen beyond {@link #knownChosen()}; 0 if this node knows all it heard of.
     */
    public long lagSlots() {
        return Math.max(0, status.replica().highestHeard() - knownChosen());
    }

    /**
     * How far each learner of the membership is, in the order of their ids, as this voter heard it; empty if there are none, or
     * if this node has no vote.
     */
    public List<LearnerStatus> learners() {
        List<LearnerStatus> learners = new ArrayList<>();
        for (ReplicaStatus.LearnerProgress each : status.replica().learners()) {
            learners.add(new LearnerStatus(
                    each.node(),
                    each.knownChosen(),
                    Math.max(0, knownChosen() - each.knownChosen()),
                    each.silentMillis() < 0 ? OptionalLong.empty() : OptionalLong.of(each.silentMillis())));
        }
        return learners;
    }

    /** Every slot up to here is applied to this node's state machine; 0 for none. */
    public long applied() {
        return status.applied();
    }

    /** Everything at or below is in this node's snapshots, and not in its log; 0 for nothing. */
    public long floor() {
        return status.floor();
    }

    /** Slot of this node's newest snapshot; 0 if it has none. */
    public long snapshotSlot() {
        return status.snapshots().slot();
    }

    /** Size of that snapshot. */
    public long snapshotBytes() {
        return status.snapshots().bytes();
    }

    /** Whether a snapshot is being taken. */
    public boolean isTakingSnapshot() {
        return status.snapshots().taking();
    }

    /** The snapshot that is on its way to this node; empty if none is. */
    public Optional<SnapshotProgress> snapshotProgress() {
        SnapshotReport report = status.snapshots();
        return report.fetching().isNone()
                ? Optional.empty()
                : Optional.of(new SnapshotProgress(
                        report.from(),
                        report.fetching().slot(),
                        report.fetching().bytes(),
                        report.fetchedBytes(),
                        report.fetchedBytesPerSecond()));
    }

    /**
     * Longest time between two heartbeats of the leader that this node heard within the last ten seconds, in milliseconds, or
     * since the last one; 0 at the leader. An election is near when it comes near the election timeout.
     */
    public long heartbeatGapMillis() {
        return status.heartbeatGapMillis();
    }

    /** How many of the leader's heartbeats came more than one interval late, since this node's start. */
    public long heartbeatsLate() {
        return status.heartbeatsLate();
    }

    /** The highest slot this node voted in, or {@link #knownChosen()}. */
    public long highestVote() {
        return status.replica().highestVote();
    }

    /** Slots open at this leader; 0 elsewhere. */
    public int inFlightSlots() {
        return status.replica().inFlightSlots();
    }

    /** Bytes of commands that wait at this leader for a slot; 0 elsewhere. */
    public long pendingBytes() {
        return status.replica().pendingBytes();
    }

    /** Commands submitted here that are not applied yet. */
    public int submittedCommands() {
        return status.submittedCommands();
    }

    /** Their size, in bytes. */
    public long submittedBytes() {
        return status.submittedBytes();
    }

    /** Whether the disk is well, so that this node may lead. */
    public boolean isFitToLead() {
        return status.disk().fitToLead();
    }

    /** Whether the disk has room for promises, votes and values; without it the node takes no part. */
    public boolean mayVote() {
        return status.disk().mayVote();
    }

    /** What is wrong with the disk, as in {@code disk slow: oldest write 812 ms}; empty if it is well. */
    public List<String> diskReasons() {
        return status.disk().reasons();
    }

    /** Age of the oldest write that is not forced to the disk yet, in milliseconds; 0 if there is none. */
    public long oldestUnforcedMillis() {
        return status.oldestUnforcedMillis();
    }

    /**
     * Every place found in this node's log that is not as it was written, the oldest first, with the slots that are unknown by
     * it and those that were refilled since; empty if all is well. At most the first 1,000 places found at the start, and
     * as many found since.
     */
    public List<JournalFinding> journalDamage() {
        return damage.stream()
                .map(each -> JournalFinding.of(each, unknownSlots))
                .toList();
    }

    /** The slots that this node knows nothing certain of now, because its log is damaged; ascending. */
    public List<SlotRange> unknownSlots() {
        return unknownSlots;
    }

    /**
     * The lowest slot that was lost to damage and holds this node up; empty if none does. At or below {@link #knownChosen()}
     * its value is known chosen, and the node asks the others for it before it applies anything above. Above, so many
     * members do not know what they voted for in it that nobody may propose anything there. If it stays, the same slot is
     * damaged everywhere that counts: the cluster stops there, and puts no other value in its place.
     */
    public OptionalLong heldUpAt() {
        long slot = status.replica().unknownSlot();
        return slot == 0 ? OptionalLong.empty() : OptionalLong.of(slot);
    }

    /**
     * Where this node's state differs from another member's, and no majority tells which of the two is wrong; empty if nowhere.
     */
    public Optional<String> divergence() {
        return Optional.ofNullable(status.divergence()).map(each -> each + ", and no majority tells which is wrong");
    }

    /** Whether the node is ready: see {@link PaxosNode#awaitReady}. */
    public boolean isReady() {
        return live && status.ready();
    }

    /**
     * The last member that said that this node is not of its founding; empty if none did. Then this node's directory was
     * lost or formatted anew; it can follow without a vote: see {@link NodeBuilder#rejoin}.
     */
    public Optional<NodeId> refusedBy() {
        return Optional.ofNullable(status.refusedBy()).map(MemberId::node);
    }

    /** Frames from other nodes that were dropped since the start, by reason, as in {@code other_founding}. */
    public Map<String, Long> droppedFrames() {
        Map<String, Long> byName = new TreeMap<>();
        status.dropped().forEach((reason, count) -> byName.put(reason.name().toLowerCase(Locale.ROOT), count));
        return byName;
    }

    @Override
    public String toString() {
        return node() + " " + role() + ": leader "
                + leader().map(NodeId::toString).orElse("none") + ", known chosen "
                + knownChosen() + ", applied " + applied() + ", promised " + promised() + ", boot " + boot()
                + ", incarnation " + incarnation() + ", submitted " + submittedCommands() + " commands of "
                + submittedBytes() + " bytes, oldest unforced write " + oldestUnforcedMillis() + " ms"
                + refusedBy().map(by -> ", refused by " + by).orElse("")
                + (waitingFor().isEmpty() ? "" : ", waiting for " + waitingFor())
                + (damage.isEmpty()
                        ? ""
                        : ", damaged places in the log " + damage.size() + ", unknown slots " + unknownSlots)
                + (lagSlots() == 0 ? "" : ", " + lagSlots() + " slots behind")
                + (learners().isEmpty() ? "" : ", learners " + learners())
                + (heldUpAt().isEmpty() ? "" : ", held up at slot " + heldUpAt().getAsLong())
                + (diskReasons().isEmpty() ? "" : ", " + String.join(", ", diskReasons()))
                + ", dropped frames " + droppedFrames();
    }
}
