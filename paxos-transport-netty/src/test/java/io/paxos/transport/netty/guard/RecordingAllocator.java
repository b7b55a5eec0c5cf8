// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.guard;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;

/** Remembers the largest buffer that was asked for, and knows how many have not been released. */
public final class RecordingAllocator extends AbstractByteBufAllocator {
    private int largestBytes;
    private int live;

    public int largestBytes() {
        return largestBytes;
    }

    public int live() {
        return live;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        largestBytes = Math.max(largestBytes, initialCapacity);
        live++;
        return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity) {
            @Override
            protected void deallocate() {
                live--;
                super.deallocate();
            }
        };
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return newHeapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }
}
