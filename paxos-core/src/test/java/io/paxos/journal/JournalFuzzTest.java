// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.paxos.FuzzSeeds;
import io.paxos.model.DurableState;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Any bytes at all in the files of a journal: it opens, or says in a {@link JournalException} why not, and allocates nothing by a
 * length that it did not check. In {@code mvn verify} Jazzer runs the seeds; how to let it look for more is in {@code
 * docs/testing.md}.
 */
final class JournalFuzzTest {

    private static final String SEGMENT = SegmentHeader.fileName(1);
    private static final int SEAL_HEADERS = 1;
    private static final int SEAL_PAYLOADS = 2;

    /** Nobody fuzzes long logs, and few bytes may say that there are many slots. */
    private static final int SLOTS_READ_MAX = 100;

    @BeforeAll
    static void hushTheThousandsOfTornTails() {
        ((Logger) LoggerFactory.getLogger(Recovery.class)).setLevel(Level.ERROR);
    }

    @AfterAll
    static void letThemBeLoggedAgain() {
        ((Logger) LoggerFactory.getLogger(Recovery.class)).setLevel(null);
    }

    // ---- the identity file ----------------------------------------------------------------------------------

    static Stream<byte[]> identities() throws IOException {
        List<byte[]> seeds = new ArrayList<>(FuzzSeeds.of("identity"));
        for (String golden :
                List.of("identity-fresh-v1.hex", "identity-activated-v1.hex", "identity-flexible-v1.hex")) {
            seeds.add(GoldenFile.read(golden));
        }
        return seeds.stream();
    }

    @MethodSource("identities")
    @FuzzTest(maxDuration = "3m")
    void anIdentityIsReadAsItWasWrittenOrRefused(byte[] bytes) {
        decodeIdentity(bytes);
        if (bytes.length >= 20) {
            // With length and checksum right, so that only the fields lie.
            ByteBuffer sealed = ByteBuffer.wrap(bytes.clone()).putInt(12, bytes.length);
            sealed.putInt(bytes.length - 4, Crc.of(sealed, 0, bytes.length - 4));
            decodeIdentity(sealed.array());
        }
    }

    private static void decodeIdentity(byte[] bytes) {
        Identity identity;
        try {
            identity = Identity.decode(ByteBuffer.wrap(bytes), "identity");
        } catch (JournalException refused) {
            return;
        }
        ByteBuffer again = identity.encode();
        try {
            assertEquals(identity, Identity.decode(again, "identity"));
        } catch (JournalException impossible) {
            throw new AssertionError(impossible);
        }
    }

    // ---- a segment ------------------------------------------------------------------------------------------

    static Stream<byte[]> segmentHeaders() throws IOException {
        List<byte[]> seeds = new ArrayList<>(FuzzSeeds.of("segment-header"));
        seeds.add(Arrays.copyOf(GoldenFile.read("segment-v1.hex"), 300));
        seeds.add(Arrays.copyOf(GoldenFile.read("segment-restarted-v1.hex"), 300));
        return seeds.stream();
    }

    @MethodSource("segmentHeaders")
    @FuzzTest(maxDuration = "3m")
    void aSegmentHeaderIsReadAsItWasWrittenOrRefused(byte[] start) throws IOException {
        byte[] page = Arrays.copyOf(start, SegmentHeader.BYTES);
        ByteBuffer sealed = ByteBuffer.wrap(page);
        sealed.putInt(page.length - 4, Crc.of(sealed, 0, page.length - 4));
        try {
            SegmentHeader header = SegmentHeader.decode(sealed.clear(), SEGMENT);
            ByteBuffer again = ByteBuffer.allocate(SegmentHeader.BYTES);
            header.encode(again);
            // The rest of the page is not looked at, so it is the header that comes back, not the bytes.
            assertEquals(header, SegmentHeader.decode(again.clear(), SEGMENT));
        } catch (JournalException refused) {
            // As it should be.
        }
        byte[] whole = Arrays.copyOf(page, page.length + 3 * RecordHeader.BYTES);
        openTwice(directoryWith(whole), true);
    }

    static Stream<byte[]> records() throws IOException {
        List<byte[]> seeds = new ArrayList<>(FuzzSeeds.of("records"));
        for (String golden : List.of("segment-v1.hex", "segment-restarted-v1.hex")) {
            byte[] segment = GoldenFile.read(golden);
            for (byte flags = 0; flags < 4; flags++) {
                byte[] seed = Arrays.copyOfRange(segment, SegmentHeader.BYTES - 1, segment.length);
                seed[0] = flags;
                seeds.add(seed);
            }
        }
        return seeds.stream();
    }

    /** The first byte says which checksums are made right, so that what they protect is reached too. */
    @MethodSource("records")
    @FuzzTest(maxDuration = "3m")
    void recordsAreReadOrRefusedAndASecondStartForgetsNothing(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return;
        }
        boolean forged = (bytes[0] & SEAL_HEADERS) != 0;
        openTwice(directoryWith(segmentOf(bytes)), forged);
    }

    static byte[] segmentOf(byte[] bytes) throws IOException {
        byte[] segment = Arrays.copyOf(header(), SegmentHeader.BYTES + bytes.length - 1);
        System.arraycopy(bytes, 1, segment, SegmentHeader.BYTES, bytes.length - 1);
        seal(segment, (bytes[0] & SEAL_HEADERS) != 0, (bytes[0] & SEAL_PAYLOADS) != 0);
        return segment;
    }

    private static void seal(byte[] segment, boolean headers, boolean payloads) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(segment);
        byte[] salt = SegmentHeader.decode(ByteBuffer.wrap(segment), SEGMENT).salt();
        int at = SegmentHeader.BYTES;
        while (segment.length - at >= RecordHeader.BYTES) {
            int length = buffer.getInt(at + RecordHeader.BYTES - 16);
            int rest = segment.length - at - RecordHeader.BYTES;
            if (length >= 0 && length <= rest && payloads) {
                int from = at + RecordHeader.BYTES;
                buffer.putInt(at + RecordHeader.BYTES - 12, Crc.of(buffer, from, from + length));
            }
            if (headers) {
                buffer.putInt(at + RecordHeader.BYTES - 4, Crc.of(salt, buffer, at, at + RecordHeader.BYTES - 4));
            }
            at += RecordHeader.BYTES + (length >= 0 && length <= rest ? length : 0);
        }
    }

    private static MemoryStorage directory() {
        try {
            MemoryStorage storage = new MemoryStorage();
            SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
            try (SegmentedJournal journal = open(storage)) {
                journal.append(Samples.founding());
            }
            return storage;
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static final MemoryStorage DIRECTORY = directory();

    private static byte[] header() {
        return Arrays.copyOf(DIRECTORY.bytes(SEGMENT), SegmentHeader.BYTES);
    }

    static MemoryStorage directoryWith(byte[] segment) {
        MemoryStorage copy = DIRECTORY.afterKill();
        copy.replace(SEGMENT, segment);
        return copy;
    }

    private static SegmentedJournal open(Storage storage) throws IOException {
        return SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), new JournalOptions(8 << 10));
    }

    /**
     * What one start told is durable: the next one says the same, and may know more, where records stand in an order that only
     * fuzzing makes. Where checksums were made right for headers that lie, somebody wrote them with intent, and the next
     * start may see through it.
     */
    private static void openTwice(MemoryStorage storage, boolean forged) throws IOException {
        DurableState first;
        try (SegmentedJournal journal = open(storage)) {
            first = journal.recovered();
            assertTrue(storage.bytesRead() < 1 << 20, "the log is read about once");
            readAll(journal, first);
        } catch (JournalException refused) {
            return;
        }
        try (SegmentedJournal again = open(storage)) {
            DurableState second = again.recovered();
            if (!forged) {
                assertForgetsNothing(first, second);
            }
        } catch (JournalException refused) {
            assertTrue(forged, refused.toString());
        }
    }

    private static void assertForgetsNothing(DurableState first, DurableState second) {
        assertEquals(first.promised(), second.promised());
        assertTrue(second.floor() >= first.floor());
        assertTrue(second.knownChosen() >= first.knownChosen());
        for (Proposal vote : first.votes()) {
            assertTrue(vote.slot() <= second.knownChosen() || second.votes().contains(vote), vote.toString());
        }
        for (Proposal each : first.chosen()) {
            assertTrue(each.slot() <= second.knownChosen() || second.chosen().contains(each), each.toString());
        }
        for (SlotRange range : second.unknown()) {
            assertTrue(isIn(first.unknown(), range), () -> first.unknown() + " does not hold " + range);
        }
    }

    private static boolean isIn(List<SlotRange> ranges, SlotRange range) {
        return ranges.stream().anyMatch(each -> each.first() <= range.first() && range.last() <= each.last());
    }

    private static void readAll(Journal journal, DurableState state) throws IOException {
        long last = Math.min(state.knownChosen(), state.floor() + SLOTS_READ_MAX);
        for (long slot = state.floor() + 1; slot <= last; slot++) {
            try {
                for (Proposal each : journal.readChosen(new SlotRange(slot, slot), 1_000_000)) {
                    assertEquals(slot, each.slot());
                }
            } catch (UnknownSlotsException unknown) {
                assertTrue(unknown.slots().contains(slot));
            }
        }
    }
}
