// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.SlotRange;

/**
 * A page of chosen values that the driver wants from the journal; the answer comes back through {@link
 * Driver#chosenRead}.
 *
 * @param id tells the driver what it wanted it for
 * @param slots what is wanted, all known chosen
 * @param bytesMax bound on the sum of the value lengths; the first value may exceed it
 */
public record JournalRead(long id, SlotRange slots, int bytesMax) {}
