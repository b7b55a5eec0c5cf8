// SPDX-License-Identifier: Apache-2.0
/**
 * What a command costs when it comes over a socket: {@code SocketCostTest} holds it under bounds, {@code AllocationRanking} tells
 * which lines allocate. The same for the parts without a socket is in {@code io.paxos.cost}, where it is also said how bounds are
 * recorded anew.
 */
package io.paxos.transport.netty.cost;
