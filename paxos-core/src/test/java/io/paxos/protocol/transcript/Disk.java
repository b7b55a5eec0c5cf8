// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member's disk: records in the order they were written, of which the first few are forced. */
final class Disk {

    private final MemberId self;
    private final List<DurableRecord> records = new ArrayList<>();
    private final Recollection forced = new Recollection();
    private int forcedCount;

    Disk(MemberId self) {
        this.self = self;
    }

    void append(List<DurableRecord> batch) {
        records.addAll(batch);
    }

    int writtenCount() {
        return records.size();
    }

    int forcedCount() {
        return forcedCount;
    }

    boolean isForced() {
        return forcedCount == records.size();
    }

    /** Forces everything written so far and returns what became durable. */
    List<DurableRecord> force() {
        List<DurableRecord> fresh = List.copyOf(records.subList(forcedCount, records.size()));
        fresh.forEach(forced::add);
        forcedCount = records.size();
        return fresh;
    }

    /** Forgets what was written and not forced. Returns how many records that were. */
    int loseUnforced() {
        int lost = records.size() - forcedCount;
        records.subList(forcedCount, records.size()).clear();
        return lost;
    }

    /** What survives a crash at this moment. */
    Recollection durable() {
        return forced;
    }

    DurableState recovered(long boot) {
        return forced.toState(self, boot);
    }

    /** Chosen values from the first slot of the range on, without a gap, none above the last forced mark. */
    List<Proposal> readChosen(SlotRange slots, int bytesMax) {
        List<Proposal> read = new ArrayList<>();
        long bytes = 0;
        for (long slot = slots.first(); slot <= Math.min(slots.last(), forced.knownChosen()); slot++) {
            @Nullable Proposal chosen = forced.valueOf(slot);
            if (chosen == null) {
                throw new Violation(
                        self + " marked " + forced.knownChosen() + " known chosen and has no value for slot " + slot);
            }
            bytes += chosen.value().length();
            if (!read.isEmpty() && bytes > bytesMax) {
                break;
            }
            read.add(chosen);
        }
        return read;
    }
}
