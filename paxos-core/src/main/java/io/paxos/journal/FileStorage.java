// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * A directory of a file system, through {@link FileChannel}. No memory-mapping: an I/O error would arrive as a signal
 * (hazard S25).
 */
public final class FileStorage implements Storage {

    /**
     * Directories locked by this JVM. A second channel on a lock file must not even be opened: closing it would give
     * back the first one's lock, on systems where locks belong to the process (POSIX {@code fcntl}).
     */
    private static final Set<Path> LOCKED_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final boolean directWrites;

    /**
     * Opens nothing yet.
     *
     * @param directory need not exist; formatting makes it
     */
    public FileStorage(Path directory) {
        this(directory, true);
    }

    /**
     * Opens nothing yet.
     *
     * @param directory need not exist; formatting makes it
     * @param directWrites whether files in blocks are written past the page cache where that can be had (ext4 and xfs)
     */
    public FileStorage(Path directory, boolean directWrites) {
        this.directory = directory.toAbsolutePath().normalize();
        this.directWrites = directWrites;
    }

    @Override
    public List<String> list() throws IOException {
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public StorageFile create(String name) throws IOException {
        return new ChannelFile(FileChannel.open(
                directory.resolve(name),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.READ));
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return new ChannelFile(FileChannel.open(directory.resolve(name), StandardOpenOption.READ));
    }

    @Override
    public StorageFile openToWrite(String name) throws IOException {
        return new ChannelFile(
                FileChannel.open(directory.resolve(name), StandardOpenOption.WRITE, StandardOpenOption.READ));
    }

    @Override
    public StorageFile openInBlocks(String name) throws IOException {
        DirectFile direct = directWrites ? DirectFile.openIfPossible(directory.resolve(name)) : null;
        return direct == null ? openToWrite(name) : direct;
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    @Override
    public void force() throws IOException {
        force(directory);
    }

    /** On Linux a directory can be opened to read and forced; that is what makes a rename in it durable (hazard S16). */
    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Closeable lock(String name) throws IOException {
        makeDirectories(directory);
        Path key = directory.toRealPath();
        if (!LOCKED_HERE.add(key)) {
            throw locked("this process has it open already");
        }
        boolean taken = false;
        try {
            FileChannel channel =
                    FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    throw locked("another process has it open");
                }
                taken = true;
                AtomicBoolean released = new AtomicBoolean();
                return () -> {
                    if (released.compareAndSet(false, true)) {
                        try (channel) {
                            lock.release();
                        } finally {
                            LOCKED_HERE.remove(key);
                        }
                    }
                };
            } catch (OverlappingFileLockException held) {
                throw locked("this process has it open already");
            } finally {
                if (!taken) {
                    channel.close();
                }
            }
        } finally {
            if (!taken) {
                LOCKED_HERE.remove(key);
            }
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>A shared lock on a channel that only reads conflicts with the exclusive one of a node and needs neither a file
     * that can be written nor a mount that can. It is held for a moment, in which a node that starts is refused.
     */
    @Override
    public boolean isLocked(String name) throws IOException {
        Path file = directory.resolve(name);
        if (Files.notExists(file)) {
            return false;
        }
        Path key = directory.toRealPath();
        if (!LOCKED_HERE.add(key)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock shared = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return shared == null;
        } catch (OverlappingFileLockException held) {
            return true;
        } finally {
            LOCKED_HERE.remove(key);
        }
    }

    private JournalException locked(String who) {
        return new JournalException(JournalException.Kind.LOCKED, "journal directory " + directory + ": " + who);
    }

    /** Makes what is missing of the path, and each new directory's entry in its parent durable. */
    private static void makeDirectories(Path wanted) throws IOException {
        if (Files.isDirectory(wanted)) {
            return;
        }
        Path parent = wanted.getParent();
        if (parent != null) {
            makeDirectories(parent);
        }
        Files.createDirectory(wanted);
        if (parent != null) {
            force(parent);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
