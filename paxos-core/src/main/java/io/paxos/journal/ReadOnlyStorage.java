// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** A storage through which nothing can be changed, whoever tries; it counts how far its files were read. */
final class ReadOnlyStorage implements Storage {

    private final Storage storage;
    private final LongConsumer reachedBytes;
    private final TreeMap<String, Long> reached = new TreeMap<>();
    private long reachedSum;

    /**
     * @param reachedBytes is told the sum, over all files, of the highest offset read in each
     */
    ReadOnlyStorage(Storage storage, LongConsumer reachedBytes) {
        this.storage = storage;
        this.reachedBytes = reachedBytes;
    }

    @Override
    public List<String> list() throws IOException {
        return storage.list();
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return new ReadOnlyFile(storage.open(name), name);
    }

    @Override
    public boolean isLocked(String name) throws IOException {
        return storage.isLocked(name);
    }

    @Override
    public StorageFile create(String name) {
        throw changes("create " + name);
    }

    @Override
    public StorageFile openToWrite(String name) {
        throw changes("write to " + name);
    }

    @Override
    public StorageFile openInBlocks(String name) {
        throw changes("write to " + name);
    }

    @Override
    public void rename(String from, String to) {
        throw changes("rename " + from);
    }

    @Override
    public void delete(String name) {
        throw changes("delete " + name);
    }

    @Override
    public void force() {
        throw changes("force");
    }

    @Override
    public Closeable lock(String name) {
        throw changes("lock " + name);
    }

    private UnsupportedOperationException changes(String what) {
        return new UnsupportedOperationException("journal directory " + storage + " is only looked at: " + what);
    }

    private void reach(String name, long offset) {
        long before = reached.getOrDefault(name, 0L);
        if (offset > before) {
            reached.put(name, offset);
            reachedSum += offset - before;
            reachedBytes.accept(reachedSum);
        }
    }

    @Override
    public String toString() {
        return storage.toString();
    }

    private final class ReadOnlyFile implements StorageFile {

        private final StorageFile file;
        private final String name;

        ReadOnlyFile(StorageFile file, String name) {
            this.file = file;
            this.name = name;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int read = file.read(target, position);
            if (read > 0) {
                reach(name, position + read);
            }
            return read;
        }

        @Override
        public int write(ByteBuffer source, long position) {
            throw changes("write " + name);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void force() {
            throw changes("force " + name);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
