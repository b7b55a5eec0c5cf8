// SPDX-License-Identifier: Apache-2.0
/**
 * The remote client of a replicated log, and the endpoint at which a node serves such clients; on a port of its own, in a
 * protocol of its own ({@code docs/client-protocol.md}).
 *
 * <pre>
 * threads of the application              one I/O thread                          a node
 * PaxosClient.execute --queue--> ClientLoop --ClientSession: what to send--> NodeLink ===> ClientConnection --> ClientGateway
 *   future <--its executor-----    |   &lt;--results, gaps, refusals------------------- &lt;===  |   &lt;-- SessionReceiver
 *                                  +--HomeChoice: at which node                              one task for many answers
 * </pre>
 *
 * <p>Start at {@link io.paxos.transport.netty.client.PaxosClient} and {@link
 * io.paxos.transport.netty.client.NettyClientEndpoint}. The decisions of the client are in classes without sockets, threads
 * and clock ({@code ClientSession}, {@code RetryBudget}, {@code HomeChoice}, {@code OpenReads}); the others carry. What must
 * never happen: two commands under one number; "refused" for a command that may still be applied; a future completed on an
 * I/O thread; memory taken because a stranger named a length.
 */
@NullMarked
package io.paxos.transport.netty.client;

import org.jspecify.annotations.NullMarked;
