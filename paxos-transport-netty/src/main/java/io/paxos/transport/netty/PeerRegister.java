// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.ControlFrame.Reason;
import io.paxos.transport.netty.ControlFrame.Refusal;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides whom to listen to: at most one connection of each peer, and of two the right one. Any thread.
 *
 * <p>Once cluster, node ids, group and wire version fit, a newcomer meets what is known of its node:
 *
 * <pre>
 * the node was never heard                       welcome
 * same member, higher boot                       welcome; the older connection is closed
 * same member, same boot, same run               welcome; the process dialled again, so that it gave the older one up
 * same member, same boot, another run            a copy of the directory: refused while the older connection is alive
 * same member, lower boot                        an older copy of the directory: refused, connected or not
 * another incarnation of the node                refused while the older connection is alive
 * </pre>
 *
 * <p>"Alive" means open and read from within {@code deadPeerMillis}; without that, a member whose machine lost power would be
 * kept out by the connection of its former life. What is remembered lasts as long as this process: detecting copies is best
 * effort.
 */
final class PeerRegister {

    /** A connection that may have to go when another one comes. */
    interface Held {
        boolean isAlive();

        /** Where the other end is, for people. */
        String remote();

        void displace();
    }

    private record Seat(
            MemberId member,
            long boot,
            long run,
            String remote,
            @Nullable Held connection) {

        boolean isAlive() {
            return connection != null && connection.isAlive();
        }

        boolean isAnotherProcess(Greeting greeting) {
            return isAlive() && boot == greeting.boot() && run != greeting.run();
        }
    }

    private final Greeting self;
    private final Set<NodeId> peers;
    private final Map<NodeId, Seat> seats = new TreeMap<>();

    PeerRegister(Greeting self, Set<NodeId> peers) {
        this.self = self;
        this.peers = peers;
    }

    /** Takes the newcomer in, in place of an older connection if there is one; or says why not. */
    @Nullable
    Refusal admit(Greeting hello, Held newcomer) {
        Refusal refusal = identify(hello);
        if (refusal != null) {
            return refusal;
        }
        NodeId node = hello.self().node();
        Seat old;
        synchronized (seats) {
            old = seats.get(node);
            refusal = old == null ? null : compare(hello, newcomer.remote(), old);
            if (refusal != null) {
                return refusal;
            }
            seats.put(node, new Seat(hello.self(), hello.boot(), hello.run(), newcomer.remote(), newcomer));
        }
        if (old != null && old.connection() != null) {
            old.connection().displace();
        }
        return null;
    }

    /**
     * Whether the end that answered a dial is whom we wanted, and not a copy of it.
     *
     * @param at where it was dialled, for people
     */
    @Nullable
    Refusal recognise(Greeting answer, NodeId wanted, String at) {
        if (!answer.self().node().equals(wanted) && answer.cluster().equals(self.cluster())) {
            return new Refusal(Reason.WRONG_NODE, "wanted " + wanted + ", but " + answer.self() + " answered");
        }
        Refusal refusal = identify(answer);
        if (refusal != null) {
            return refusal;
        }
        synchronized (seats) {
            Seat seat = seats.get(wanted);
            if (seat == null || !seat.member().equals(answer.self())) {
                return null;
            }
            return copy(answer, at, seat);
        }
    }

    /** The connection is closed; who it was is still remembered. */
    void leave(NodeId node, Held connection) {
        synchronized (seats) {
            seats.computeIfPresent(
                    node,
                    (unused, seat) -> seat.connection() == connection
                            ? new Seat(seat.member(), seat.boot(), seat.run(), seat.remote(), null)
                            : seat);
        }
    }

    private @Nullable Refusal identify(Greeting theirs) {
        if (!theirs.cluster().equals(self.cluster())) {
            return new Refusal(
                    Reason.OTHER_CLUSTER,
                    "cluster " + theirs.cluster() + " of " + theirs.self() + " is not cluster " + self.cluster()
                            + " of " + self.self());
        }
        if (!theirs.other().equals(self.self().node())) {
            return new Refusal(
                    Reason.WRONG_NODE, theirs.self() + " wants " + theirs.other() + ", but this is " + self.self());
        }
        if (!peers.contains(theirs.self().node())) {
            return new Refusal(
                    Reason.UNKNOWN_NODE,
                    theirs.self() + " is not among the peers of " + self.self() + ", which are " + peers);
        }
        if (theirs.group() != self.group()) {
            return new Refusal(
                    Reason.OTHER_GROUP,
                    "group " + theirs.group() + " of " + theirs.self() + " is not group " + self.group() + " of "
                            + self.self());
        }
        if (theirs.wireVersionMin() > self.wireVersionMax() || theirs.wireVersionMax() < self.wireVersionMin()) {
            return new Refusal(
                    Reason.WIRE_VERSION,
                    theirs.self() + " reads frames of versions " + theirs.wireVersionMin() + ".."
                            + theirs.wireVersionMax() + ", " + self.self() + " of " + self.wireVersionMin() + ".."
                            + self.wireVersionMax());
        }
        return null;
    }

    private static @Nullable Refusal compare(Greeting hello, String from, Seat seat) {
        if (!seat.member().equals(hello.self())) {
            return seat.isAlive()
                    ? new Refusal(
                            Reason.OTHER_INCARNATION,
                            hello.self() + " comes from " + from + " while " + seat.member() + " is connected from "
                                    + seat.remote() + ": two processes run as "
                                    + hello.self().node())
                    : null;
        }
        return copy(hello, from, seat);
    }

    private static @Nullable Refusal copy(Greeting theirs, String from, Seat seat) {
        if (theirs.boot() < seat.boot()) {
            return new Refusal(
                    Reason.OLD_BOOT,
                    theirs.self() + " is at " + from + " with boot " + theirs.boot() + ", but was heard from "
                            + seat.remote() + " with boot " + seat.boot());
        }
        return seat.isAnotherProcess(theirs)
                ? new Refusal(
                        Reason.SAME_BOOT_TWICE,
                        theirs.self() + " is at " + from + " with boot " + theirs.boot()
                                + ", with which another process is connected from " + seat.remote())
                : null;
    }
}
