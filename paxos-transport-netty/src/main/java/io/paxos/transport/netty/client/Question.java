// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.CommandToken;

/**
 * Somebody asks what became of a command.
 *
 * @param asking who is told; it has no payload and is never sent
 */
record Question(CommandToken token, Submission asking) {}
