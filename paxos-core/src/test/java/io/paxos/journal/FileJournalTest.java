// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a file system. */
final class FileJournalTest extends JournalContract {

    @TempDir
    private Path directory;

    @Override
    protected MemberId self() {
        return Samples.A;
    }

    @Override
    protected Journal openJournal() throws IOException {
        Storage storage = new FileStorage(directory.resolve("data/n1"));
        if (!SegmentedJournal.isFormatted(storage)) {
            SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        }
        return SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), JournalOptions.DEFAULT);
    }

    /** Hazard S15: an interrupt closes the channel that the thread is using, so it must be nobody else's. */
    @Test
    void anInterruptedReaderClosesNobodyElsesFile() throws IOException {
        Ballot one = Samples.ballot(1, Samples.A);
        try (Journal journal = openJournal()) {
            journal.append(Samples.founding());
            journal.append(List.of(Samples.accepted(1, one, Samples.value(1, 10)), Samples.knownChosen(1)));
            SlotRange both = new SlotRange(1, 2);
            Thread.currentThread().interrupt();
            assertThrows(IOException.class, () -> journal.readChosen(both, 1_000));
            assertTrue(Thread.interrupted());
            journal.append(List.of(Samples.accepted(2, one, Samples.value(2, 10)), Samples.knownChosen(2)));
            assertEquals(2, journal.readChosen(both, 1_000).size());
        }
    }
}
