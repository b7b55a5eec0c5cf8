// SPDX-License-Identifier: Apache-2.0
/**
 * The socket transport between members, on Netty: framed, bounded, and free to drop what the protocol sends again.
 *
 * <pre>
 * the turn of a core --send, flush--> OutboundLink --one task a turn--> event loop --frames--> peer
 *                                          |  dials, backs off, dials again   &lt;--receipts--
 *
 * peer --hello--> InboundConnection --PeerRegister: whom to listen to--> welcome or refusal
 *      --frames->        |--- decoded, checked against the hello ---> Transport.Receiver
 * </pre>
 *
 * <p>Start at {@link io.paxos.transport.netty.NettyTransport}; {@link io.paxos.transport.netty.Sockets} is for hosts with a
 * native Netty. What must never happen: memory taken because a stranger named a length; a frame delivered as someone else's; a
 * queue without a bound; a buffer of Netty's outside this package.
 */
@NullMarked
package io.paxos.transport.netty;

import org.jspecify.annotations.NullMarked;
