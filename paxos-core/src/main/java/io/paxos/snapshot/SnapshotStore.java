// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.journal.Storage;
import io.paxos.model.SnapshotId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one directory, which is the journal's too: the two newest are kept, and one more while it is being sent.
 *
 * <p>A snapshot is written or received aside, forced, renamed, the directory forced, and read back whole; only then is an
 * older one deleted. A crash at any step leaves the old ones or the old ones and the new one. What is found damaged is not
 * deleted: it is renamed to end in {@code .damaged}, and the damaged one before it goes, so that there is at most one.
 *
 * <p>Threads: {@link #create}, {@link #receive} and {@link #newest} are called by one thread at a time, and one snapshot is
 * written and one received at a time, each by a thread of its own. Everything else may be called by any thread.
 */
public final class SnapshotStore {

    /** Most bytes a session table can have. */
    public static final int SESSIONS_BYTES_MAX = 64 << 20;

    /** Most bytes that {@link #bytes} returns at once. */
    public static final int READ_BYTES_MAX = 1 << 20;

    /** After so much written or read back, whoever sets the pace is asked. */
    static final int PACED_BYTES = 1 << 20;

    /** A force of so much takes a few milliseconds on a common disk, and the journal's may have to wait for it. */
    private static final long FORCE_EVERY_BYTES = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);

    private final Storage storage;
    private final long forceEveryBytes;
    private final KeptSnapshots kept = new KeptSnapshots();
    private @Nullable SnapshotWriter writer;
    private @Nullable IncomingSnapshot incoming;

    private SnapshotStore(Storage storage, long forceEveryBytes) {
        this.storage = storage;
        this.forceEveryBytes = forceEveryBytes;
    }

    /**
     * Lists the snapshots of a directory that the caller has locked, deletes what a crash left half written, and keeps at
     * most one half received one.
     *
     * @throws SnapshotException if the directory cannot be read or forced
     */
    public static SnapshotStore open(Storage storage) throws SnapshotException {
        return open(storage, FORCE_EVERY_BYTES);
    }

    /** The same with a force after every so many bytes. */
    static SnapshotStore open(Storage storage, long forceEveryBytes) throws SnapshotException {
        SnapshotStore store = new SnapshotStore(storage, forceEveryBytes);
        boolean isEmpty = true;
        for (String name : store.list()) {
            long slot = SnapshotNames.slotOf(name);
            if (SnapshotNames.isAside(name)) {
                store.deleteLeftover(name);
            } else if (slot > 0) {
                isEmpty = false;
                store.glance(name, slot);
            }
        }
        SnapshotId partial = store.partial();
        store.deletePartsBut(partial);
        if (!isEmpty) {
            // A crash may have come between the rename and the force of the directory. From here on the log may be
            // trimmed.
            store.forceDirectory();
        }
        return store;
    }

    /** Takes the id from the end of the file, which is not checked: that would be to read all of it. */
    private void glance(String name, long slot) {
        try (SnapshotFile file = SnapshotFile.open(storage, name)) {
            long bytes = file.size();
            if (bytes >= Layout.FILE_BYTES_MIN) {
                ByteBuffer end = ByteBuffer.allocate(Long.BYTES + Layout.CRC_BYTES);
                file.read(end, bytes - end.capacity());
                if (end.getLong(0) == bytes) {
                    kept.add(new SnapshotId(slot, bytes, end.getInt(Long.BYTES)));
                    return;
                }
            }
        } catch (SnapshotException | IllegalArgumentException unreadable) {
            LOG.warn("snapshot file {}/{}: {}", storage, name, unreadable.getMessage());
        }
        kept.doubt(slot);
    }

    // ---- which there are ------------------------------------------------------------------------------------

    /** The snapshots there are, ascending by slot. After {@link #open} their files were not read yet. */
    public List<SnapshotId> kept() {
        return kept.list();
    }

    /**
     * How far the log may be trimmed: the slot of the second newest snapshot, 0 if there is none, so that falling back to it
     * meets no hole in the log.
     */
    public long floor() {
        return kept.floor();
    }

    /**
     * Reads the snapshots whole, from the newest on, up to the first good one. Damaged ones are set aside and not kept any
     * more; ones that cannot be read, or that a later version wrote, stay where they are and are not used.
     *
     * <p>Takes as long as reading the file. If there is no good one, damaged ones that were set aside before are reported
     * too.
     */
    public NewestSnapshot newest() {
        List<DamagedSnapshot> damaged = new ArrayList<>();
        for (long slot : kept.candidates()) {
            String name = SnapshotNames.snap(slot);
            try {
                SnapshotId id = verify(name, slot, Pace.NONE);
                kept.confirm(id);
                deleteUnneeded();
                return new NewestSnapshot(id, damaged);
            } catch (SnapshotException unusable) {
                boolean isDamaged = unusable.kind() == SnapshotException.Kind.DAMAGED;
                String now = isDamaged ? setAside(slot) : name;
                damaged.add(new DamagedSnapshot(now, unusable.offset(), reasonOf(unusable)));
                if (now.equals(name)) {
                    kept.doubt(slot);
                } else {
                    kept.remove(slot);
                }
            }
        }
        if (damaged.isEmpty()) {
            reportSetAside(damaged);
        }
        return new NewestSnapshot(null, damaged);
    }

    private static String reasonOf(SnapshotException unusable) {
        return String.valueOf(unusable.getMessage());
    }

    private SnapshotId verify(String name, long slot, Pace pace) throws SnapshotException {
        try (SnapshotFile file = SnapshotFile.open(storage, name)) {
            return SnapshotReader.verify(file, slot, pace);
        }
    }

    /** Renames a damaged snapshot, and returns its name after that; it is the same one if that failed. */
    private String setAside(long slot) {
        String name = SnapshotNames.snap(slot);
        String aside = SnapshotNames.damaged(slot);
        try {
            for (String each : storage.list()) {
                if (SnapshotNames.isDamaged(each) && !each.equals(aside)) {
                    storage.delete(each);
                }
            }
            storage.rename(name, aside);
            return aside;
        } catch (IOException failed) {
            LOG.warn("snapshot file {}/{}: cannot be set aside: {}", storage, name, failed.toString());
            return name;
        }
    }

    private void reportSetAside(List<DamagedSnapshot> damaged) {
        try {
            for (String name : list()) {
                if (SnapshotNames.isDamaged(name)) {
                    String reason =
                            "snapshot file " + storage + "/" + name + ": was found damaged and set aside before";
                    damaged.add(new DamagedSnapshot(name, -1, reason));
                }
            }
        } catch (SnapshotException failed) {
            damaged.add(new DamagedSnapshot("", -1, reasonOf(failed)));
        }
    }

    // ---- writing --------------------------------------------------------------------------------------------

    /** Begins to write a snapshot, as fast as it goes. */
    public SnapshotWriter create(SnapshotMeta meta, byte[] sessions) throws SnapshotException {
        return create(meta, sessions, Pace.NONE);
    }

    /**
     * Begins to write a snapshot.
     *
     * @param sessions the session table's bytes, 0..{@link #SESSIONS_BYTES_MAX} of them; only read
     * @param pace how fast to write it, and to read it back
     * @throws SnapshotException of kind {@link SnapshotException.Kind#STALE} if there is one of that slot or a later one
     * @throws IllegalStateException if one is being written
     */
    public SnapshotWriter create(SnapshotMeta meta, byte[] sessions, Pace pace) throws SnapshotException {
        if (sessions.length > SESSIONS_BYTES_MAX) {
            throw new IllegalArgumentException("snapshot sessions: " + sessions.length
                    + " bytes are outside the allowed range 0.." + SESSIONS_BYTES_MAX);
        }
        if (writer != null && writer.isOpen()) {
            throw new IllegalStateException("snapshot store " + storage + ": a snapshot is being written");
        }
        String aside = SnapshotNames.aside(meta.slot());
        requireNewer(meta.slot(), aside);
        if (list().contains(aside)) {
            deleteLeftover(aside); // One that could not be deleted when it failed.
        }
        SnapshotFile file = SnapshotFile.create(storage, aside, Math.min(forceEveryBytes, PACED_BYTES), pace);
        SnapshotWriter created = null;
        try {
            created = new SnapshotWriter(this, file, aside, meta, sessions, pace);
            writer = created;
            return created;
        } finally {
            if (created == null) {
                file.close();
                deleteLeftover(aside);
            }
        }
    }

    /**
     * Begins to receive a snapshot of another member, or goes on with it if a part of the very same is here. Parts of other
     * ones are deleted.
     *
     * @throws SnapshotException of kind {@link SnapshotException.Kind#STALE} if there is one of that slot or a later one
     * @throws IllegalStateException if one is being received
     */
    public IncomingSnapshot receive(SnapshotId id) throws SnapshotException {
        if (incoming != null && incoming.isOpen()) {
            throw new IllegalStateException("snapshot store " + storage + ": a snapshot is being received");
        }
        String part = SnapshotNames.part(id);
        requireNewer(id.slot(), part);
        deletePartsBut(id);
        IncomingSnapshot received = null;
        if (list().contains(part)) {
            received = IncomingSnapshot.resume(this, storage, id, forceEveryBytes);
            if (received == null) {
                deleteLeftover(part);
            }
        }
        if (received == null) {
            received = IncomingSnapshot.begin(this, storage, id, forceEveryBytes);
        }
        incoming = received;
        return received;
    }

    /** The snapshot of which a part is here, to go on with; null if there is none. */
    public @Nullable SnapshotId partial() throws SnapshotException {
        SnapshotId best = null;
        for (String name : list()) {
            SnapshotId id = SnapshotNames.partOf(name);
            if (id != null && id.slot() > kept.newestSlot() && (best == null || id.slot() > best.slot())) {
                best = id;
            }
        }
        return best;
    }

    private void deletePartsBut(@Nullable SnapshotId wanted) throws SnapshotException {
        for (String name : list()) {
            if (SnapshotNames.isPart(name) && (wanted == null || !name.equals(SnapshotNames.part(wanted)))) {
                deleteLeftover(name);
            }
        }
    }

    private void requireNewer(long slot, String name) throws SnapshotException {
        long newest = kept.newestSlot();
        if (slot <= newest) {
            throw new SnapshotException(
                    SnapshotException.Kind.STALE, storage + "/" + name, "there is a snapshot of slot " + newest);
        }
    }

    /** Puts a whole, forced file among the snapshots, or deletes it. */
    synchronized void publish(SnapshotId id, String from, Pace pace) throws SnapshotException {
        String name = SnapshotNames.snap(id.slot());
        String now = from;
        boolean isPublished = false;
        try {
            requireNewer(id.slot(), from);
            try {
                storage.rename(from, name);
            } catch (IOException failed) {
                throw SnapshotException.failed(storage + "/" + from, "cannot be renamed to " + name, failed);
            }
            now = name;
            forceDirectory();
            SnapshotId found = verify(name, id.slot(), pace);
            if (!found.equals(id)) {
                throw SnapshotException.damaged(storage + "/" + name, -1, "read back it is " + found + ", not " + id);
            }
            isPublished = true;
        } finally {
            if (!isPublished) {
                deleteLeftover(now);
            }
        }
        kept.confirm(id);
        deleteUnneeded();
    }

    private void forceDirectory() throws SnapshotException {
        try {
            storage.force();
        } catch (IOException failed) {
            throw SnapshotException.failed(storage.toString(), "the directory cannot be forced", failed);
        }
    }

    private void deleteUnneeded() {
        for (SnapshotId each : kept.removeUnneeded()) {
            deleteLeftover(SnapshotNames.snap(each.slot()));
        }
    }

    /** Deletes a file nobody needs; one that stays is looked at again at the next start. */
    void deleteLeftover(String name) {
        try {
            storage.delete(name);
        } catch (IOException failed) {
            LOG.warn("snapshot file {}/{}: cannot be deleted: {}", storage, name, failed.toString());
        }
    }

    private List<String> list() throws SnapshotException {
        try {
            return storage.list();
        } catch (IOException failed) {
            throw SnapshotException.failed(storage.toString(), "the directory cannot be read", failed);
        }
    }

    // ---- reading and sending --------------------------------------------------------------------------------

    /**
     * Opens a snapshot to restore from. The caller closes it.
     *
     * @throws SnapshotException of kind {@link SnapshotException.Kind#GONE} if it is not kept; of kind
     *     {@link SnapshotException.Kind#DAMAGED} if its beginning is damaged
     */
    public SnapshotReader read(SnapshotId id) throws SnapshotException {
        SnapshotFile file = openKept(id);
        SnapshotReader reader = null;
        try {
            reader = new SnapshotReader(file, id);
            return reader;
        } finally {
            if (reader == null) {
                file.close();
            }
        }
    }

    /**
     * Bytes of a snapshot's file as they are, to be sent. They are not checked here: who receives them does.
     *
     * @param offset where in the file, 0 to its length
     * @param length 0..{@link #READ_BYTES_MAX}; fewer are returned where the file ends
     * @throws SnapshotException of kind {@link SnapshotException.Kind#GONE} if it is not kept (see {@link #hold})
     */
    public byte[] bytes(SnapshotId id, long offset, int length) throws SnapshotException {
        if (offset < 0 || offset > id.bytes()) {
            throw new IllegalArgumentException(
                    "snapshot offset: " + offset + " is outside the allowed range 0.." + id.bytes());
        }
        if (length < 0 || length > READ_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "snapshot length: " + length + " bytes are outside the allowed range 0.." + READ_BYTES_MAX);
        }
        byte[] bytes = new byte[(int) Math.min(length, id.bytes() - offset)];
        try (SnapshotFile file = openKept(id)) {
            file.read(ByteBuffer.wrap(bytes), offset);
        }
        return bytes;
    }

    private SnapshotFile openKept(SnapshotId id) throws SnapshotException {
        String name = SnapshotNames.snap(id.slot());
        if (kept.contains(id)) {
            try {
                return SnapshotFile.open(storage, name);
            } catch (SnapshotException failed) {
                if (kept.contains(id)) {
                    throw failed;
                }
            }
        }
        throw new SnapshotException(
                SnapshotException.Kind.GONE, storage + "/" + name, "the snapshot of " + id + " is not kept");
    }

    /**
     * Keeps a snapshot from being deleted until {@link #release}, as often as it was held. Beyond the two newest only one is
     * kept, the oldest that is held; another one's transfer ends with {@link SnapshotException.Kind#GONE}.
     *
     * @return whether it is kept
     */
    public boolean hold(SnapshotId id) {
        return kept.hold(id);
    }

    /** Undoes one {@link #hold}; the file is deleted here if nobody needs it any more. */
    public void release(SnapshotId id) {
        kept.release(id);
        deleteUnneeded();
    }
}
