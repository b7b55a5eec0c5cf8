// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

/**
 * What a {@link NettyTransport} has done since it was built, for status and metrics. Each number only grows.
 *
 * @param framesSent frames given to the operating system
 * @param bytesSent their bytes
 * @param framesReceived frames handed to the receiver
 * @param bytesReceived their bytes
 * @param framesDropped frames not sent: no connection, budget spent, too large for the peer, or closed
 * @param connectionsOpened connections to peers that were welcomed
 * @param connectionsAccepted connections from peers that were welcomed
 * @param hellosRefused connections, in either direction, that ended because one side refused the other's introduction
 * @param strangersClosed inbound connections closed because what came was no hello in time, or was malformed, oversize or
 *     from someone else than introduced
 */
public record NettyTransportCounters(
        long framesSent,
        long bytesSent,
        long framesReceived,
        long bytesReceived,
        long framesDropped,
        long connectionsOpened,
        long connectionsAccepted,
        long hellosRefused,
        long strangersClosed) {}
