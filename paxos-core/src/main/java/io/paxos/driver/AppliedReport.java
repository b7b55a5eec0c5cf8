// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import java.util.List;

/**
 * What the apply side tells the driver after some slots.
 *
 * @param slot every slot up to here is applied
 * @param bytes size of the values it was done with since the last report
 * @param firstSequence session sequence of the first of the results
 * @param results results of this boot's own commands, one a sequence from {@code firstSequence} on, without a gap
 * @param gapExpected if a command of this boot's own session came too early: the sequence that is due; else 0
 * @param superseded whether a later boot of this node opened its session: this process is a copy that must stop
 */
public record AppliedReport(
        long slot, long bytes, long firstSequence, List<byte[]> results, long gapExpected, boolean superseded) {}
