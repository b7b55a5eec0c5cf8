// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.NodeId;
import java.util.OptionalLong;

/**
 * What a voter knows of a learner.
 *
 * @param node the learner
 * @param knownChosen every slot up to here is on the learner's disk, as it said; 0 if it was not heard since the voter started
 * @param lagSlots how many slots the voter knows chosen beyond that
 * @param silentMillis how long ago it said so, in milliseconds; empty if it was not heard. A learner says so with every heartbeat
 *     interval
 */
public record LearnerStatus(NodeId node, long knownChosen, long lagSlots, OptionalLong silentMillis) {

    @Override
    public String toString() {
        return node + " " + lagSlots + " slots behind"
                + (silentMillis.isEmpty() ? ", not heard yet" : ", heard " + silentMillis.getAsLong() + " ms ago");
    }
}
