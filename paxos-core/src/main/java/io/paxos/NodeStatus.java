// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.driver.DriverStatus;
import io.paxos.model.Ballot;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
        HANDING_OVER
    }

    private final DriverStatus status;
    private final boolean live;

    NodeStatus(DriverStatus status, boolean live) {
        this.status = status;
        this.live = live;
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

    /** While founding: the nodes that were not heard from, or did not adopt the founding yet. */
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

    /** Every slot up to here is applied to this node's state machine; 0 for none. */
    public long applied() {
        return status.applied();
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

    /** Whether the node is ready: see {@link PaxosNode#awaitReady}. */
    public boolean isReady() {
        return live && status.ready();
    }

    /**
     * The last member that said that this node is not of its founding; empty if none did. Then this node's directory was
     * lost or formatted anew, and it has no vote until membership changes exist.
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
                + (diskReasons().isEmpty() ? "" : ", " + String.join(", ", diskReasons()))
                + ", dropped frames " + droppedFrames();
    }
}
