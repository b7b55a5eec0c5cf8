// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.journal.ForwardingStorage;
import io.paxos.journal.Storage;
import io.paxos.journal.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Passes everything on, and calls somebody after each call that changes something: the moment for a crash. */
final class ObservedStorage extends ForwardingStorage {

    /** Looks at what is there now. */
    interface Observer {
        void changed() throws IOException;
    }

    private final Observer observer;

    ObservedStorage(Storage storage, Observer observer) {
        super(storage);
        this.observer = observer;
    }

    @Override
    public StorageFile create(String name) throws IOException {
        StorageFile file = super.create(name);
        observer.changed();
        return new ObservedFile(file);
    }

    @Override
    public StorageFile openToWrite(String name) throws IOException {
        return new ObservedFile(super.openToWrite(name));
    }

    @Override
    public StorageFile openInBlocks(String name) throws IOException {
        return new ObservedFile(super.openInBlocks(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        super.rename(from, to);
        observer.changed();
    }

    @Override
    public void delete(String name) throws IOException {
        super.delete(name);
        observer.changed();
    }

    @Override
    public void force() throws IOException {
        super.force();
        observer.changed();
    }

    private final class ObservedFile extends ForwardingFile {

        ObservedFile(StorageFile file) {
            super(file);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            int written = super.write(source, position);
            observer.changed();
            return written;
        }

        @Override
        public void force() throws IOException {
            super.force();
            observer.changed();
        }
    }
}
