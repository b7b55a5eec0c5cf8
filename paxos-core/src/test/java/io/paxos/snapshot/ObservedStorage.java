// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.journal.Storage;
import io.paxos.journal.StorageFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Passes everything on, and calls somebody after each call that changes something: the moment for a crash. */
final class ObservedStorage implements Storage {

    /** Looks at what is there now. */
    interface Observer {
        void changed() throws IOException;
    }

    private final Storage storage;
    private final Observer observer;

    ObservedStorage(Storage storage, Observer observer) {
        this.storage = storage;
        this.observer = observer;
    }

    @Override
    public List<String> list() throws IOException {
        return storage.list();
    }

    @Override
    public StorageFile create(String name) throws IOException {
        StorageFile file = storage.create(name);
        observer.changed();
        return new ObservedFile(file);
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return storage.open(name);
    }

    @Override
    public StorageFile openToWrite(String name) throws IOException {
        return new ObservedFile(storage.openToWrite(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        storage.rename(from, to);
        observer.changed();
    }

    @Override
    public void delete(String name) throws IOException {
        storage.delete(name);
        observer.changed();
    }

    @Override
    public void force() throws IOException {
        storage.force();
        observer.changed();
    }

    @Override
    public Closeable lock(String name) throws IOException {
        return storage.lock(name);
    }

    @Override
    public String toString() {
        return storage.toString();
    }

    private final class ObservedFile implements StorageFile {

        private final StorageFile file;

        ObservedFile(StorageFile file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            int written = file.write(source, position);
            observer.changed();
            return written;
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
            file.force();
            observer.changed();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
