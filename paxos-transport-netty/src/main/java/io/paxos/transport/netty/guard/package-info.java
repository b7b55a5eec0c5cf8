// SPDX-License-Identifier: Apache-2.0
/**
 * What both ports, the members' and the clients', do about those who should not be there: say what they look like, complain at
 * a bounded rate, and keep those who never say hello from keeping others out. No part of what a host application sees.
 */
@NullMarked
package io.paxos.transport.netty.guard;

import org.jspecify.annotations.NullMarked;
