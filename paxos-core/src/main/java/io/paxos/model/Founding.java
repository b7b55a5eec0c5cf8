// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * Who the first voters are, agreed once and for ever.
 *
 * @param id never {@link FoundingId#NONE}
 * @param membership the founding membership, with the incarnation of every voter
 */
public record Founding(FoundingId id, Membership membership) {

    public Founding {
        if (id.isNone()) {
            throw new IllegalArgumentException("founding: the id is none");
        }
    }
}
