// SPDX-License-Identifier: Apache-2.0
/** The socket transport between members of a replicated log, on Netty. */
module io.paxos.transport.netty {
    requires transitive io.paxos;
    // A host application may hand in its own event loops and allocator.
    requires transitive io.netty.buffer;
    requires transitive io.netty.transport;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.handler;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.paxos.transport.netty;
    exports io.paxos.transport.netty.client;
}
