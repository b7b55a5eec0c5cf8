// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.cost.CountedStorage;
import io.paxos.journal.FileStorage;
import io.paxos.journal.JournalOptions;
import io.paxos.journal.SegmentedJournal;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterId;
import io.paxos.model.DurableRecord;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One append of the vote for one slot, whose batch holds commands of 256 bytes, with segments that are used over and over. The
 * directory is under {@code java.io.tmpdir}, which should be on the disk that is meant.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JournalAppendBenchmark {

    private static final int BYTES = 256;
    private static final ClusterId CLUSTER = new ClusterId("benchmark");
    private static final MemberId SELF = Sample.MEMBERS.get(0);

    @Param({"1", "16", "256"})
    private int commands;

    /** {@code memory}: written, and not forced, as if the disk were memory; {@code disk}: written and forced. */
    @Param({"memory", "disk"})
    private String file;

    private final Ballot ballot = new Ballot(3, SELF);
    private Path directory;
    private SegmentedJournal journal;
    private Value value;
    private long slot;
    private long trimAtSlot;
    private long slotsPerTrim;

    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("journal-benchmark");
        value = Sample.value(commands, BYTES);
        slotsPerTrim = (JournalOptions.DEFAULT.segmentBytesMax() / 2) / (value.length() + 100L);
        trimAtSlot = slotsPerTrim;
        CountedStorage storage = new CountedStorage(new FileStorage(directory), file.equals("disk"));
        SegmentedJournal.format(storage, CLUSTER, SELF.node(), SELF.incarnation());
        journal = SegmentedJournal.open(storage, CLUSTER, SELF.node(), JournalOptions.DEFAULT);
        journal.append(List.of(
                new DurableRecord.FoundingAdopted(Sample.FOUNDING),
                new DurableRecord.FoundingActivated(Sample.FOUNDING.id())));
    }

    @Benchmark
    public long append() throws IOException {
        slot++;
        List<DurableRecord> records = new ArrayList<>(3);
        records.add(new DurableRecord.Accepted(new Proposal(slot, ballot, value)));
        if (slot == trimAtSlot) {
            trimAtSlot += slotsPerTrim;
            records.add(new DurableRecord.KnownChosen(slot));
            records.add(new DurableRecord.Trimmed(slot));
        }
        journal.append(records);
        journal.prepare();
        return slot;
    }

    @TearDown
    public void close() throws IOException {
        journal.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
