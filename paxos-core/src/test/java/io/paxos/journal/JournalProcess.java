// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.DurableRecord;
import io.paxos.model.Proposal;
import java.nio.file.Path;
import java.util.List;

/** A process of its own that has a journal open, until it is killed. */
final class JournalProcess {

    private JournalProcess() {}

    static Proposal vote(int slot) {
        return Samples.proposal(slot, Samples.ballot(1, Samples.A), Samples.value(slot, 500));
    }

    public static void main(String[] arguments) throws Exception {
        SegmentedJournal journal = SegmentedJournal.open(
                new FileStorage(Path.of(arguments[1])), Samples.CLUSTER, Samples.A.node(), new JournalOptions(8 << 10));
        if (arguments[0].equals("hold")) {
            System.out.println("open");
            System.in.read();
            return;
        }
        journal.append(Samples.founding());
        for (int slot = journal.recovered().votes().size() + 1; ; slot++) {
            journal.append(List.of(new DurableRecord.Accepted(vote(slot))));
            System.out.println(slot);
        }
    }
}
