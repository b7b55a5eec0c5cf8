// SPDX-License-Identifier: Apache-2.0
package io.paxos.cost;

import io.paxos.journal.Storage;
import io.paxos.journal.StorageFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Another storage, with a count of what is asked of it. */
public final class CountedStorage implements Storage {

    private final Storage storage;
    private final boolean forces;
    private final LongAdder forced = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();

    public CountedStorage(Storage storage) {
        this(storage, true);
    }

    /**
     * @param forces whether a force is passed on; if not, files are as fast as memory, and nothing is durable
     */
    public CountedStorage(Storage storage, boolean forces) {
        this.storage = storage;
        this.forces = forces;
    }

    /** Forces of files; those of the directory are not counted. */
    public long forces() {
        return forced.sum();
    }

    /** Calls that wrote. */
    public long writes() {
        return writes.sum();
    }

    public long bytesWritten() {
        return bytesWritten.sum();
    }

    @Override
    public List<String> list() throws IOException {
        return storage.list();
    }

    @Override
    public StorageFile create(String name) throws IOException {
        return new Counted(storage.create(name));
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return storage.open(name);
    }

    @Override
    public StorageFile openToWrite(String name) throws IOException {
        return new Counted(storage.openToWrite(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        storage.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        storage.delete(name);
    }

    @Override
    public void force() throws IOException {
        if (forces) {
            storage.force();
        }
    }

    @Override
    public Closeable lock(String name) throws IOException {
        return storage.lock(name);
    }

    @Override
    public String toString() {
        return storage.toString();
    }

    private final class Counted implements StorageFile {

        private final StorageFile file;

        private Counted(StorageFile file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            int taken = file.write(source, position);
            writes.increment();
            bytesWritten.add(taken);
            return taken;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void force() throws IOException {
            forced.increment();
            if (forces) {
                file.force();
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
