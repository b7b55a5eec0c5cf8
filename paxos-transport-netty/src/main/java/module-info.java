// SPDX-License-Identifier: Apache-2.0
/** The socket transport between members of a replicated log, on Netty. */
module io.paxos.transport.netty {
    requires io.paxos;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires org.slf4j;
    requires static org.jspecify;
}
