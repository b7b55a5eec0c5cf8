// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport;

import io.paxos.model.ClusterId;
import io.paxos.model.MemberId;

/**
 * How a node introduces itself to its peers.
 *
 * @param cluster the cluster's name; peers of another cluster are refused
 * @param self node id and incarnation
 * @param boot number of this start, from 1; of two connections of one member the one with the higher boot wins
 */
public record Introduction(ClusterId cluster, MemberId self, long boot) {

    public Introduction {
        if (self.isNone() || boot < 1) {
            throw new IllegalArgumentException("introduction: self " + self + " or boot " + boot + " is out of range");
        }
    }
}
