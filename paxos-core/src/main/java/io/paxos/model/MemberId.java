// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * Who a member is to the protocol: its node id together with the incarnation of its directory. Votes are counted for
 * member ids, never for bare node ids.
 *
 * @param node the operator's name for it
 * @param incarnation the life of its directory
 */
public record MemberId(NodeId node, Incarnation incarnation) implements Comparable<MemberId> {

    /** Owner of {@link Ballot#NONE}. */
    public static final MemberId NONE = new MemberId(NodeId.NONE, Incarnation.NONE);

    public MemberId {
        if (node.isNone() != incarnation.isNone()) {
            throw new IllegalArgumentException("member id: node " + node + " and incarnation " + incarnation
                    + " must both be present or both be absent");
        }
    }

    public boolean isNone() {
        return node.isNone();
    }

    @Override
    public int compareTo(MemberId other) {
        int byNode = node.compareTo(other.node);
        return byNode != 0 ? byNode : incarnation.compareTo(other.incarnation);
    }

    /** The node id and the first four digits of the incarnation, as in {@code n1/3fa9}. */
    @Override
    public String toString() {
        return isNone() ? "none" : node + "/" + incarnation.toString().substring(0, 4);
    }
}
