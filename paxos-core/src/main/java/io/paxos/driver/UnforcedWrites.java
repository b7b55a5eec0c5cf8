// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.DurableRecord;
import io.paxos.model.Proposal;
import java.util.ArrayDeque;
import java.util.List;

/** What waits for the disk, for how long and how much: the health of the journal as the driver sees it. */
final class UnforcedWrites {

    /** What a record without a value weighs, in bytes; only an order of magnitude. */
    private static final int RECORD_BYTES = 64;

    private final ArrayDeque<Write> writes = new ArrayDeque<>();
    private long bytes;

    void handedOver(long sequence, List<DurableRecord> records, long nowMillis) {
        long size = 0;
        for (DurableRecord record : records) {
            size += RECORD_BYTES + valueBytes(record);
        }
        bytes += size;
        writes.addLast(new Write(sequence, size, nowMillis));
    }

    private static int valueBytes(DurableRecord record) {
        Proposal proposal = null;
        if (record instanceof DurableRecord.Accepted accepted) {
            proposal = accepted.proposal();
        } else if (record instanceof DurableRecord.Chosen chosen) {
            proposal = chosen.proposal();
        }
        return proposal == null ? 0 : proposal.value().length();
    }

    void forced(long sequence) {
        Write first = writes.peekFirst();
        while (first != null && first.sequence <= sequence) {
            bytes -= first.bytes;
            writes.removeFirst();
            first = writes.peekFirst();
        }
    }

    long bytes() {
        return bytes;
    }

    /** Age of the oldest write that is not forced, in milliseconds; 0 if there is none. */
    long oldestMillis(long nowMillis) {
        Write first = writes.peekFirst();
        return first == null ? 0 : nowMillis - first.sinceMillis;
    }

    private record Write(long sequence, long bytes, long sinceMillis) {}
}
