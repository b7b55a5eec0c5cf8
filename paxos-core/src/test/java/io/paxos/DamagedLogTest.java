// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import static io.paxos.Eventually.eventually;
import static io.paxos.LocalCluster.PATIENCE;
import static io.paxos.LocalCluster.bytes;
import static io.paxos.LocalCluster.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.paxos.journal.FileStorage;
import io.paxos.journal.JournalOptions;
import io.paxos.journal.SegmentedJournal;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.ClusterId;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Entry;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Bits flipped in the logs of real nodes: what is told of it, what is repaired, and what a cluster does about a slot that
 * nobody has any more (hazards S9 and S10, fault cases 8 and 9).
 */
@Timeout(120)
class DamagedLogTest {

    private static final String NEEDLE = "the-value-that-is-damaged";
    private static final int AFTER = 3;

    @TempDir
    Path directory;

    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> listening = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel() == Level.ERROR) {
                errors.add(event.getFormattedMessage());
            }
        }
    };

    @BeforeEach
    void listen() {
        listening.start();
        ((Logger) LoggerFactory.getLogger("io.paxos")).addAppender(listening);
    }

    @AfterEach
    void listenNoMore() {
        ((Logger) LoggerFactory.getLogger("io.paxos")).detachAppender(listening);
    }

    /** Remembers in which slot it was handed which command. */
    private static final class Placing implements StateMachine {
        private final ConcurrentSkipListMap<Long, String> bySlot = new ConcurrentSkipListMap<>();

        @Override
        public byte[] apply(Entry entry) {
            bySlot.put(entry.position().slot(), text(entry.command()));
            return entry.command();
        }

        long slotOf(String command) {
            return bySlot.entrySet().stream()
                    .filter(each -> each.getValue().equals(command))
                    .findFirst()
                    .orElseThrow()
                    .getKey();
        }
    }

    /** Nodes in this JVM, and what each has been handed. */
    private final class Nodes implements AutoCloseable {
        private final int size;
        private final LocalCluster cluster;
        private final List<Placing> machines = new ArrayList<>();

        Nodes(int size) {
            this.size = size;
            this.cluster = new LocalCluster(directory, size);
            for (int number = 1; number <= size; number++) {
                machines.add(null);
                start(number);
            }
        }

        PaxosNode start(int number) {
            Placing machine = new Placing();
            machines.set(number - 1, machine);
            return cluster.start(number, cluster.builder(number).stateMachine(machine));
        }

        void awaitReady() {
            for (int number = 1; number <= size; number++) {
                cluster.node(number).awaitReady(PATIENCE);
            }
        }

        PaxosNode node(int number) {
            return cluster.node(number);
        }

        NodeStatus status(int number) {
            return node(number).status();
        }

        Placing machine(int number) {
            return machines.get(number - 1);
        }

        /** Each command in a slot of its own, known chosen and applied everywhere, and the needle in every log. */
        long fill() {
            node(1).submitAndWait(bytes("before"), PATIENCE);
            node(1).submitAndWait(bytes(NEEDLE), PATIENCE);
            for (int i = 0; i < AFTER; i++) {
                node(1).submitAndWait(bytes("after-" + i), PATIENCE);
            }
            for (int number = 1; number <= size; number++) {
                Placing machine = machine(number);
                eventually("all is applied at n" + number, () -> machine.bySlot.containsValue("after-" + (AFTER - 1)));
                // A node applies what the others' votes have chosen, however far its own disk is behind.
                Path log = directory.resolve("n" + number);
                eventually("the needle is in the log of n" + number, () -> holdsNeedle(log));
            }
            return machine(1).slotOf(NEEDLE);
        }

        @Override
        public void close() {
            cluster.close();
        }
    }

    // ---- bytes on the disk ----------------------------------------------------------------------------------

    private static List<Path> segments(Path node) throws IOException {
        try (Stream<Path> files = Files.list(node)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private static boolean holdsNeedle(Path node) {
        try {
            for (Path segment : segments(node)) {
                if (Files.readString(segment, StandardCharsets.ISO_8859_1).contains(NEEDLE)) {
                    return true;
                }
            }
            return false;
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** Flips the same bit of each copy of the needle, and so back again; returns how many there were. */
    private int flipNeedle(int node) throws IOException {
        int copies = 0;
        for (Path segment : segments(directory.resolve("n" + node))) {
            byte[] content = Files.readAllBytes(segment);
            String text = new String(content, StandardCharsets.ISO_8859_1);
            // Not its first letter, which is the one that is flipped.
            for (int at = text.indexOf(NEEDLE.substring(1)); at >= 0; at = text.indexOf(NEEDLE.substring(1), at + 1)) {
                content[at - 1] ^= 1;
                copies++;
            }
            Files.write(segment, content);
        }
        return copies;
    }

    // ---- the tests ------------------------------------------------------------------------------------------

    @Test
    void oneNodesDamageIsListedAndSaidToBeRefilledOnceAnotherSentTheValue() throws IOException {
        long slot;
        try (Nodes nodes = new Nodes(3)) {
            nodes.awaitReady();
            slot = nodes.fill();
            assertEquals(List.of(), nodes.status(1).journalDamage());
            assertEquals(List.of(), nodes.status(1).unknownSlots());
        }
        assertTrue(flipNeedle(2) >= 1);
        try (Nodes nodes = new Nodes(3)) {
            nodes.awaitReady();
            assertEquals(NEEDLE, nodes.machine(2).bySlot.get(slot));
            NodeStatus status = nodes.status(2);
            assertEquals(List.of(), nodes.status(1).journalDamage());
            List<JournalFinding> damage = status.journalDamage();
            assertTrue(damage.size() >= 1, damage::toString);
            JournalFinding finding = damage.get(0);
            assertEquals("segment-0000000000000001.log", finding.file());
            assertTrue(finding.offset() > 0);
            assertEquals("value damaged", finding.kind());
            assertEquals(List.of(new SlotRange(slot, slot)), finding.slots());
            assertEquals(List.of(), finding.unknown());
            assertEquals(List.of(new SlotRange(slot, slot)), finding.refilled());
            assertEquals(List.of(), status.unknownSlots());
            assertEquals(OptionalLong.empty(), status.heldUpAt());
            assertTrue(status.toString().contains("damaged places in the log " + damage.size() + ", unknown slots []"));
            assertEquals("live, ready", nodes.node(2).health().toString());
        }
    }

    /** Hazard S10: the value was chosen, so nothing else may ever stand in its slot; and nobody has it. */
    @Test
    void aSlotDamagedEverywhereStopsTheClusterThereAndNothingIsPutOverIt() throws IOException {
        long slot;
        try (Nodes nodes = new Nodes(3)) {
            nodes.awaitReady();
            slot = nodes.fill();
        }
        for (int number = 1; number <= 3; number++) {
            assertTrue(flipNeedle(number) >= 1);
        }
        try (Nodes nodes = new Nodes(3)) {
            for (int number = 1; number <= 3; number++) {
                int node = number;
                eventually("n" + node + " is held up", () -> isHeldUpAt(slot, nodes.status(node)));
            }
            List<String> said = IntStream.rangeClosed(1, 3)
                    .mapToObj(number -> "n" + number + ": stands still at slot " + slot + ": ")
                    .toList();
            eventually("the slot is named in each log", () -> said.stream()
                    .allMatch(line -> errors.stream().anyMatch(error -> error.startsWith(line))));
            for (int number = 1; number <= 3; number++) {
                assertStandsStill(nodes, number, slot);
            }

            // One disk gets its bit back, and everybody has the value again: the one that was chosen.
            nodes.cluster.stop(2);
            assertTrue(flipNeedle(2) >= 1);
            nodes.start(2);
            nodes.awaitReady();
            for (int number = 1; number <= 3; number++) {
                assertEquals(NEEDLE, nodes.machine(number).bySlot.get(slot));
                assertEquals(OptionalLong.empty(), nodes.status(number).heldUpAt());
                assertEquals(List.of(), nodes.status(number).unknownSlots());
            }
            assertEquals("at last", text(nodes.node(3).submitAndWait(bytes("at last"), PATIENCE)));
        }
    }

    private static boolean isHeldUpAt(long slot, NodeStatus status) {
        boolean next = status.knownChosen() < slot || status.applied() == slot - 1;
        return next && status.heldUpAt().equals(OptionalLong.of(slot));
    }

    private static void assertStandsStill(Nodes nodes, int number, long slot) {
        PaxosNode node = nodes.node(number);
        assertEquals(List.of(new SlotRange(slot, slot)), node.status().unknownSlots());
        JournalFinding finding = node.status().journalDamage().get(0);
        assertEquals(List.of(new SlotRange(slot, slot)), finding.unknown());
        assertEquals(List.of(), finding.refilled());
        assertTrue(nodes.machine(number).bySlot.lastKey() < slot);
        NodeHealth health = node.health();
        assertTrue(health.isLive() && !health.isReady(), health::toString);
        assertTrue(health.reasons().get(0).contains("slot " + slot + " "), health::toString);
        assertTrue(
                health.reasons().get(1).contains("journal file segment-0000000000000001.log at offset "),
                health::toString);
        // Its own session cannot be opened, so no command is applied; whoever waits is told what it is not ready for.
        NoLeaderException notReady =
                assertThrows(NoLeaderException.class, () -> node.awaitReady(Duration.ofMillis(10)));
        assertTrue(notReady.getMessage().contains("slot " + slot + " "), notReady::getMessage);
        PaxosException refused =
                assertThrows(PaxosException.class, () -> node.submitAndWait(bytes("in vain"), Duration.ofMillis(300)));
        assertTrue(
                refused instanceof NoLeaderException || refused instanceof UnknownOutcomeException,
                () -> "not clear: " + refused);
    }

    private static final MemberId A = new MemberId(new NodeId(1), new Incarnation(11));
    private static final MemberId B = new MemberId(new NodeId(2), new Incarnation(12));
    private static final MemberId C = new MemberId(new NodeId(3), new Incarnation(13));
    private static final Ballot ONE = new Ballot(1, A);
    private static final int VOTED = 777;

    private static Value noOp(long timeMillis) {
        return Batch.noOp(timeMillis).encode();
    }

    private void writeLog(MemberId self) throws IOException {
        Founding founding = new Founding(
                new FoundingId(5, 5), new Membership(1, List.of(A, B, C), List.of(), new QuorumSystem.Majority(), 64));
        FileStorage storage = storage(self);
        ClusterId cluster = new ClusterId("test");
        SegmentedJournal.format(storage, cluster, self.node(), self.incarnation());
        try (SegmentedJournal journal = SegmentedJournal.open(storage, cluster, self.node(), JournalOptions.DEFAULT)) {
            journal.append(List.of(
                    new DurableRecord.FoundingAdopted(founding), new DurableRecord.FoundingActivated(founding.id())));
            journal.append(List.of(
                    new DurableRecord.Accepted(new Proposal(1, ONE, noOp(1))),
                    new DurableRecord.Accepted(new Proposal(2, ONE, noOp(VOTED))),
                    new DurableRecord.Accepted(new Proposal(3, ONE, noOp(778))),
                    new DurableRecord.KnownChosen(1)));
            journal.markIdle();
        }
    }

    private FileStorage storage(MemberId member) {
        return new FileStorage(directory.resolve(member.node().toString()));
    }

    /** Flips a bit of the value voted for in slot 2. */
    private void flipVote(MemberId member) throws IOException {
        Path segment = segments(directory.resolve(member.node().toString())).get(0);
        byte[] content = Files.readAllBytes(segment);
        String text = new String(content, StandardCharsets.ISO_8859_1);
        // Without its last four bytes, one of which is flipped.
        byte[] value = noOp(VOTED).bytes();
        int at = text.indexOf(new String(value, 0, value.length - 4, StandardCharsets.ISO_8859_1));
        assertTrue(at > 0);
        content[at + value.length - 1] ^= 1;
        Files.write(segment, content);
    }

    /** The same above what is known chosen: the votes are lost, nobody can tell whether the slot was chosen. */
    @Test
    void aSlotWhoseVotesAreDamagedEverywhereIsNotProposedInByAnybody() throws IOException {
        for (MemberId member : List.of(A, B, C)) {
            writeLog(member);
            flipVote(member);
        }
        try (Nodes nodes = new Nodes(3)) {
            eventually("somebody named slot 2", () -> IntStream.rangeClosed(1, 3)
                    .anyMatch(number -> isHeldUpAt(2, nodes.status(number))
                            && nodes.node(number).health().reasons().get(0).contains("in slot 2 to damage")));
            for (int number = 1; number <= 3; number++) {
                NodeStatus status = nodes.status(number);
                assertEquals(1, status.knownChosen());
                assertEquals(List.of(new SlotRange(2, 2)), status.unknownSlots());
                assertFalse(status.isReady());
            }
            assertThrows(NoLeaderException.class, () -> nodes.node(1)
                    .submitAndWait(bytes("in vain"), Duration.ofMillis(300)));

            // One vote is not enough: a quorum's must be known, for another one may have been at a higher ballot.
            nodes.cluster.stop(1);
            flipVote(A);
            nodes.start(1);
            assertThrows(NoLeaderException.class, () -> nodes.node(1).awaitReady(Duration.ofSeconds(2)));
            assertEquals(1, nodes.status(1).knownChosen());

            nodes.cluster.stop(2);
            flipVote(B);
            nodes.start(2);
            nodes.awaitReady();
            for (int number = 1; number <= 3; number++) {
                int node = number;
                eventually(
                        "n" + node + " has no slot in doubt",
                        () -> nodes.status(node).unknownSlots().isEmpty());
            }
        }
        for (MemberId member : List.of(A, B, C)) {
            try (SegmentedJournal journal = SegmentedJournal.open(
                    storage(member), new ClusterId("test"), member.node(), JournalOptions.DEFAULT)) {
                // A node that was closed a moment later may not have written its known-chosen mark.
                TreeMap<Long, Value> bySlot = new TreeMap<>();
                DurableState held = journal.recovered();
                Stream.of(journal.readChosen(new SlotRange(1, 3), 1_000), held.chosen(), held.votes())
                        .flatMap(List::stream)
                        .forEach(each -> bySlot.putIfAbsent(each.slot(), each.value()));
                List<Value> values = List.copyOf(bySlot.headMap(4L).values());
                assertEquals(List.of(noOp(1), noOp(VOTED), noOp(778)), values);
            }
        }
    }

    @Test
    void aClusterOfOneRefusesToStartAndNamesFileOffsetAndSlot() throws IOException {
        long slot;
        try (Nodes nodes = new Nodes(1)) {
            nodes.awaitReady();
            slot = nodes.fill();
        }
        assertTrue(flipNeedle(1) >= 1);
        NodeStartException refused = assertThrows(NodeStartException.class, () -> new Nodes(1).close());
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(directory.resolve("n1").toString()), message);
        assertTrue(message.matches(".*journal file segment-[0-9]{16}\\.log at offset [0-9]+: .*"), message);
        assertTrue(message.contains("slots concerned: " + slot + ";"), message);
        flipNeedle(1);
        try (Nodes nodes = new Nodes(1)) {
            nodes.awaitReady();
            assertEquals(NEEDLE, nodes.machine(1).bySlot.get(slot));
        }
    }
}
