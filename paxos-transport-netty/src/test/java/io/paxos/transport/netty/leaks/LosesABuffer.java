// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.leaks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

/** Run by {@link LeakGateTest} alone; its name keeps it from the build's own run. */
class LosesABuffer {
    @Test
    void loses() {
        ByteBuf lost = PooledByteBufAllocator.DEFAULT.buffer(16);
        lost.writeLong(1);
    }
}
