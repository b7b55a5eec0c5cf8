// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * A directory in memory that forgets in a crash what a disk may forget: any of the 512-byte sectors of a file that were
 * written since its last force, and the creates, renames and deletes since the last force of the directory. A sector is
 * written whole or not at all; one that is lost keeps what was last forced. Calls can be made to fail, and writes to be
 * short. Segments are written byte by byte, or in blocks, or in blocks past the page cache.
 */
public final class MemoryStorage implements Storage {

    /** What a disk writes whole or not at all. */
    public static final int SECTOR_BYTES = 512;

    /** What a file holds, and what of it is durable. */
    private static final class Content {
        private String name = "";
        private byte[] bytes = new byte[0];
        private byte[] forced = new byte[0];
        private int forcedLength;
        private final TreeSet<Integer> dirtySectors = new TreeSet<>();
    }

    private final int blockBytes;
    private final boolean writesThrough;
    private final TreeMap<String, Content> files = new TreeMap<>();
    private TreeMap<String, Content> durableEntries = new TreeMap<>();
    private boolean locked;
    private int transferBytesMax = Integer.MAX_VALUE;
    private int callsUntilFailure;
    private int readsUntilFailure;
    private long bytesRead;
    private String neverCreated = "";
    private final List<String> calls = new ArrayList<>();

    public MemoryStorage() {
        this(1);
    }

    /**
     * @param blockBytes what is opened in blocks is written in blocks of that size
     */
    public MemoryStorage(int blockBytes) {
        this(blockBytes, false);
    }

    private MemoryStorage(int blockBytes, boolean writesThrough) {
        this.blockBytes = blockBytes;
        this.writesThrough = writesThrough;
    }

    /**
     * What is opened in blocks is written past the page cache: each write is durable when it returns, but for the length that it gave
     * the file, which is forced like a change of the directory.
     */
    public static MemoryStorage thatWritesThrough() {
        return new MemoryStorage(FileBytes.BLOCK_BYTES, true);
    }

    /** Writes and reads move no more bytes than this at once from now on. */
    public synchronized void shortenTransfers(int bytesMax) {
        transferBytesMax = bytesMax;
    }

    /** The n-th read from now on fails (1 is the next); all others work. */
    public synchronized void failRead(int n) {
        readsUntilFailure = n;
    }

    /** The n-th write, force, create, rename or delete from now on fails (1 is the next); all others work. */
    public synchronized void failCall(int n) {
        callsUntilFailure = n;
    }

    /** Files whose names begin so cannot be created from now on. */
    public synchronized void failCreatesOf(String prefix) {
        neverCreated = prefix;
    }

    /** Names of the changing calls so far, as in {@code write segment-0000000000000001.log}. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    public synchronized void forgetCalls() {
        calls.clear();
    }

    public synchronized long bytesRead() {
        return bytesRead;
    }

    /** The content of a file as it reads now. */
    public synchronized byte[] bytes(String name) {
        return files.get(name).bytes.clone();
    }

    /** Replaces a file's content, as if it had been so on the disk. */
    public synchronized void replace(String name, byte[] bytes) {
        Content content = new Content();
        content.name = name;
        content.bytes = bytes.clone();
        content.forced = bytes.clone();
        content.forcedLength = bytes.length;
        files.put(name, content);
        durableEntries.put(name, content);
    }

    /** Flips a bit of a file, under whoever has it open. */
    public synchronized void flip(String name, int at) {
        Content content = files.get(name);
        content.bytes[at] ^= 1;
        content.forced = content.bytes.clone();
    }

    /** Removes a file, as if it had never been on the disk. */
    public synchronized void remove(String name) {
        files.remove(name);
        durableEntries.remove(name);
    }

    /** A process that was killed: everything it wrote is there, its lock is not. */
    public synchronized MemoryStorage afterKill() {
        MemoryStorage copy = new MemoryStorage(blockBytes, writesThrough);
        files.forEach((name, content) -> copy.replace(name, content.bytes));
        return copy;
    }

    /**
     * A process that was killed after a force had failed: the pages read as written and count as clean, but they are
     * not on the disk and will never be, unless they are written again.
     */
    public synchronized MemoryStorage afterFailedForceAndKill() {
        MemoryStorage copy = new MemoryStorage(blockBytes, writesThrough);
        files.forEach((name, content) -> {
            copy.replace(name, content.bytes);
            copy.files.get(name).forced = content.forced.clone();
            copy.files.get(name).forcedLength = content.forcedLength;
        });
        return copy;
    }

    private static void forceDirtySectors(Content content) {
        for (int sector : content.dirtySectors) {
            int from = sector * SECTOR_BYTES;
            int to = Math.min(content.bytes.length, from + SECTOR_BYTES);
            if (content.forced.length < to) {
                content.forced = Arrays.copyOf(content.forced, to);
            }
            System.arraycopy(content.bytes, from, content.forced, from, to - from);
        }
        content.dirtySectors.clear();
    }

    private static void forceAll(Content content) {
        forceDirtySectors(content);
        content.forcedLength = content.forced.length;
    }

    /** The sectors of a file that a power loss may lose. */
    public synchronized List<Integer> unforcedSectors(String name) {
        return List.copyOf(files.get(name).dirtySectors);
    }

    /**
     * A power loss.
     *
     * @param keepsEntry asked once: whether unforced changes of the directory, and of lengths, are kept
     * @param keepsSector asked for each unforced sector of each file
     */
    public synchronized MemoryStorage afterPowerLoss(boolean keepsEntry, IntPredicate keepsSector) {
        MemoryStorage copy = new MemoryStorage(blockBytes, writesThrough);
        (keepsEntry ? files : durableEntries).forEach((name, content) -> {
            int length = keepsEntry ? content.forced.length : content.forcedLength;
            byte[] survived = Arrays.copyOf(content.forced, Math.max(content.forced.length, content.bytes.length));
            for (int sector : content.dirtySectors) {
                if (keepsSector.test(sector)) {
                    int from = sector * SECTOR_BYTES;
                    int to = Math.min(content.bytes.length, from + SECTOR_BYTES);
                    System.arraycopy(content.bytes, from, survived, from, to - from);
                    length = Math.max(length, to);
                }
            }
            copy.replace(name, Arrays.copyOf(survived, length));
        });
        return copy;
    }

    private synchronized void change(String call) throws IOException {
        calls.add(call);
        if (callsUntilFailure > 0 && --callsUntilFailure == 0) {
            throw new IOException("injected failure of " + call);
        }
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public synchronized StorageFile create(String name) throws IOException {
        change("create " + name);
        if (!neverCreated.isEmpty() && name.startsWith(neverCreated)) {
            throw new IOException("injected failure of create " + name);
        }
        if (files.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        Content content = new Content();
        content.name = name;
        files.put(name, content);
        return new OpenFile(content, 1, false);
    }

    @Override
    public synchronized StorageFile open(String name) throws IOException {
        Content content = files.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return new OpenFile(content, 1, false);
    }

    @Override
    public StorageFile openToWrite(String name) throws IOException {
        return open(name);
    }

    @Override
    public synchronized StorageFile openInBlocks(String name) throws IOException {
        StorageFile reading = open(name);
        StorageFile writing = new OpenFile(files.get(name), blockBytes, writesThrough);
        return writesThrough ? new DirectFile(reading, writing) : writing;
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        change("rename " + from);
        Content content = files.remove(from);
        if (content == null) {
            throw new FileNotFoundException(from);
        }
        content.name = to;
        files.put(to, content);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        change("delete " + name);
        if (files.remove(name) == null) {
            throw new FileNotFoundException(name);
        }
    }

    @Override
    public synchronized void force() throws IOException {
        change("force directory");
        durableEntries = new TreeMap<>(files);
    }

    @Override
    public synchronized Closeable lock(String name) throws IOException {
        if (locked) {
            throw new JournalException(JournalException.Kind.LOCKED, "memory: it is open already");
        }
        locked = true;
        return () -> {
            synchronized (this) {
                locked = false;
            }
        };
    }

    @Override
    public String toString() {
        return "memory";
    }

    private final class OpenFile implements StorageFile {

        private final Content content;
        private final int block;
        private final boolean through;
        private boolean closed;

        OpenFile(Content content, int block, boolean through) {
            this.content = content;
            this.block = block;
            this.through = through;
        }

        @Override
        public int blockBytes() {
            return block;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            synchronized (MemoryStorage.this) {
                requireOpen();
                int from = (int) position;
                if (from % block != 0 || source.remaining() % block != 0) {
                    throw new IOException("a write of " + source.remaining() + " bytes at offset " + from
                            + " is not one of whole blocks of " + block);
                }
                int length = Math.min(source.remaining(), Math.max(block, transferBytesMax / block * block));
                if (from + length > content.bytes.length) {
                    content.bytes = Arrays.copyOf(content.bytes, from + length);
                }
                change("write " + content.name);
                source.get(content.bytes, from, length);
                for (int sector = from / SECTOR_BYTES; sector * SECTOR_BYTES < from + length; sector++) {
                    content.dirtySectors.add(sector);
                }
                if (through) {
                    forceDirtySectors(content);
                }
                return length;
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (MemoryStorage.this) {
                requireOpen();
                if (readsUntilFailure > 0 && --readsUntilFailure == 0) {
                    throw new IOException("injected failure of a read");
                }
                if (position >= content.bytes.length) {
                    return -1;
                }
                int wanted = Math.min(target.remaining(), transferBytesMax);
                int length = (int) Math.min(wanted, content.bytes.length - position);
                target.put(content.bytes, (int) position, length);
                bytesRead += length;
                return length;
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (MemoryStorage.this) {
                requireOpen();
                return content.bytes.length;
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (MemoryStorage.this) {
                requireOpen();
                change("force " + content.name);
                forceAll(content);
            }
        }

        @Override
        public void close() {
            closed = true;
        }

        private void requireOpen() throws IOException {
            if (closed) {
                throw new IOException(content.name + " is closed");
            }
        }
    }
}
