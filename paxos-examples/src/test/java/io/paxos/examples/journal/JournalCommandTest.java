// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.journal.FileStorage;
import io.paxos.journal.JournalInspection;
import io.paxos.journal.JournalOptions;
import io.paxos.journal.SegmentedJournal;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.ClusterId;
import io.paxos.model.Command;
import io.paxos.model.DurableRecord;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SessionId;
import io.paxos.model.Value;
import io.paxos.snapshot.SnapshotMeta;
import io.paxos.snapshot.SnapshotStore;
import io.paxos.snapshot.SnapshotWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The journal's command line: its exit codes, and that it names what it found. */
class JournalCommandTest {

    private static final int SOUND = 0;
    private static final int DAMAGED = 1;
    private static final int REFUSED = 2;
    private static final int NOT_JUDGED = 3;

    private static final ClusterId CLUSTER = new ClusterId("sample");
    private static final MemberId SELF = new MemberId(new NodeId(1), new Incarnation(0x1111111111111111L));
    private static final MemberId OTHER = new MemberId(new NodeId(2), new Incarnation(0x2222222222222222L));
    private static final Ballot BALLOT = new Ballot(3, OTHER);
    private static final int SEGMENT_HEADER_BYTES = 4096;

    @TempDir
    private Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path node = Path.of("");

    @BeforeEach
    void aNodeOfTwoThatStopped() throws IOException {
        node = home.resolve("n1");
        SegmentedJournal.format(new FileStorage(node), CLUSTER, SELF.node(), SELF.incarnation());
        Founding founding = new Founding(
                new FoundingId(7, 8),
                new Membership(1, List.of(SELF, OTHER), List.of(), new QuorumSystem.Majority(), 64));
        try (SegmentedJournal journal = open()) {
            journal.append(List.of(
                    new DurableRecord.FoundingAdopted(founding), new DurableRecord.FoundingActivated(founding.id())));
            journal.append(List.of(new DurableRecord.Promised(BALLOT, 5)));
            for (int slot = 1; slot <= 6; slot++) {
                journal.append(List.of(new DurableRecord.Accepted(new Proposal(slot, BALLOT, value(slot)))));
            }
            journal.append(List.of(new DurableRecord.KnownChosen(4)));
            journal.markIdle();
        }
    }

    private SegmentedJournal open() throws IOException {
        return SegmentedJournal.open(new FileStorage(node), CLUSTER, SELF.node(), new JournalOptions(8 << 10));
    }

    private static Value value(int slot) {
        Command command = new Command(Command.Kind.COMMAND, new SessionId(7, 7), 1, slot, 0, new byte[1_100]);
        return new Batch(0, slot, 0, List.of(command)).encode();
    }

    private Path segment(long sequence) {
        return node.resolve(JournalInspection.fileOf(sequence));
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 4;
        Files.write(file, bytes);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new JournalCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private void assertOut(String part) {
        assertTrue(out.toString().contains(part), () -> "no '" + part + "' in:\n" + out);
    }

    @Test
    void aSoundJournalIsExitCodeZeroAndItsNumbersArePrinted() {
        assertEquals(SOUND, run("verify", node.toString()), err::toString);
        assertEquals("verdict   sound\n", out.toString());
        assertEquals("", err.toString());

        assertEquals(0, run("inspect", node.toString()));
        assertOut("owner     n1, incarnation 1111111111111111, of cluster sample; boot 1\n");
        assertOut("founding  00000000000000070000000000000008, activated; voters n1 n2\n");
        assertOut("promise   3.n2 in force, attempt 0000000000000005\n");
        assertOut("slots     known chosen to 4, trimmed to 0, highest 6; above: 2 votes, 0 chosen; unknown: none\n");
        assertOut("records   to 9, known forced to 8\n");
        assertOut("segment-0000000000000002.log");
    }

    @Test
    void recordsAreListedWithTheirOffsetsOfOneSegmentOrOfAll() {
        assertEquals(0, run("inspect", "--records", node.toString()));
        assertEquals(
                9,
                out.toString()
                        .lines()
                        .filter(line -> line.contains("  record "))
                        .count(),
                out::toString);
        assertOut("          4096  record 1         promise ");

        assertEquals(0, run("inspect", "--records", "--segment", "2", node.toString()));
        assertOut("segment-0000000000000002.log\n          4096  record 5");
        assertTrue(!out.toString().contains("segment-0000000000000001.log\n"), out::toString);

        assertEquals(NOT_JUDGED, run("inspect", "--segment", "9", node.toString()));
        assertTrue(err.toString().contains("--segment: there is no segment 9 in " + node), err::toString);
        assertEquals(NOT_JUDGED, run("inspect", "--segment", "0", node.toString()));
        assertTrue(err.toString().contains("--segment: 0 is outside the allowed range 1.."), err::toString);
    }

    @Test
    void damageThatAStartRepairsIsExitCodeOneAndNamesFileOffsetAndSlots() throws IOException {
        flip(segment(2), SEGMENT_HEADER_BYTES + 200);
        assertEquals(DAMAGED, run("verify", node.toString()), err::toString);
        assertOut("damage    segment-0000000000000002.log at offset 4096, value damaged: ");
        assertOut("; slots unknown: 4\n          a start: its slot is unknown; go on behind it\n");
        assertOut("verdict   damaged; a start fetches the unknown slots from the other members\n");
        assertEquals(0, run("inspect", node.toString()));
        assertOut("unknown: 4\n");
    }

    @Test
    void aHeaderWithoutWhichNothingIsUnknownIsDamageToo() throws IOException {
        flip(segment(1), 100);
        assertEquals(DAMAGED, run("verify", node.toString()), err::toString);
        assertOut("segment-0000000000000001.log at offset 0, header damaged: ");
        assertOut("verdict   damaged; a start repairs it, no slot is unknown\n");
    }

    @Test
    void snapshotsAreListedAndADamagedOneIsNamed() throws IOException {
        Membership membership = new Membership(1, List.of(SELF, OTHER), List.of(), new QuorumSystem.Majority(), 64);
        SnapshotStore store = SnapshotStore.open(new FileStorage(node));
        for (int slot = 2; slot <= 3; slot++) {
            try (SnapshotWriter writer =
                    store.create(new SnapshotMeta(new FoundingId(7, 8), membership, slot, slot, 0), new byte[0])) {
                writer.state().write(new byte[100]);
                writer.finish();
            }
        }
        Files.write(node.resolve("snapshot-0000000000000004.snap.new"), new byte[10]);
        assertEquals(SOUND, run("verify", node.toString()), err::toString);
        assertEquals(0, run("inspect", node.toString()));
        assertOut("snapshot  snapshot-0000000000000002.snap, 4252 bytes, the state after slot 2: whole\n");
        assertOut("snapshot  snapshot-0000000000000004.snap.new, 10 bytes: unfinished\n");

        flip(node.resolve("snapshot-0000000000000003.snap"), SEGMENT_HEADER_BYTES + 20);
        assertEquals(DAMAGED, run("verify", node.toString()), err::toString);
        assertOut("snapshot-0000000000000003.snap at offset 4096: ");
        assertOut("a start: sets it aside, and goes on from the one before it and the log");
        assertOut("verdict   damaged; a start does without the damaged snapshot\n");
    }

    @Test
    void aStartThatWouldBeRefusedIsExitCodeTwo() throws IOException {
        Files.delete(segment(2));
        assertEquals(REFUSED, run("verify", node.toString()));
        assertOut("verdict   a start would be refused: journal file segment-0000000000000002.log at offset 0: ");

        flip(node.resolve("identity"), 30);
        assertEquals(REFUSED, run("verify", node.toString()));
        assertOut("journal file identity at offset 0: ");
        Files.delete(node.resolve("identity"));
        assertEquals(REFUSED, run("verify", node.toString()));
        assertOut("holds no identity file, so it is not formatted");
    }

    @Test
    void aRunningNodeIsExitCodeThreeAndSaysSo() throws IOException {
        try (SegmentedJournal running = open()) {
            assertEquals(2, running.recovered().boot());
            for (String command : List.of("verify", "inspect")) {
                assertEquals(NOT_JUDGED, run(command, node.toString()));
                assertOut("verdict   not judged: journal directory " + node + ": a node has it open\n");
            }
        }
        assertEquals(SOUND, run("verify", node.toString()));
    }

    @Test
    void whatIsNoJournalIsExitCodeThree() throws IOException {
        Path empty = Files.createDirectory(home.resolve("empty"));
        assertEquals(NOT_JUDGED, run("verify", empty.toString()));
        assertOut("verdict   not judged: journal directory " + empty + ": holds no identity file");

        assertEquals(NOT_JUDGED, run("verify", home.resolve("none").toString()));
        assertTrue(err.toString().contains(home.resolve("none") + " does not exist"), err::toString);
        assertTrue(Files.notExists(home.resolve("none")));

        assertEquals(NOT_JUDGED, run("inspect", node.resolve("identity").toString()));
        assertTrue(err.toString().contains("identity is not a directory"), err::toString);

        assertEquals(NOT_JUDGED, run("verify"));
        assertEquals(NOT_JUDGED, run("verify", "--what", node.toString()));
    }

    @Test
    void aDirectoryThatNobodyMayWriteIsReadAndOneThatNobodyMayReadIsNamed() throws IOException {
        Files.setPosixFilePermissions(node, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setPosixFilePermissions(node.resolve("lock"), PosixFilePermissions.fromString("r--r--r--"));
        assertEquals(SOUND, run("verify", node.toString()), err::toString);

        Files.setPosixFilePermissions(segment(1), PosixFilePermissions.fromString("---------"));
        if (!Files.isReadable(segment(1))) {
            assertEquals(NOT_JUDGED, run("verify", node.toString()));
            assertTrue(err.toString().contains("cannot be read: permission denied for " + segment(1)), err::toString);
        }
        Files.setPosixFilePermissions(node, PosixFilePermissions.fromString("---------"));
        if (Files.isReadable(node)) {
            System.out.println("JournalCommandTest: the unreadable directory is not tried, this user may read all");
        } else {
            assertEquals(NOT_JUDGED, run("verify", node.toString()));
            assertTrue(err.toString().contains("cannot be read: permission denied"), err::toString);
        }
        Files.setPosixFilePermissions(node, PosixFilePermissions.fromString("rwx------"));
    }
}
