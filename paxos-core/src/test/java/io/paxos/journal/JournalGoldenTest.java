// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static io.paxos.journal.Samples.A;
import static io.paxos.journal.Samples.B;
import static io.paxos.journal.Samples.C;
import static io.paxos.journal.Samples.FOUNDING;
import static io.paxos.journal.Samples.accepted;
import static io.paxos.journal.Samples.ballot;
import static io.paxos.journal.Samples.chosen;
import static io.paxos.journal.Samples.knownChosen;
import static io.paxos.journal.Samples.promised;
import static io.paxos.journal.Samples.proposal;
import static io.paxos.journal.Samples.value;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The format is frozen: today's code writes these very bytes, and every later version must read them. A golden file is
 * added when a format version is, and never changed.
 */
final class JournalGoldenTest {

    private static final Ballot SEVEN = ballot(7, A);
    private static final Ballot EIGHT = ballot(8, B);

    private static Identity fresh() {
        return Identity.fresh(Samples.CLUSTER, A);
    }

    private static Identity activated() {
        return fresh().withFounding(FOUNDING).withActivation(2).withBoot(3, new Forced(9, EIGHT, 3));
    }

    private static Identity flexible() {
        Membership membership =
                new Membership(1, List.of(A, B, C), List.of(new NodeId(9)), new QuorumSystem.FlexibleSizes(3, 1), 128);
        return fresh().withFounding(new Founding(new FoundingId(-1, 1), membership))
                .withBoot(1, Forced.NOTHING);
    }

    @Test
    void identitiesAreWrittenAndReadAsEver() throws IOException {
        assertIdentity("identity-fresh-v1.hex", fresh());
        assertIdentity("identity-activated-v1.hex", activated());
        assertIdentity("identity-flexible-v1.hex", flexible());
        assertIdentity("identity-voteless-v1.hex", fresh().withoutVote());
    }

    private static void assertIdentity(String golden, Identity identity) throws IOException {
        ByteBuffer written = identity.encode();
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        assertBytes(golden, bytes);
        assertEquals(identity, Identity.decode(ByteBuffer.wrap(GoldenFile.read(golden)), "identity"));
    }

    private static void assertBytes(String golden, byte[] written) throws IOException {
        assertEquals(GoldenFile.print(GoldenFile.read(golden)), GoldenFile.print(written), golden);
    }

    /** Every type of record, in four batches of one process and an idle mark, and what the start after it took over and added. */
    @Test
    void segmentsAreWrittenAndReadAsEver() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SegmentedJournal.format(storage, Samples.CLUSTER, A.node(), A.incarnation());
        try (SegmentedJournal journal = open(storage)) {
            journal.append(Samples.founding());
            journal.append(List.of(promised(SEVEN, 0x1122334455667788L)));
            journal.append(List.of(
                    accepted(1, SEVEN, Batch.noOp(1_000_000).encode()),
                    accepted(2, EIGHT, value(1_000_001, 5)),
                    chosen(3, EIGHT, value(1_000_002, 0))));
            journal.append(List.of(knownChosen(2), new DurableRecord.Trimmed(1)));
            journal.append(List.of(new DurableRecord.Booted(1)));
            journal.markIdle();
        }
        assertBytes("segment-v1.hex", storage.bytes(SegmentHeader.fileName(1)));
        open(storage).close();
        assertBytes("segment-restarted-v1.hex", storage.bytes(SegmentHeader.fileName(2)));
    }

    @Test
    void aDirectoryOfTheFirstVersionIsRecovered() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        storage.replace("identity", GoldenFile.read("identity-activated-v1.hex"));
        storage.replace(SegmentHeader.fileName(1), GoldenFile.read("segment-v1.hex"));
        storage.replace(SegmentHeader.fileName(2), GoldenFile.read("segment-restarted-v1.hex"));
        for (long boot = 4; boot <= 5; boot++) {
            try (SegmentedJournal journal = open(storage)) {
                assertEquals(
                        new DurableState(
                                A,
                                boot,
                                FOUNDING,
                                true,
                                EIGHT,
                                0,
                                1,
                                2,
                                1_000_001,
                                List.of(),
                                List.of(proposal(3, EIGHT, value(1_000_002, 0))),
                                List.of()),
                        journal.recovered());
            }
        }
    }

    private static SegmentedJournal open(Storage storage) throws IOException {
        return SegmentedJournal.open(storage, Samples.CLUSTER, A.node(), JournalOptions.DEFAULT);
    }
}
