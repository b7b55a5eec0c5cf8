// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Whole reads and writes over a {@link StorageFile} that may do less than asked (hazard S15). */
final class FileBytes {

    private FileBytes() {}

    /** The largest block that a file may ask to be written in, and the usual page of a processor. */
    static final int BLOCK_BYTES = 4096;

    /** Shared by all: a MiB of the heap for each step would be a large object for the collector, and copied on its way. */
    private static final ByteBuffer ZEROS = blocks(1 << 20).asReadOnlyBuffer();

    /** A buffer of that size outside the heap, fit to be written to a file in blocks from its first byte on. */
    static ByteBuffer blocks(int bytes) {
        return ByteBuffer.allocateDirect(bytes + BLOCK_BYTES)
                .alignedSlice(BLOCK_BYTES)
                .limit(bytes)
                .slice();
    }

    /** So many bytes, and as many more as make whole blocks of them. */
    static long wholeBlocks(long bytes, int blockBytes) {
        return (bytes + blockBytes - 1) & -blockBytes;
    }

    /** So many zeros, up to 1 MiB, fit to be written in blocks. */
    static ByteBuffer zeros(int count) {
        return ZEROS.duplicate().limit(count);
    }

    /** Writes everything that remains in the buffer. */
    static void writeFully(StorageFile file, ByteBuffer source, long position) throws IOException {
        long at = position;
        while (source.hasRemaining()) {
            int written = file.write(source, at);
            if (written <= 0) {
                throw new IOException("a write of " + source.remaining() + " bytes at offset " + at + " wrote nothing");
            }
            at += written;
        }
    }

    /**
     * Reads until the buffer is full or the file ends.
     *
     * @param name of the file, for messages
     * @throws IOException if a read failed. That is not damage, which may be a torn tail: what cannot be read may well
     *     have been forced
     */
    static void readFully(StorageFile file, String name, ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int read;
            try {
                read = file.read(target, at);
            } catch (IOException failed) {
                throw new IOException(
                        "journal file " + name + " at offset " + at + ": cannot be read: " + failed, failed);
            }
            if (read < 0) {
                return;
            }
            if (read == 0) {
                throw new IOException("journal file " + name + " at offset " + at + ": a read of " + target.remaining()
                        + " bytes read nothing, before the end");
            }
            at += read;
        }
    }
}
