// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.util.concurrent.atomic.LongAdder;

/** Where the numbers of {@link NettyTransportCounters} are counted; any thread. */
final class Tally {
    final LongAdder framesSent = new LongAdder();
    final LongAdder bytesSent = new LongAdder();
    final LongAdder framesReceived = new LongAdder();
    final LongAdder bytesReceived = new LongAdder();
    final LongAdder framesDropped = new LongAdder();
    final LongAdder connectionsOpened = new LongAdder();
    final LongAdder connectionsAccepted = new LongAdder();
    final LongAdder hellosRefused = new LongAdder();
    final LongAdder strangersClosed = new LongAdder();

    NettyTransportCounters counters() {
        return new NettyTransportCounters(
                framesSent.sum(),
                bytesSent.sum(),
                framesReceived.sum(),
                bytesReceived.sum(),
                framesDropped.sum(),
                connectionsOpened.sum(),
                connectionsAccepted.sum(),
                hellosRefused.sum(),
                strangersClosed.sum());
    }
}
