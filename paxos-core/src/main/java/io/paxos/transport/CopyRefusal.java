// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport;

import io.paxos.model.NodeId;

/**
 * A peer does not listen to this process, because it knows another process of the same member: the directory was copied, and
 * both copies were started. Two processes of one member forget each other's promises, so the one that hears this stops.
 *
 * @param by the peer that refuses
 * @param why what it knows
 * @param detail where the two processes are, in the peer's words; one line
 */
public record CopyRefusal(NodeId by, Why why, String detail) {

    /** What a peer can know of the other process. */
    public enum Why {
        /** It was heard at a higher boot: it started later, and wins. */
        NEWER_BOOT,
        /** It has the same boot and is connected to the peer: it was there first, and wins. */
        SAME_BOOT
    }

    /** A sentence for the operator: what happened, where, and what to do. */
    public String reason() {
        String what = why == Why.NEWER_BOOT
                ? "this process runs on an older copy of its directory"
                : "two processes run on copies of one directory, and the other one was there first";
        return what + ". " + by + " refuses this one: " + detail
                + ". Keep the other process; delete this directory, or format it anew and start it with rejoin, so that it"
                + " follows without a vote";
    }
}
