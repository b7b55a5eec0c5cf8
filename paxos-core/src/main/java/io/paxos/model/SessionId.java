// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.HexFormat;

/**
 * Names a session in the replicated session table. A node's own session is named after its member id; sessions of
 * remote clients get names whose {@code owner} is 0.
 *
 * @param owner the node number for a node's own session, else 0
 * @param tag the incarnation's bits for a node's own session, else a number unique in the cluster
 */
public record SessionId(long owner, long tag) implements Comparable<SessionId> {

    /** Entries that belong to no session: no-ops, ticks, membership. */
    public static final SessionId NONE = new SessionId(0, 0);

    /** The session that a node keeps for the commands submitted through it. */
    public static SessionId ofNode(MemberId member) {
        return new SessionId(member.node().number(), member.incarnation().bits());
    }

    public boolean isNone() {
        return owner == 0 && tag == 0;
    }

    @Override
    public int compareTo(SessionId other) {
        int byOwner = Long.compare(owner, other.owner);
        return byOwner != 0 ? byOwner : Long.compare(tag, other.tag);
    }

    @Override
    public String toString() {
        return isNone() ? "none" : owner + "/" + HexFormat.of().toHexDigits(tag);
    }
}
