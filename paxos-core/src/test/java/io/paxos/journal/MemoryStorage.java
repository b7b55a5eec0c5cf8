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
 * short.
 */
final class MemoryStorage implements Storage {

    static final int SECTOR_BYTES = 512;

    /** What a file holds, and what of it is durable. */
    private static final class Content {
        private byte[] bytes = new byte[0];
        private byte[] forced = new byte[0];
        private final TreeSet<Integer> dirtySectors = new TreeSet<>();
    }

    private final TreeMap<String, Content> files = new TreeMap<>();
    private TreeMap<String, Content> durableEntries = new TreeMap<>();
    private boolean locked;
    private int writeBytesMax = Integer.MAX_VALUE;
    private int callsUntilFailure = Integer.MAX_VALUE;
    private int callsOfFailure;
    private long bytesRead;
    private final List<String> calls = new ArrayList<>();

    /** Writes take no more bytes than this at once from now on. */
    synchronized void shortenWrites(int bytesMax) {
        writeBytesMax = bytesMax;
    }

    /** The n-th write, force, create, rename or delete from now on fails (1 is the next); all others work. */
    synchronized void failCall(int n) {
        callsUntilFailure = n;
        callsOfFailure = 1;
    }

    /** Names of the changing calls so far, as in {@code write segment-0000000000000001.log}. */
    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    synchronized void forgetCalls() {
        calls.clear();
    }

    synchronized long bytesRead() {
        return bytesRead;
    }

    /** The content of a file as it reads now. */
    synchronized byte[] bytes(String name) {
        return files.get(name).bytes.clone();
    }

    /** Replaces a file's content, as if it had been so on the disk. */
    synchronized void replace(String name, byte[] bytes) {
        Content content = new Content();
        content.bytes = bytes.clone();
        content.forced = bytes.clone();
        files.put(name, content);
        durableEntries.put(name, content);
    }

    /** Removes a file, as if it had never been on the disk. */
    synchronized void remove(String name) {
        files.remove(name);
        durableEntries.remove(name);
    }

    /** A process that was killed: everything it wrote is there, its lock is not. */
    synchronized MemoryStorage afterKill() {
        MemoryStorage copy = new MemoryStorage();
        files.forEach((name, content) -> copy.replace(name, content.bytes));
        return copy;
    }

    /** The sectors of a file that a power loss may lose. */
    synchronized List<Integer> unforcedSectors(String name) {
        return List.copyOf(files.get(name).dirtySectors);
    }

    /**
     * A power loss.
     *
     * @param keepsEntry asked once: whether the directory's unforced changes are kept
     * @param keepsSector asked for each unforced sector of each file
     */
    synchronized MemoryStorage afterPowerLoss(boolean keepsEntry, IntPredicate keepsSector) {
        MemoryStorage copy = new MemoryStorage();
        (keepsEntry ? files : durableEntries).forEach((name, content) -> {
            int length = content.forced.length;
            byte[] survived = Arrays.copyOf(content.forced, Math.max(length, content.bytes.length));
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
        if (callsOfFailure > 0 && --callsUntilFailure == 0) {
            callsOfFailure--;
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
        if (files.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        Content content = new Content();
        files.put(name, content);
        return new OpenFile(name, content);
    }

    @Override
    public synchronized StorageFile open(String name) throws IOException {
        Content content = files.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return new OpenFile(name, content);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        change("rename " + from);
        Content content = files.remove(from);
        if (content == null) {
            throw new FileNotFoundException(from);
        }
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

        private final String name;
        private final Content content;
        private boolean closed;

        OpenFile(String name, Content content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            synchronized (MemoryStorage.this) {
                requireOpen();
                int length = Math.min(source.remaining(), writeBytesMax);
                int from = (int) position;
                if (from + length > content.bytes.length) {
                    content.bytes = Arrays.copyOf(content.bytes, from + length);
                }
                change("write " + name);
                source.get(content.bytes, from, length);
                for (int sector = from / SECTOR_BYTES; sector * SECTOR_BYTES < from + length; sector++) {
                    content.dirtySectors.add(sector);
                }
                return length;
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (MemoryStorage.this) {
                requireOpen();
                if (position >= content.bytes.length) {
                    return -1;
                }
                int length = (int) Math.min(target.remaining(), content.bytes.length - position);
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
                change("force " + name);
                content.forced = content.bytes.clone();
                content.dirtySectors.clear();
            }
        }

        @Override
        public void close() {
            closed = true;
        }

        private void requireOpen() throws IOException {
            if (closed) {
                throw new IOException(name + " is closed");
            }
        }
    }
}
