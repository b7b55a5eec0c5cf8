// SPDX-License-Identifier: Apache-2.0
package io.paxos.cost;

import io.paxos.journal.ForwardingStorage;
import io.paxos.journal.Storage;
import io.paxos.journal.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;

/** Another storage, with a count of what is asked of it. */
public final class CountedStorage extends ForwardingStorage {

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
        super(storage);
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
    public StorageFile create(String name) throws IOException {
        return new Counted(super.create(name));
    }

    @Override
    public StorageFile openToWrite(String name) throws IOException {
        return new Counted(super.openToWrite(name));
    }

    @Override
    public StorageFile openInBlocks(String name) throws IOException {
        return forces ? new Counted(super.openInBlocks(name)) : openToWrite(name);
    }

    @Override
    public void force() throws IOException {
        if (forces) {
            super.force();
        }
    }

    private final class Counted extends ForwardingFile {

        private Counted(StorageFile file) {
            super(file);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            int taken = super.write(source, position);
            writes.increment();
            bytesWritten.add(taken);
            return taken;
        }

        @Override
        public void force() throws IOException {
            forced.increment();
            if (forces) {
                super.force();
            }
        }
    }
}
