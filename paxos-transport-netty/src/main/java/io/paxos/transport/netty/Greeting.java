// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.message.FrameCodec;
import io.paxos.model.ClusterId;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.transport.Introduction;

/**
 * Who one end of a connection says it is, and what it understands.
 *
 * @param cluster the cluster's name
 * @param self node id and incarnation
 * @param boot number of this start, from 1
 * @param run random number of this transport: the same member and boot with another run is another process, hence a copy of
 *     the directory, while the same run is the same process that dials again
 * @param other whom this end believes to be talking to
 * @param group the log it speaks of; 0 for now
 * @param wireVersionMin oldest version of frames it reads
 * @param wireVersionMax newest version of frames it reads
 * @param frameBytesMax longest frame it takes, in bytes
 */
record Greeting(
        ClusterId cluster,
        MemberId self,
        long boot,
        long run,
        NodeId other,
        int group,
        int wireVersionMin,
        int wireVersionMax,
        int frameBytesMax) {

    Greeting {
        if (self.isNone() || boot < 1 || group < 0 || wireVersionMin > wireVersionMax || frameBytesMax < 1) {
            throw new IllegalArgumentException("greeting: self " + self + ", boot " + boot + ", group " + group
                    + ", wire versions " + wireVersionMin + ".." + wireVersionMax + " or frameBytesMax "
                    + frameBytesMax + " is out of range");
        }
    }

    /** What this build says to that node. */
    static Greeting of(Introduction self, long run, NodeId other, int frameBytesMax) {
        return new Greeting(
                self.cluster(),
                self.self(),
                self.boot(),
                run,
                other,
                0,
                FrameCodec.VERSION,
                FrameCodec.VERSION,
                frameBytesMax);
    }

    Greeting to(NodeId node) {
        return new Greeting(cluster, self, boot, run, node, group, wireVersionMin, wireVersionMax, frameBytesMax);
    }

    @Override
    public String toString() {
        return self + " boot " + boot + " of cluster " + cluster;
    }
}
