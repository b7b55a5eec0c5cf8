// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.journal.Storage;
import io.paxos.model.SnapshotId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of a snapshot in a node's directory, found out without a start: it is read whole, by the code that a start reads it
 * with, and nothing is written. Immutable.
 *
 * @param file its name
 * @param slot the state is the one after that slot; 0 if nothing says it
 * @param bytes its length
 * @param state what it is
 * @param detail what is wrong with it, with the place; empty if nothing is
 */
public record SnapshotInspection(String file, long slot, long bytes, State state, String detail) {

    /** What a file of a snapshot can be. */
    public enum State {
        /** Every chunk and the whole match their checksums. */
        WHOLE,
        /** It is not as it was written: a start sets it aside. */
        DAMAGED,
        /** It cannot be read, or a later version wrote it: a start leaves it alone and does not use it. */
        UNUSABLE,
        /** It is on its way from another member: a start goes on with it. */
        PART,
        /** It was being written when the node ended: a start deletes it. */
        UNFINISHED,
        /** It was found damaged before. */
        SET_ASIDE
    }

    /**
     * All of a directory that no node has open, by name.
     *
     * @throws IOException if the directory cannot be read
     */
    public static List<SnapshotInspection> of(Storage storage) throws IOException {
        List<SnapshotInspection> found = new ArrayList<>();
        for (String name : storage.list()) {
            long slot = SnapshotNames.slotOf(name);
            SnapshotId part = SnapshotNames.partOf(name);
            if (slot > 0) {
                found.add(read(storage, name, slot));
            } else if (part != null) {
                found.add(new SnapshotInspection(name, part.slot(), size(storage, name), State.PART, "of " + part));
            } else if (SnapshotNames.isAside(name) || SnapshotNames.isDamaged(name)) {
                State state = SnapshotNames.isAside(name) ? State.UNFINISHED : State.SET_ASIDE;
                found.add(new SnapshotInspection(name, 0, size(storage, name), state, ""));
            }
        }
        return found;
    }

    private static SnapshotInspection read(Storage storage, String name, long slot) {
        long bytes = 0;
        try (SnapshotFile file = SnapshotFile.open(storage, name)) {
            bytes = file.size();
            SnapshotReader.verify(file, slot, Pace.NONE);
            return new SnapshotInspection(name, slot, bytes, State.WHOLE, "");
        } catch (SnapshotException unusable) {
            State state = unusable.kind() == SnapshotException.Kind.DAMAGED ? State.DAMAGED : State.UNUSABLE;
            return new SnapshotInspection(name, slot, bytes, state, String.valueOf(unusable.getMessage()));
        }
    }

    private static long size(Storage storage, String name) {
        try (SnapshotFile file = SnapshotFile.open(storage, name)) {
            return file.size();
        } catch (SnapshotException unreadable) {
            return 0;
        }
    }
}
