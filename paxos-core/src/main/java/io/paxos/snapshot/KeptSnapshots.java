// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.model.SnapshotId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which snapshots are kept, and which of them somebody is sending: the two newest, and at most one more that is held.
 *
 * <p>Any thread; nothing here touches a file.
 */
final class KeptSnapshots {

    private static final int KEPT = 2;

    private final TreeMap<Long, SnapshotId> kept = new TreeMap<>();
    private final TreeSet<Long> doubtful = new TreeSet<>();
    private final TreeSet<Long> readWhole = new TreeSet<>();
    private final SortedMap<Long, Integer> holds = new TreeMap<>();

    /** A file that looks like that snapshot, and was not read yet. */
    synchronized void add(SnapshotId id) {
        kept.put(id.slot(), id);
    }

    /** It was read whole just now, and is that snapshot. */
    synchronized void confirm(SnapshotId id) {
        doubtful.remove(id.slot());
        readWhole.add(id.slot());
        kept.put(id.slot(), id);
    }

    /** There is a file of that slot, of which nobody knows whether it is a snapshot. */
    synchronized void doubt(long slot) {
        remove(slot);
        doubtful.add(slot);
    }

    synchronized void remove(long slot) {
        kept.remove(slot);
        doubtful.remove(slot);
        readWhole.remove(slot);
    }

    /** Ascending by slot. */
    synchronized List<SnapshotId> list() {
        return List.copyOf(kept.values());
    }

    /** Slots of all files that may be snapshots, the newest first. */
    synchronized List<Long> candidates() {
        NavigableSet<Long> slots = new TreeSet<>(doubtful);
        slots.addAll(kept.keySet());
        return List.copyOf(slots.descendingSet());
    }

    synchronized boolean contains(SnapshotId id) {
        return id.equals(kept.get(id.slot()));
    }

    synchronized long newestSlot() {
        return kept.isEmpty() ? 0 : kept.lastKey();
    }

    synchronized long floor() {
        Long older = kept.isEmpty() ? null : kept.lowerKey(kept.lastKey());
        return older == null ? 0 : older;
    }

    /** Notes one more holder, unless the snapshot is not kept. */
    synchronized boolean hold(SnapshotId id) {
        if (!contains(id)) {
            return false;
        }
        holds.merge(id.slot(), 1, Integer::sum);
        return true;
    }

    synchronized void release(SnapshotId id) {
        holds.computeIfPresent(id.slot(), (slot, holders) -> holders == 1 ? null : holders - 1);
    }

    /**
     * Takes out what is neither among the two newest nor the one that is held. Of several held ones the oldest stays: its
     * transfer began first, and if every new snapshot cut off the oldest transfer, a slow member would never get one whole
     * (hazard R7). As long as the newest one was not read back, nothing goes: a crash may have come in between.
     */
    synchronized List<SnapshotId> removeUnneeded() {
        if (!readWhole.contains(newestSlot())) {
            return List.of();
        }
        List<SnapshotId> older = new ArrayList<>(kept.values());
        older.subList(Math.max(0, older.size() - KEPT), older.size()).clear();
        SnapshotId held = oldestHeld(older);
        older.remove(held);
        for (SnapshotId each : older) {
            remove(each.slot());
            holds.remove(each.slot());
        }
        return older;
    }

    private @Nullable SnapshotId oldestHeld(List<SnapshotId> ascending) {
        for (SnapshotId each : ascending) {
            if (holds.containsKey(each.slot())) {
                return each;
            }
        }
        return null;
    }

    @Override
    public synchronized String toString() {
        Map<String, Object> parts = new TreeMap<>();
        parts.put("kept", kept.keySet());
        parts.put("doubtful", doubtful);
        parts.put("held", holds.keySet());
        return parts.toString();
    }
}
