// SPDX-License-Identifier: Apache-2.0
/** The socket transport between members, on Netty: framed, bounded, and free to drop what the protocol sends again. */
@NullMarked
package io.paxos.transport.netty;

import org.jspecify.annotations.NullMarked;
