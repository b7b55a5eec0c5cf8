// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.NodeId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rare events of one node. Called one at a time on a thread of the library that does nothing else, so a slow listener
 * delays only later events; after 1,024 waiting events further ones are dropped. An exception is logged and otherwise
 * ignored; an {@link Error} stops the node, as anywhere else.
 */
public interface NodeListener {

    /**
     * This node follows another leader now, or leads, or knows none.
     *
     * @param leader the leader's node, or empty if none is known
     * @param leadsHere whether it is this node; false, with this node as the leader, while it hands leadership over and
     *     takes no commands
     */
    default void leaderChanged(Optional<NodeId> leader, boolean leadsHere) {}

    /** The node became ready for the first time: see {@link PaxosNode#awaitReady}. */
    default void ready() {}

    /**
     * The disk became too slow or too full for this node to lead, or is well again. While it is too full the node takes
     * no part at all: it votes for nothing and applies nothing new.
     *
     * @param fitToLead whether this node may lead
     * @param reasons why not, such as {@code disk slow: oldest write 812 ms}, or {@code disk full: …} with the path and
     *     the bytes; empty if it may
     */
    default void diskChanged(boolean fitToLead, List<String> reasons) {}

    /**
     * Another member came to another state from the same log, and no majority tells which of the two is wrong. A member that
     * a majority contradicts stops by itself, and its {@link #failed} says so.
     *
     * @param reason slot, both digests, and the other member
     */
    default void diverged(String reason) {}

    /**
     * The node stopped for good. Called once, after the last frame left and every future was failed.
     *
     * @param reason a sentence for the operator
     * @param cause what was thrown, or null if nothing was
     */
    default void failed(String reason, @Nullable Throwable cause) {}
}
