// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ReadLevel;
import io.paxos.ReadRefusal;
import io.paxos.model.Command;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a remote client and a node's endpoint say to each other. The client speaks first, with a hello; after the welcome
 * both send what they like. {@link ClientCodec} has the bytes, {@code docs/client-protocol.md} the whole story.
 */
sealed interface ClientMessage {

    /**
     * The client's first words.
     *
     * @param versionMin oldest version of this protocol that the client speaks
     * @param versionMax newest one
     * @param frameBytesMax longest frame that the client takes
     * @param cluster the cluster it wants, or empty for whichever is there
     * @param name for the log of the node; printable ASCII
     */
    record Hello(int versionMin, int versionMax, int frameBytesMax, String cluster, String name)
            implements ClientMessage {}

    /**
     * The node takes this client.
     *
     * @param version the version both speak from now on
     * @param cluster the node's
     * @param node the node's id
     * @param frameBytesMax longest frame that the node takes
     * @param commandsMax most commands of one connection on their way; more are not read
     * @param bytesMax most bytes of commands of one connection on their way; more are not read
     * @param readsMax most reads of one connection on their way
     * @param commandBytesMax longest payload of a command
     * @param agreedTimeMillis as applied by this node
     * @param leader whom it takes for the leader
     */
    record Welcome(
            int version,
            String cluster,
            NodeId node,
            int frameBytesMax,
            int commandsMax,
            int bytesMax,
            int readsMax,
            int commandBytesMax,
            long agreedTimeMillis,
            LeaderHint leader)
            implements ClientMessage {}

    /**
     * The node does not take this client, or no longer; it closes the connection behind it.
     *
     * @param reason for programs
     * @param text for the client's log; printable ASCII
     */
    record Refusal(Reason reason, String text) implements ClientMessage {}

    /** "Tell me from now on what becomes of this session's commands." */
    record Attach(SessionId session, long boot) implements ClientMessage {}

    /**
     * The session is attached. The results that the session still had stand in {@link Results} before it.
     *
     * @param due the sequence that comes next in the session, as this node has applied it; 1 if the session is not open here
     * @param agreedTimeMillis as applied by this node
     */
    record Attached(SessionId session, long due, long agreedTimeMillis) implements ClientMessage {}

    /** "I no longer want to hear of this session." Not answered. */
    record Detach(SessionId session) implements ClientMessage {}

    /** Commands of attached sessions, each session's in the order of their sequence. */
    record Submit(List<Command> commands) implements ClientMessage {}

    /** What became of commands of an attached session, in the order in which it became known. */
    record Results(SessionId session, List<SessionResult> results) implements ClientMessage {}

    /** An earlier command is missing; nothing from there on took effect so far. "Send again from there." */
    record Gap(SessionId session, long due) implements ClientMessage {}

    /** This node did not pass these commands on. They may be sent again, here or elsewhere. */
    record Refused(SessionId session, long first, SessionReceiver.Refusal why) implements ClientMessage {}

    /** The session is no longer attached here. */
    record Ended(SessionId session, String text) implements ClientMessage {}

    /** Reads; each is answered once, in any order. */
    record Reads(List<ReadRequest> reads) implements ClientMessage {}

    /** Answers to reads. */
    record Answers(List<ReadAnswer> answers) implements ClientMessage {}

    /** The node takes another one for the leader from now on. */
    record Leader(LeaderHint leader) implements ClientMessage {}

    /** "Are you there?" */
    record Ping(long nonce) implements ClientMessage {}

    /** The answer to the ping of that nonce. */
    record Pong(long nonce, long agreedTimeMillis) implements ClientMessage {}

    /**
     * Whom a node takes for the leader, and where it serves clients.
     *
     * @param node {@link NodeId#NONE} if it knows none
     * @param host empty if the node was not told where the leader serves clients
     * @param port 0 with an empty host
     */
    record LeaderHint(NodeId node, String host, int port) {
        static final LeaderHint NONE = new LeaderHint(NodeId.NONE, "", 0);
    }

    /**
     * A read of the state machine.
     *
     * @param id chosen by the client; unique among its open reads on this connection
     * @param timeoutMillis after this time nobody waits for the answer any more
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    record ReadRequest(long id, ReadLevel level, int timeoutMillis, byte[] query) {}

    /**
     * The answer to a read.
     *
     * @param slot the state that was read had this slot applied, and nothing behind it; 0 unless it was answered
     * @param ageMillis how old that state may be as far as the node knows; -1 if it does not
     * @param bytes what the state machine answered, or else a sentence in ASCII
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    record ReadAnswer(long id, ReadStatus status, long slot, long ageMillis, byte[] bytes) {}

    /** What has a code on the wire; the codes are part of the format. */
    interface Coded {
        int code();
    }

    /** Why a client is not taken. */
    enum Reason implements Coded {
        /** The client wants another cluster: its list of addresses is wrong, or an address was reused. */
        OTHER_CLUSTER(1),
        /** No version of this protocol that both speak. */
        VERSION(2),
        /** As many connections as are allowed. */
        TOO_MANY_CONNECTIONS(3),
        /** The endpoint closes. */
        CLOSING(4),
        /** The client sent what it must not. */
        MISBEHAVED(5);

        private final int code;

        Reason(int code) {
            this.code = code;
        }

        @Override
        public int code() {
            return code;
        }
    }

    /** How a read ended: answered, or else as {@link ReadRefusal} says. */
    enum ReadStatus implements Coded {
        ANSWERED(1, null),
        NO_LEADER(2, ReadRefusal.NO_LEADER),
        TIMED_OUT(3, ReadRefusal.TIMED_OUT),
        OVERLOADED(4, ReadRefusal.OVERLOADED),
        CLOSED(5, ReadRefusal.CLOSED),
        FAILED(6, ReadRefusal.FAILED),
        THREW(7, ReadRefusal.THREW),
        TOO_LARGE(8, ReadRefusal.TOO_LARGE);

        private final int code;
        private final @Nullable ReadRefusal refusal;

        ReadStatus(int code, @Nullable ReadRefusal refusal) {
            this.code = code;
            this.refusal = refusal;
        }

        @Override
        public int code() {
            return code;
        }

        /** Null if it was answered. */
        @Nullable
        ReadRefusal refusal() {
            return refusal;
        }

        static ReadStatus of(ReadRefusal refusal) {
            for (ReadStatus status : values()) {
                if (status.refusal == refusal) {
                    return status;
                }
            }
            throw new IllegalStateException("no code stands for " + refusal);
        }
    }
}
