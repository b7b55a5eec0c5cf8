// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.journal.Storage;
import io.paxos.journal.StorageFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One open file of the directory: whole writes and reads over transfers that may do less than asked (hazard S15), failures
 * with the path, and a force every so many bytes, so that the last one, and the journal's forces beside it, never wait for
 * a whole snapshot.
 *
 * <p>One thread at a time.
 */
final class SnapshotFile implements Closeable {

    private final StorageFile file;
    private final String path;
    private final long forceEveryBytes;
    private final Pace pace;
    private long unforcedBytes;

    private SnapshotFile(StorageFile file, String path, long forceEveryBytes, Pace pace) {
        this.file = file;
        this.path = path;
        this.forceEveryBytes = forceEveryBytes;
        this.pace = pace;
    }

    static SnapshotFile create(Storage storage, String name, long forceEveryBytes, Pace pace) throws SnapshotException {
        String path = storage + "/" + name;
        try {
            return new SnapshotFile(storage.create(name), path, forceEveryBytes, pace);
        } catch (IOException failed) {
            throw SnapshotException.failed(path, "cannot be created", failed);
        }
    }

    static SnapshotFile openToWrite(Storage storage, String name, long forceEveryBytes) throws SnapshotException {
        String path = storage + "/" + name;
        try {
            return new SnapshotFile(storage.openToWrite(name), path, forceEveryBytes, Pace.NONE);
        } catch (IOException failed) {
            throw SnapshotException.failed(path, "cannot be opened to write", failed);
        }
    }

    static SnapshotFile open(Storage storage, String name) throws SnapshotException {
        String path = storage + "/" + name;
        try {
            return new SnapshotFile(storage.open(name), path, Long.MAX_VALUE, Pace.NONE);
        } catch (IOException failed) {
            throw SnapshotException.failed(path, "cannot be opened", failed);
        }
    }

    String path() {
        return path;
    }

    long size() throws SnapshotException {
        try {
            return file.size();
        } catch (IOException failed) {
            throw SnapshotException.failed(path, "its length cannot be read", failed);
        }
    }

    /** Writes everything that remains in the buffer. */
    void write(ByteBuffer source, long position) throws SnapshotException {
        int length = source.remaining();
        long at = position;
        while (source.hasRemaining()) {
            int written;
            try {
                written = file.write(source, at);
            } catch (IOException failed) {
                throw new SnapshotException(
                        SnapshotException.Kind.FAILED, path, at, "cannot be written: " + failed, failed);
            }
            if (written <= 0) {
                throw new SnapshotException(
                        SnapshotException.Kind.FAILED,
                        path,
                        at,
                        "a write of " + source.remaining() + " bytes wrote nothing",
                        null);
            }
            at += written;
        }
        unforcedBytes += length;
        if (unforcedBytes >= forceEveryBytes) {
            force();
            pace.stepDone();
        }
    }

    void force() throws SnapshotException {
        unforcedBytes = 0;
        try {
            file.force();
        } catch (IOException failed) {
            throw SnapshotException.failed(path, "cannot be forced", failed);
        }
    }

    /** Fills what remains of the buffer; bytes that are not there are damage, bytes that cannot be read are not. */
    void read(ByteBuffer target, long position) throws SnapshotException {
        long at = position;
        while (target.hasRemaining()) {
            int read;
            try {
                read = file.read(target, at);
            } catch (IOException failed) {
                throw new SnapshotException(
                        SnapshotException.Kind.FAILED, path, at, "cannot be read: " + failed, failed);
            }
            if (read <= 0) {
                throw SnapshotException.damaged(path, at, "it ends " + target.remaining() + " bytes too early");
            }
            at += read;
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException ignored) {
            // Closing forces nothing, so it cannot tell anything about what is durable.
            return;
        }
    }
}
