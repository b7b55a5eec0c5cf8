// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.MemberId;

/**
 * Two members applied the same log and came to different states.
 *
 * @param slot at which they were compared; they parted in the slots before it, behind the last comparison that agreed
 * @param here this member's digest
 * @param member another one
 * @param there its digest
 */
public record Divergence(long slot, long here, MemberId member, long there) {

    @Override
    public String toString() {
        return "the state at slot " + slot + " differs: digest " + Long.toHexString(here) + " here, "
                + Long.toHexString(there) + " on " + member.node();
    }
}
