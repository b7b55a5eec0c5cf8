// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBufAllocator;
import io.paxos.transport.Transport;
import io.paxos.transport.netty.guard.Complaints;
import io.paxos.transport.netty.guard.UnidentifiedConnections;

/**
 * What all connections of one started transport share.
 *
 * @param greeting what this node says, to nobody in particular
 * @param receiver where frames go
 * @param limits the bounds
 * @param register whom to listen to
 * @param unidentified inbound connections that have not said hello
 * @param tally the counters
 * @param complaints warnings that outsiders can provoke
 * @param allocator of every buffer
 * @param sockets of every connection
 */
record LocalNode(
        Greeting greeting,
        Transport.Receiver receiver,
        Limits limits,
        PeerRegister register,
        UnidentifiedConnections unidentified,
        Tally tally,
        Complaints complaints,
        ByteBufAllocator allocator,
        Sockets sockets) {

    String name() {
        return greeting.self().node().toString();
    }
}
