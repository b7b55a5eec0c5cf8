// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.MemberId;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract on a directory in memory, with transfers of at most 700 bytes and the smallest segments, which are written byte
 * by byte, or in blocks.
 */
@ParameterizedClass
@ValueSource(ints = {1, 512, 4096})
final class MemoryJournalTest extends JournalContract {

    private final MemoryStorage storage;

    MemoryJournalTest(int blockBytes) {
        storage = new MemoryStorage(blockBytes);
    }

    @Override
    protected MemberId self() {
        return Samples.A;
    }

    @Override
    protected Journal openJournal() throws IOException {
        storage.shortenTransfers(700);
        if (!SegmentedJournal.isFormatted(storage)) {
            SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        }
        return SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), new JournalOptions(8 << 10));
    }
}
