// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file whose blocks go to the disk past the page cache, durable when the write returns ({@code O_DIRECT} and {@code O_DSYNC}):
 * one system call where a write and a force were two, no pages to be found, marked and cleaned again, and where the disk can make a
 * single write durable by itself no flush of all it holds. It is read through the page cache, which the file system keeps
 * true.
 *
 * <p>For file systems of Linux alone: elsewhere a synchronous write may stay in the disk's own cache, which {@link
 * FileChannel#force} empties.
 */
final class DirectFile implements StorageFile {

    private static final Logger LOG = LoggerFactory.getLogger(DirectFile.class);

    private static final int BLOCK_BYTES = FileBytes.BLOCK_BYTES;

    /** Those whose direct writes are known to reach the disk, and to be seen by who reads through the page cache. */
    private static final Set<String> FILE_SYSTEMS = Set.of("ext4", "xfs");

    private final StorageFile reading;
    private final StorageFile writing;

    /** As far as it was written, or was before it was opened. */
    private long bytes;

    /** Whether a write made it longer since the last force. */
    private boolean isLonger;

    DirectFile(StorageFile reading, StorageFile writing) throws IOException {
        this.reading = reading;
        this.writing = writing;
        this.bytes = reading.size();
    }

    /**
     * Opens an existing file.
     *
     * @return null if the file system is none of those, or refuses; or if nothing can be opened there at all, which whoever opens it
     *     in the ordinary way is told
     */
    static @Nullable DirectFile openIfPossible(Path path) {
        try {
            return FILE_SYSTEMS.contains(Files.getFileStore(path).type()) ? open(path) : null;
        } catch (IOException | UnsupportedOperationException refused) {
            LOG.warn("{} is written to the page cache, for it cannot be written past it: {}", path, refused.toString());
            return null;
        }
    }

    private static DirectFile open(Path path) throws IOException {
        FileChannel reading = FileChannel.open(path, StandardOpenOption.READ);
        try {
            FileChannel writing = FileChannel.open(
                    path, StandardOpenOption.WRITE, StandardOpenOption.DSYNC, ExtendedOpenOption.DIRECT);
            try {
                DirectFile file = new DirectFile(new ChannelFile(reading), new ChannelFile(writing));
                file.writeFirstBlockAsItIs();
                return file;
            } catch (IOException | RuntimeException refused) {
                writing.close();
                throw refused;
            }
        } catch (IOException | RuntimeException refused) {
            reading.close();
            throw refused;
        }
    }

    /** Some devices refuse the first write, not the opening. Where there is no block yet, it is zeros. */
    private void writeFirstBlockAsItIs() throws IOException {
        ByteBuffer block = FileBytes.blocks(BLOCK_BYTES);
        FileBytes.readFully(this, "", block, 0);
        FileBytes.writeFully(this, block.clear(), 0);
    }

    @Override
    public int blockBytes() {
        return BLOCK_BYTES;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        int written = writing.write(source, position);
        if (position + written > bytes) {
            bytes = position + written;
            isLonger = true;
        }
        int inPart = written & (BLOCK_BYTES - 1); // the next write begins at a block again
        source.position(source.position() - inPart);
        return written - inPart;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return reading.read(target, position);
    }

    @Override
    public long size() throws IOException {
        return reading.size();
    }

    /**
     * Nothing is left to be done, unless the file became longer. Each write was durable when it returned, but ext4 of Linux 5.5 to 6.6 sets
     * the length behind that (mended by Linux's commit 91562895f803): a power loss would have cut off what was written past the old end.
     */
    @Override
    public void force() throws IOException {
        if (isLonger) {
            writing.force();
            isLonger = false;
        }
    }

    @Override
    public void close() throws IOException {
        try (reading) {
            writing.close();
        }
    }
}
