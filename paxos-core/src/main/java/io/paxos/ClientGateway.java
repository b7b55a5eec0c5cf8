// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.ClusterId;
import io.paxos.model.Command;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import io.paxos.session.SessionReceiver;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The way in for commands of remote clients, each with a session of its own. For those who write a server for such
 * clients; a host application that runs in the same process as its node calls {@link PaxosNode#submit}.
 *
 * <p>A client's session is (owner 0, a random tag), at boot 1. Its first command is a {@code SESSION_OPEN} of sequence 1 with
 * a {@link io.paxos.session.SessionOpening}; once that is answered come the others, from sequence 2 on. A session may be
 * attached to several nodes, and move between them: each tells all it knows.
 *
 * <p>Every method may be called from any thread, and returns at once.
 */
public interface ClientGateway {

    /** The node's cluster, which a client is told, so that it notices a wrong address. */
    ClusterId cluster();

    /** The node itself. */
    NodeId node();

    /** Longest payload of a command, in bytes. */
    int commandBytesMax();

    /**
     * Tells a receiver from now on what becomes of the commands of a session, beginning with how it stands. One receiver
     * per session and node: a later one replaces the earlier, which is told that it ended.
     *
     * @param boot of the session's owner; 1 for a client
     * @throws IllegalArgumentException if it is no session of a client
     */
    void attach(SessionId session, long boot, SessionReceiver receiver);

    /** The receiver is told nothing more. No effect if it is not the one that is attached. */
    void detach(SessionId session, SessionReceiver receiver);

    /**
     * Sends commands on their way to the log.
     *
     * @param commands in the order of each session, several sessions mixed; of kinds {@code SESSION_OPEN}, {@code COMMAND},
     *     {@code SESSION_CLOSE}, of clients' sessions
     * @return false if this node has no room for them now, or has stopped: nothing was taken then
     * @throws IllegalArgumentException if one of them could not be a client's, or is larger than a batch; nothing was taken
     */
    boolean submit(List<Command> commands);

    /** Most queries that may wait on this node, of all clients and callers, in {@link #read}. */
    int readsMax();

    /**
     * Asks the state machine of this node, through {@link StateMachine#query}; nothing is written to the log. All queries of
     * a call see the same state, and cost the node little more than one: nothing but the queries themselves is done for each.
     * Once the answers have 16 MiB together, the queries left are not asked, and refused as {@link ReadRefusal#OVERLOADED}; for want
     * of room the node refuses all of them.
     *
     * @param queries in the order in which they are asked; the node takes all or none of them
     * @param timeoutMillis how long they may wait, from 1
     * @param receiver told once for each query how it ended
     * @throws IllegalArgumentException if there is no query, or more than {@link #readsMax}
     */
    void read(ReadLevel level, List<byte[]> queries, long timeoutMillis, ReadReceiver receiver);

    /** The node that leads, as far as is known here. */
    Optional<NodeId> leader();

    /**
     * Tells somebody of changes of {@link #leader}, on a thread of the node; it must return at once.
     *
     * @return ends it
     */
    Runnable watchLeader(Consumer<Optional<NodeId>> watcher);

    /** Agreed time as of the last slot applied here; what a client needs to make an opening. */
    long agreedTimeMillis();
}
