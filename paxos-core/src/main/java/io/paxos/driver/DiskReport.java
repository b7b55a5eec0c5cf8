// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import java.util.List;

/**
 * What a node's disk allows it just now.
 *
 * @param fitToLead whether it may lead, and stand
 * @param mayVote whether there is room to write promises, votes and values
 * @param reasons why not, a sentence each; empty if the disk is well
 */
public record DiskReport(boolean fitToLead, boolean mayVote, List<String> reasons) {

    /** A disk that is well. */
    public static final DiskReport WELL = new DiskReport(true, true, List.of());

    public DiskReport {
        reasons = List.copyOf(reasons);
    }
}
