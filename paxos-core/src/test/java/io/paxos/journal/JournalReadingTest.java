// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static io.paxos.journal.Samples.accepted;
import static io.paxos.journal.Samples.ballot;
import static io.paxos.journal.Samples.chosen;
import static io.paxos.journal.Samples.knownChosen;
import static io.paxos.journal.Samples.proposal;
import static io.paxos.journal.Samples.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Reading chosen values from a log of many blocks and segments. */
final class JournalReadingTest {

    private final MemoryStorage storage = new MemoryStorage();

    private SegmentedJournal founded(int segmentBytesMax) throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        SegmentedJournal journal = open(segmentBytesMax);
        journal.append(Samples.founding());
        return journal;
    }

    private SegmentedJournal open(int segmentBytesMax) throws IOException {
        return SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), new JournalOptions(segmentBytesMax));
    }

    @Test
    void readingAHundredThousandSlotsInPagesReadsTheLogAboutOnce() throws IOException {
        int slots = 100_000;
        Ballot one = ballot(1, Samples.A);
        Value[] values = new Value[10];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(i + 1, 30 + i);
        }
        SegmentedJournal journal = founded(1 << 20);
        long logBytes = 0;
        for (int slot = 1; slot <= slots; slot += 1_000) {
            List<DurableRecord> batch = new ArrayList<>();
            for (int each = slot; each < slot + 1_000; each++) {
                batch.add(accepted(each, one, values[each % 10]));
                logBytes += RecordHeader.BYTES + values[each % 10].length();
            }
            batch.add(knownChosen(slot + 999));
            journal.append(batch);
        }
        journal.close();
        journal = open(1 << 20);
        long before = storage.bytesRead();
        long next = 1;
        int pages = 0;
        while (next <= slots) {
            List<Proposal> page = journal.readChosen(new SlotRange(next, slots), 256 << 10);
            assertTrue(!page.isEmpty(), "nothing at slot " + next);
            for (Proposal proposal : page) {
                assertEquals(next, proposal.slot());
                assertEquals(values[(int) (next % 10)], proposal.value());
                next++;
            }
            pages++;
        }
        long read = storage.bytesRead() - before;
        assertEquals(38, pages);
        assertTrue(read < 5 * logBytes, read + " bytes read of a log of " + logBytes + " in " + pages + " pages");
    }

    /**
     * Against a second, dumb implementation: a map that holds for each slot the last chosen record, or else the vote of the
     * highest ballot.
     */
    @Test
    void anyOrderOfVotesAndFetchesReadsAsTheLastFetchOrElseTheHighestVote() throws IOException {
        for (long seed = 1; seed <= 5; seed++) {
            storage.list().forEach(storage::remove);
            readsAsTheMapSays(new Random(seed), "seed " + seed);
        }
    }

    private void readsAsTheMapSays(Random random, String replay) throws IOException {
        int slots = 600;
        TreeMap<Long, Proposal> expected = new TreeMap<>();
        Set<Long> fetched = new HashSet<>();
        List<Proposal> records = new ArrayList<>();
        for (long slot = 1; slot <= slots; slot++) {
            int rounds = 1 + random.nextInt(3);
            for (int round = 1; round <= rounds; round++) {
                int bytes = random.nextInt(50) == 0 ? 70_000 : random.nextInt(900);
                records.add(proposal(slot, ballot(round, Samples.A), value(slot * 10 + round, bytes)));
            }
        }
        // Near-order, as a window of open slots and catch-up make it.
        for (int i = 0; i + 80 < records.size(); i += 40) {
            Collections.shuffle(records.subList(i, i + 80), random);
        }
        SegmentedJournal journal = founded(300_000);
        for (int i = 0; i < records.size(); i += 7) {
            List<DurableRecord> batch = new ArrayList<>();
            for (Proposal proposal : records.subList(i, Math.min(records.size(), i + 7))) {
                if (random.nextBoolean()) {
                    batch.add(chosen(proposal.slot(), proposal.ballot(), proposal.value()));
                    expected.put(proposal.slot(), proposal);
                    fetched.add(proposal.slot());
                } else {
                    batch.add(accepted(proposal.slot(), proposal.ballot(), proposal.value()));
                    Proposal known = expected.get(proposal.slot());
                    if (!fetched.contains(proposal.slot())
                            && (known == null || proposal.ballot().isAbove(known.ballot()))) {
                        expected.put(proposal.slot(), proposal);
                    }
                }
            }
            journal.append(batch);
        }
        journal.append(List.of(knownChosen(slots)));
        assertReads(journal, expected, random, replay);
        journal.close();
        journal = open(300_000);
        assertReads(journal, expected, random, replay);
        journal.close();
    }

    private static void assertReads(
            Journal journal, NavigableMap<Long, Proposal> expected, Random random, String replay) throws IOException {
        for (int i = 0; i < 40; i++) {
            long first = 1L + random.nextInt(expected.size());
            long last = first + random.nextInt(expected.size());
            int bytesMax = random.nextInt(400_000);
            List<Proposal> page = new ArrayList<>();
            long bytes = 0;
            for (Proposal proposal : expected.subMap(first, true, last, true).values()) {
                bytes += proposal.value().length();
                if (bytes > bytesMax && !page.isEmpty()) {
                    break;
                }
                page.add(proposal);
            }
            assertEquals(page, journal.readChosen(new SlotRange(first, last), bytesMax), replay);
        }
    }
}
