// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Whole reads and writes over a {@link StorageFile} that may do less than asked (hazard S15). */
final class FileBytes {

    private FileBytes() {}

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

    /** Reads until the buffer is full or the file ends. */
    static void readFully(StorageFile file, ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int read = file.read(target, at);
            if (read < 0) {
                return;
            }
            if (read == 0) {
                throw new IOException(
                        "a read of " + target.remaining() + " bytes at offset " + at + " read nothing, before the end");
            }
            at += read;
        }
    }
}
