// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

/**
 * What a node takes from one connection, as its welcome said.
 *
 * @param commandsMax most commands on their way
 * @param bytesMax most payload bytes of them
 * @param readsMax most reads on their way
 * @param commandBytesMax longest payload of a command
 * @param frameBytesMax longest frame
 */
record NodeLimits(int commandsMax, int bytesMax, int readsMax, int commandBytesMax, int frameBytesMax) {
    static final NodeLimits NONE = new NodeLimits(0, 0, 0, 0, 0);
}
