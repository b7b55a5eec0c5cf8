// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Storage}. Closing forces nothing. */
public interface StorageFile extends Closeable {

    /**
     * Writes some of the buffer's remaining bytes, perhaps not all; the caller loops (hazard S15).
     *
     * @param position where in the file, in bytes; the file grows as needed
     * @return how many bytes were taken from the buffer
     */
    int write(ByteBuffer source, long position) throws IOException;

    /**
     * What a write has to be made of: its position and its length are multiples of this, as is the address of the first byte that
     * remains in the buffer. A power of two from 1, where anything will do, to 4,096.
     */
    default int blockBytes() {
        return 1;
    }

    /**
     * Reads some bytes into the buffer, perhaps fewer than fit.
     *
     * @param position where in the file, in bytes
     * @return how many were read; -1 at or after the end
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** Length in bytes. */
    long size() throws IOException;

    /**
     * Makes every byte written so far durable, with as much of the metadata as reading them back needs.
     *
     * @throws IOException if that failed; nobody can tell which bytes are durable then, nor by trying again (hazard S12)
     */
    void force() throws IOException;
}
