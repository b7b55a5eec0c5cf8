// SPDX-License-Identifier: Apache-2.0
/**
 * The durable acceptor log: records in, and after a crash the same records out.
 *
 * <p>In: {@link io.paxos.model.DurableRecord}s from the driver, in the order in which the core made them. Out: what was
 * recovered, and pages of chosen values. What must never happen: a record reported forced that a crash can lose, or a
 * damaged record taken for "nothing here".
 */
@NullMarked
package io.paxos.journal;

import org.jspecify.annotations.NullMarked;
