// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.trace;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Position;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a simulated run. Times are microseconds of virtual time since the run began.
 *
 * <p>Events about a node name what an observer outside of it saw; nothing in here was asked of a node, except {@link
 * Measured}.
 */
public sealed interface TraceEvent {

    /** When it happened, in microseconds of virtual time. */
    long atMicros();

    /** Which record it is: properties say by this what they want to see. */
    Kind kind();

    /** One a record. */
    enum Kind {
        RUN_BEGAN,
        STARTED,
        START_REFUSED,
        STOPPED,
        CRASHED,
        PAUSED,
        CLOCK_JUMPED,
        DISK_FAULT,
        LOST_FOR_GOOD,
        MESSAGE_SENT,
        MESSAGE_DELIVERED,
        MESSAGE_DROPPED,
        PARTITION_BEGAN,
        PARTITION_ENDED,
        LEADER_CHANGED,
        FORCED,
        CHOSEN,
        APPLIED,
        EXECUTED,
        RESTORED,
        CLIENT_INVOKED,
        CLIENT_ANSWERED,
        SESSION_COMMANDED,
        SESSION_ANSWERED,
        MEASURED,
        FAULTS_ENDED,
        RUN_ENDED
    }

    // ---- the run --------------------------------------------------------------------------------------------

    /**
     * The run begins.
     *
     * @param membership whose voters the cluster is founded by; it governs every slot
     * @param electionTimeoutMaxMillis the unit in which liveness is promised
     * @param bounds what the nodes were configured with
     */
    record RunBegan(long atMicros, Membership membership, long electionTimeoutMaxMillis, Bounds bounds)
            implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.RUN_BEGAN;
        }
    }

    /**
     * What a node may hold at most.
     *
     * @param inFlightSlotsMax slots open at a leader
     * @param pendingBytesMax commands waiting at a leader
     * @param submittedCommandsMax commands of a node's own callers
     * @param submittedBytesMax their bytes
     * @param inboxBytesMax frames waiting at a node
     * @param frameBytesMax one frame
     * @param snapshotBytesMax pieces of a snapshot that came and are not stored yet
     */
    record Bounds(
            int inFlightSlotsMax,
            long pendingBytesMax,
            int submittedCommandsMax,
            long submittedBytesMax,
            long inboxBytesMax,
            int frameBytesMax,
            long snapshotBytesMax) {}

    /** No new fault from here on, every link is whole, and everybody who is not lost is up or about to start. */
    record FaultsEnded(long atMicros) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.FAULTS_ENDED;
        }
    }

    /**
     * The run, or the part of it before the last start of everybody, is over.
     *
     * @param live the nodes that must agree now
     */
    record RunEnded(long atMicros, List<NodeId> live) implements TraceEvent {
        public RunEnded {
            live = List.copyOf(live);
        }

        @Override
        public Kind kind() {
            return Kind.RUN_ENDED;
        }
    }

    // ---- processes and disks --------------------------------------------------------------------------------

    /**
     * A node opened its directory and runs.
     *
     * @param remembered what its journal told it
     */
    record Started(long atMicros, DurableState remembered) implements TraceEvent {
        public MemberId member() {
            return remembered.self();
        }

        @Override
        public Kind kind() {
            return Kind.STARTED;
        }
    }

    /** A node did not start, and said why. */
    record StartRefused(long atMicros, NodeId node, String reason) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.START_REFUSED;
        }
    }

    /**
     * A node stopped by itself.
     *
     * @param hasCause whether a fault of its disk or of its surroundings explains it; else it is a bug
     */
    record Stopped(long atMicros, NodeId node, String reason, boolean hasCause) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.STOPPED;
        }
    }

    /**
     * A node was killed.
     *
     * @param powerLost whether unforced bytes were lost with it
     */
    record Crashed(long atMicros, NodeId node, boolean powerLost) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.CRASHED;
        }
    }

    /** A process is stopped, and goes on later as if nothing had been. */
    record Paused(long atMicros, NodeId node, long untilMicros) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.PAUSED;
        }
    }

    /** A node's clock moved forward at once. */
    record ClockJumped(long atMicros, NodeId node, long byMillis) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.CLOCK_JUMPED;
        }
    }

    /** Something was done to a node's disk. */
    record DiskFault(long atMicros, NodeId node, Harm harm, String detail) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.DISK_FAULT;
        }
    }

    /** What can be done to a disk. */
    enum Harm {
        SLOW,
        FORCE_FAILS,
        WRITE_FAILS,
        FULL,
        READ_FAILS,
        BIT_FLIPPED,
        SECTOR_LOST,
        WIPED,
        ROLLED_BACK,
        SNAPSHOTS_DAMAGED
    }

    /** This node never takes part again in this run: its directory is damaged beyond what a start accepts. */
    record LostForGood(long atMicros, NodeId node) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.LOST_FOR_GOOD;
        }
    }

    // ---- the network ----------------------------------------------------------------------------------------

    /**
     * A message left. The same id is delivered never, once or several times.
     *
     * @param id from 1
     * @param bytes of its frame
     */
    record MessageSent(long atMicros, long id, NodeId from, NodeId to, Message message, int bytes)
            implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.MESSAGE_SENT;
        }
    }

    /** It reached a node that runs. */
    record MessageDelivered(long atMicros, long id, NodeId from, NodeId to, Message message) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.MESSAGE_DELIVERED;
        }
    }

    /** A copy of it got no further. */
    record MessageDropped(long atMicros, long id, NodeId from, NodeId to, Message message, Loss loss)
            implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.MESSAGE_DROPPED;
        }
    }

    /** Why a message got no further. */
    enum Loss {
        /** Chance. */
        LOST,
        /** The link was cut in this direction. */
        CUT,
        /** Too much was on the link already. */
        LINK_FULL,
        /** The receiver does not run. */
        RECEIVER_DOWN,
        /** Too much waits at the receiver. */
        INBOX_FULL
    }

    /**
     * One direction between two nodes.
     *
     * @param from sender
     * @param to receiver
     */
    record Link(NodeId from, NodeId to) {
        @Override
        public String toString() {
            return from + ">" + to;
        }
    }

    /**
     * Some links are cut from now on.
     *
     * @param id which partition; ends with the same
     * @param shape in a word or two
     */
    record PartitionBegan(long atMicros, long id, String shape, List<Link> cut) implements TraceEvent {
        public PartitionBegan {
            cut = List.copyOf(cut);
        }

        @Override
        public Kind kind() {
            return Kind.PARTITION_BEGAN;
        }
    }

    /** Links of that partition that no other one cuts are whole again. */
    record PartitionEnded(long atMicros, long id) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.PARTITION_ENDED;
        }
    }

    // ---- consensus ------------------------------------------------------------------------------------------

    /** A node follows another leader now, or leads, or knows none ({@link Ballot#NONE}). */
    record LeaderChanged(long atMicros, NodeId node, Ballot leader, boolean leadsHere) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.LEADER_CHANGED;
        }
    }

    /** These records of a node are durable now, after all earlier ones. */
    record Forced(long atMicros, MemberId member, List<DurableRecord> records) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.FORCED;
        }
    }

    /** An observer outside of the nodes sees durable votes of a phase-2 quorum for this at one ballot, for the first time. */
    record Chosen(long atMicros, Proposal proposal) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.CHOSEN;
        }
    }

    /**
     * A node handed a chosen slot to its state machine.
     *
     * @param boot of the node
     * @param chain hash over everything that this start of the node applied up to here
     */
    record Applied(long atMicros, NodeId node, long boot, Proposal proposal, long chain) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.APPLIED;
        }
    }

    /**
     * A client's operation took effect in a node's state machine.
     *
     * @param boot of the node
     * @param operation its number in the run
     * @param position in the log
     * @param resultChecksum over what the state machine answered
     */
    record Executed(long atMicros, NodeId node, long boot, long operation, Position position, int resultChecksum)
            implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.EXECUTED;
        }
    }

    /**
     * A node's state machine was replaced by a snapshot: at its start, or because it had fallen behind everybody's log.
     *
     * @param boot of the node
     * @param slot everything at or below is in it
     * @param chain what {@link Applied#chain} was at that slot where the snapshot was taken
     */
    record Restored(long atMicros, NodeId node, long boot, long slot, long chain) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.RESTORED;
        }
    }

    /** A node said how much it holds. */
    record Measured(
            long atMicros,
            NodeId node,
            int inFlightSlots,
            long pendingBytes,
            int submittedCommands,
            long submittedBytes,
            long inboxBytes,
            long snapshotBytes)
            implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.MEASURED;
        }
    }

    // ---- clients --------------------------------------------------------------------------------------------

    /**
     * A client submits an operation to a node.
     *
     * @param operation its number in the run, from 1
     * @param input what is asked, as the workload's model sees it
     */
    record ClientInvoked(long atMicros, long operation, int client, NodeId node, Object input) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.CLIENT_INVOKED;
        }
    }

    /**
     * A client learned how its operation ended.
     *
     * @param answer in which way
     * @param output what was answered, or the reason why nothing was
     */
    record ClientAnswered(long atMicros, long operation, int client, NodeId node, Answer answer, Object output)
            implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.CLIENT_ANSWERED;
        }
    }

    /**
     * A client gave an operation its place in a session of its own. Every copy of the command bears it.
     *
     * @param session of the client
     * @param sequence from 2 on: 1 opened the session
     * @param operation its number in the run
     */
    record SessionCommanded(long atMicros, SessionId session, long sequence, long operation) implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.SESSION_COMMANDED;
        }
    }

    /**
     * A node told what came of a command that took effect: of the first copy, or again for a client that moved to it.
     *
     * @param session of the client
     * @param sequence of the command
     * @param position where it took effect; null if that is remembered no longer
     * @param resultChecksum over what the state machine answered; null if that is remembered no longer
     */
    record SessionAnswered(
            long atMicros,
            NodeId node,
            SessionId session,
            long sequence,
            @Nullable Position position,
            @Nullable Integer resultChecksum)
            implements TraceEvent {
        @Override
        public Kind kind() {
            return Kind.SESSION_ANSWERED;
        }
    }

    /** How an operation can end for its client. */
    enum Answer {
        /** It took effect. */
        DONE,
        /** It never will. */
        REFUSED,
        /** Nobody can say. */
        UNKNOWN
    }
}
