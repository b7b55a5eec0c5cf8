// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.ClusterId;
import io.paxos.model.NodeId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory of one journal, locked: which files are in it, and how one is replaced so that a crash leaves the old
 * one or the new one. Everything that appears under its final name was written aside, forced and renamed, and the
 * directory forced after (hazard S16).
 *
 * <pre>
 * lock                          empty; locked for as long as the journal is open
 * identity                      whose journal this is
 * segment-0000000000000001.log  records, the oldest
 * segment-….log                 …
 * ….new                         being written when the process died; worth nothing
 * snapshot-…                    the snapshots' own; nothing here touches them
 * </pre>
 */
final class JournalDirectory implements Closeable {

    private static final String LOCK = "lock";
    private static final String IDENTITY = "identity";
    private static final String ASIDE = ".new";
    private static final String SNAPSHOT = "snapshot-";

    private final Storage storage;
    private final Closeable lock;
    private Identity identity;

    private JournalDirectory(Storage storage, Closeable lock, Identity identity) {
        this.storage = storage;
        this.lock = lock;
        this.identity = identity;
    }

    static boolean isFormatted(Storage storage) throws IOException {
        return storage.list().contains(IDENTITY);
    }

    /** Makes a directory a journal's: explicit, once, never over another one or its remains. */
    static void format(Storage storage, Identity fresh) throws IOException {
        Closeable lock = storage.lock(LOCK);
        try (lock) {
            for (String file : storage.list()) {
                if (file.equals(IDENTITY) || SegmentHeader.sequenceOf(file) > 0 || file.startsWith(SNAPSHOT)) {
                    throw new JournalException(
                            JournalException.Kind.ALREADY_FORMATTED,
                            "journal directory " + storage + ": cannot be formatted, it already holds " + file);
                }
            }
            JournalDirectory directory = new JournalDirectory(storage, lock, fresh);
            directory.removeLeftovers();
            directory.writeIdentity(directory.identity);
        }
    }

    /**
     * Locks a formatted directory and checks whose it is.
     *
     * @throws JournalException if it is not formatted, locked, foreign or damaged
     */
    static JournalDirectory open(Storage storage, ClusterId cluster, NodeId node) throws IOException {
        requireFormatted(storage);
        Closeable lock = storage.lock(LOCK);
        boolean opened = false;
        try {
            requireFormatted(storage);
            Identity identity = readIdentity(storage);
            if (!identity.cluster().equals(cluster) || !identity.self().node().equals(node)) {
                throw new JournalException(
                        JournalException.Kind.FOREIGN,
                        "journal directory " + storage + ": belongs to node "
                                + identity.self().node() + " of cluster " + identity.cluster() + ", not to node " + node
                                + " of cluster " + cluster);
            }
            JournalDirectory directory = new JournalDirectory(storage, lock, identity);
            directory.removeLeftovers();
            opened = true;
            return directory;
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    /**
     * Takes its vote from a formatted directory, for good. Nothing happens if it has none.
     *
     * @throws JournalException as {@link #open}; and if it adopted a founding as a voter
     */
    static void renounceVote(Storage storage, ClusterId cluster, NodeId node) throws IOException {
        try (JournalDirectory directory = open(storage, cluster, node)) {
            Identity identity = directory.identity();
            if (identity.voteless()) {
                return;
            }
            if (identity.founding() != null) {
                throw new JournalException(
                        JournalException.Kind.ALREADY_FORMATTED,
                        "journal directory " + storage + ": holds the log of a voter of founding "
                                + identity.founding().id()
                                + "; a member that has its directory starts without rejoining. If it must not vote any"
                                + " more, move the directory away, and rejoin with an empty one");
            }
            directory.writeIdentity(identity.withoutVote());
        }
    }

    /**
     * Reads whose a formatted directory is, to look at it and no more: it is not locked, nothing in it is changed.
     *
     * @throws JournalException if it is not formatted, or its identity is damaged or of a later version
     */
    static JournalDirectory look(ReadOnlyStorage storage) throws IOException {
        requireFormatted(storage);
        return new JournalDirectory(storage, () -> {}, readIdentity(storage));
    }

    /** Whether a node has the directory open. */
    static boolean isLocked(Storage storage) throws IOException {
        return storage.isLocked(LOCK);
    }

    private static void requireFormatted(Storage storage) throws IOException {
        if (!isFormatted(storage)) {
            throw new JournalException(
                    JournalException.Kind.NOT_FORMATTED,
                    "journal directory " + storage + ": holds no " + IDENTITY + " file, so it is not formatted");
        }
    }

    private static Identity readIdentity(Storage storage) throws IOException {
        try (StorageFile file = storage.open(IDENTITY)) {
            ByteBuffer bytes = ByteBuffer.allocate(Identity.BYTES_MAX);
            FileBytes.readFully(file, IDENTITY, bytes, 0);
            return Identity.decode(bytes.flip(), IDENTITY);
        }
    }

    private void removeLeftovers() throws IOException {
        for (String file : storage.list()) {
            String name = file.endsWith(ASIDE) ? file.substring(0, file.length() - ASIDE.length()) : "";
            if (name.equals(IDENTITY) || SegmentHeader.sequenceOf(name) > 0) {
                storage.delete(file);
            }
        }
    }

    Storage storage() {
        return storage;
    }

    Identity identity() {
        return identity;
    }

    /** Replaces the identity; returns when the new one is durable. */
    void writeIdentity(Identity replacement) throws IOException {
        StorageFile written = publish(IDENTITY, aside -> {
            FileBytes.writeFully(aside, replacement.encode(), 0);
            return aside;
        });
        written.close();
        identity = replacement;
    }

    /** Sequences of the segments there are, ascending. */
    List<Long> segments() throws IOException {
        return segments(storage);
    }

    static List<Long> segments(Storage storage) throws IOException {
        List<Long> sequences = new ArrayList<>();
        for (String file : storage.list()) {
            long sequence = SegmentHeader.sequenceOf(file);
            if (sequence > 0) {
                sequences.add(sequence);
            }
        }
        return sequences;
    }

    /** Deletes segments that contribute no record any more. It matters to nobody when that becomes durable. */
    void deleteSegments(List<Long> sequences) throws IOException {
        for (long sequence : sequences) {
            storage.delete(SegmentHeader.fileName(sequence));
        }
    }

    /** Fills a new file before anyone sees it, and says how it goes on. */
    interface Content<T> {
        T write(StorageFile aside) throws IOException;
    }

    /** Makes a file with that content, durable under its final name. It is left open, for the
     * content to go on or to close. */
    <T> T publish(String name, Content<T> content) throws IOException {
        return publish(name, storage.create(name + ASIDE), content);
    }

    /** The name under which a file is written before it is published. */
    static String aside(String name) {
        return name + ASIDE;
    }

    /** The same with a file that is there already under its {@link #aside} name. */
    <T> T publish(String name, StorageFile file, Content<T> content) throws IOException {
        boolean published = false;
        try {
            T written = content.write(file);
            file.force();
            storage.rename(name + ASIDE, name);
            storage.force();
            published = true;
            return written;
        } finally {
            if (!published) {
                file.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
