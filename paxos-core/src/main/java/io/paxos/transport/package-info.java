// SPDX-License-Identifier: Apache-2.0
/**
 * The SPI between members, and the transport for several nodes in one JVM.
 *
 * <p>In: frames from whoever turns a node's core. Out: the same frames, perhaps late, twice, in another order, or not at all,
 * to the receiver of another node. A transport never blocks, never throws on send, and never delivers bytes that were
 * not sent.
 */
@NullMarked
package io.paxos.transport;

import org.jspecify.annotations.NullMarked;
