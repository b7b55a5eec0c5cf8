// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.MemberId;
import java.io.IOException;
import java.nio.file.Path;
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
}
