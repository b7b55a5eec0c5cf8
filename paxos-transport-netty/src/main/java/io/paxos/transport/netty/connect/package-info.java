// SPDX-License-Identifier: Apache-2.0
/**
 * What every connection needs, of members and of clients: addresses, threads, and waits before it is tried again. No part of
 * what a host application sees.
 */
@NullMarked
package io.paxos.transport.netty.connect;

import org.jspecify.annotations.NullMarked;
