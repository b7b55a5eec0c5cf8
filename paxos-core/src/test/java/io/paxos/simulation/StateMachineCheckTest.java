// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.Snapshot;
import io.paxos.StateMachine;
import io.paxos.model.Entry;
import java.io.DataInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateMachineCheckTest {

    private static final SimulationOptions SMALL =
            SimulationOptions.DEFAULT.withNodes(3, 3).withLoad(40, 400);

    /** As it should be; {@link CounterWorkload} asks it. */
    private static final class Sum implements StateMachine {
        private long sum;

        @Override
        public byte[] apply(Entry entry) {
            sum += ByteBuffer.wrap(entry.command()).getLong();
            return bytes(sum);
        }

        byte[] stateBytes() {
            return bytes(sum);
        }
    }

    /** Answers from what all instances share. */
    private static final class SharedSum implements StateMachine {
        private final AtomicLong shared;

        SharedSum(AtomicLong shared) {
            this.shared = shared;
        }

        @Override
        public byte[] apply(Entry entry) {
            return bytes(shared.addAndGet(ByteBuffer.wrap(entry.command()).getLong()));
        }
    }

    /** Answers well, but every instance keeps something else. */
    private static final class SecretlyDifferent implements StateMachine {
        private final Sum sum = new Sum();
        private final long secret;

        SecretlyDifferent(long secret) {
            this.secret = secret;
        }

        @Override
        public byte[] apply(Entry entry) {
            return sum.apply(entry);
        }

        byte[] stateBytes() {
            return bytes(sum.sum + secret);
        }
    }

    /** The same on every replica, and wrong: each ninth command is forgotten. */
    private static final class Forgetful implements StateMachine {
        private final Sum sum = new Sum();
        private int commands;

        @Override
        public byte[] apply(Entry entry) {
            return ++commands % 9 == 0 ? sum.stateBytes() : sum.apply(entry);
        }
    }

    /** Counts what it was given, by amount; says how often it saw one. The ways to get snapshots wrong are its subclasses. */
    private static class Tally implements StateMachine {
        final Map<Long, Long> seen = new TreeMap<>();

        @Override
        public byte[] apply(Entry entry) {
            return bytes(seen.merge(ByteBuffer.wrap(entry.command()).getLong(), 1L, Long::sum));
        }

        @Override
        public Snapshot snapshot() {
            return writing(new TreeMap<>(seen));
        }

        static Snapshot writing(Map<Long, Long> seen) {
            return out -> {
                out.writeInt(seen.size());
                for (Map.Entry<Long, Long> each : seen.entrySet()) {
                    out.writeLong(each.getKey());
                    out.writeLong(each.getValue());
                }
            };
        }

        @Override
        public void restore(DataInput in) throws IOException {
            seen.clear();
            add(in);
        }

        final void add(DataInput in) throws IOException {
            for (int size = in.readInt(); size > 0; size--) {
                seen.put(in.readLong(), in.readLong());
            }
        }
    }

    private static final class Merging extends Tally {
        @Override
        public void restore(DataInput in) throws IOException {
            add(in);
        }
    }

    private static final class Sharing extends Tally {
        @Override
        public Snapshot snapshot() {
            return writing(seen);
        }
    }

    /** Each instance has an order of its own, as a map of identity hashes would. */
    private static final class Shuffled extends Tally {
        private static int instances;
        private final boolean backwards = ++instances % 2 == 0;

        @Override
        public Snapshot snapshot() {
            TreeMap<Long, Long> sorted = new TreeMap<>(seen);
            return writing(backwards ? sorted.descendingMap() : sorted);
        }
    }

    private static final class ForgettingAField extends Tally {
        private long commands;

        @Override
        public byte[] apply(Entry entry) {
            super.apply(entry);
            return bytes(++commands);
        }
    }

    private static final class LeavingBytes extends Tally {
        @Override
        public Snapshot snapshot() {
            Snapshot rest = super.snapshot();
            return out -> {
                rest.writeTo(out);
                out.writeInt(7);
            };
        }
    }

    private static void assertRestorable(Supplier<? extends StateMachine> machines) {
        StateMachineCheck.of(machines, new CounterWorkload()).assertRestorable();
    }

    private static void assertNotRestorable(String expected, Supplier<? extends StateMachine> machines) {
        AssertionError error = assertThrows(AssertionError.class, () -> assertRestorable(machines));
        assertTrue(error.getMessage().contains(expected), error.getMessage());
        assertTrue(error.getMessage().contains("| seed 1"), error.getMessage());
    }

    @Test
    void whatComesBackFromItsSnapshotPassesAndSoDoesWhatTakesNone() {
        assertRestorable(Tally::new);
        assertRestorable(Sum::new);
    }

    @Test
    void restoreThatMergesInsteadOfReplacingIsCaught() {
        assertNotRestorable("restored into an instance with a newer state", Merging::new);
        AssertionError error =
                assertThrows(AssertionError.class, () -> StateMachineCheck.of(Merging::new, new CounterWorkload())
                        .withSnapshotBytesUnequal()
                        .assertRestorable());
        assertTrue(error.getMessage().contains("the result of command"), error.getMessage());
    }

    @Test
    void captureThatLaterCommandsReachIsCaught() {
        assertNotRestorable("a snapshot that is written after further commands is other bytes", Sharing::new);
    }

    @Test
    void fieldThatTheSnapshotForgetsIsCaught() {
        assertNotRestorable("restored into a fresh instance, the result of command 2, ", ForgettingAField::new);
    }

    @Test
    void bytesThatRestoreLeavesUnreadAreCaught() {
        assertNotRestorable("restore left 4 of 8 bytes unread", LeavingBytes::new);
    }

    @Test
    void snapshotsInAnOrderOfEachInstanceAreCaughtUnlessThatIsAllowed() {
        assertNotRestorable("differs from that of the instance it was taken of", Shuffled::new);
        StateMachineCheck.of(Shuffled::new, new CounterWorkload())
                .withSnapshotBytesUnequal()
                .assertRestorable();
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    @Test
    void aGoodStateMachinePasses() {
        StateMachineCheck.of(Sum::new, new CounterWorkload())
                .withDigest(Sum::stateBytes)
                .with(SMALL)
                .withSeeds(1, 10)
                .assertGood();
    }

    @Test
    void resultsThatDependOnTheInstanceAreCaught() {
        AtomicLong shared = new AtomicLong();
        AssertionError error = assertThrows(
                AssertionError.class, () -> StateMachineCheck.of(() -> new SharedSum(shared), new CounterWorkload())
                        .assertDeterministic());

        assertTrue(error.getMessage().startsWith("not deterministic: two fresh instances"), error.getMessage());
        assertTrue(error.getMessage().contains("the result of the last one"), error.getMessage());
        assertTrue(error.getMessage().contains("| seed 1 |"), error.getMessage());
    }

    @Test
    void stateThatDependsOnTheInstanceIsCaughtByTheDigest() {
        AtomicLong secrets = new AtomicLong();
        StateMachineCheck<SecretlyDifferent> check =
                StateMachineCheck.of(() -> new SecretlyDifferent(secrets.incrementAndGet()), new CounterWorkload());
        check.assertDeterministic();

        AssertionError error = assertThrows(AssertionError.class, () -> check.withDigest(SecretlyDifferent::stateBytes)
                .assertDeterministic());
        assertTrue(error.getMessage().contains("the same 1 commands, and the digest"), error.getMessage());
    }

    @Test
    void answersThatAreNotLinearizableAreCaughtReducedAndReported(@TempDir Path directory) throws Exception {
        StateMachineCheck<Forgetful> check = StateMachineCheck.of(Forgetful::new, new CounterWorkload())
                .with(SMALL)
                .withSeeds(5, 3)
                .reportingTo(directory.resolve("reports"));
        check.assertDeterministic();

        AssertionError error = assertThrows(AssertionError.class, check::assertGoodInClusters);

        Matcher message = Pattern.compile("(?s)seed (\\d+) violates Linearizability .*"
                        + "\\| replay: withSeeds\\(\\d+L, 1\\) \\| smaller: seed \\d+ with .* \\| report: (.*)")
                .matcher(error.getMessage());
        assertTrue(message.matches(), error.getMessage());
        assertEquals("5", message.group(1));
        String report = Files.readString(Path.of(message.group(2)));
        assertTrue(report.contains("violates Linearizability"));
        assertFalse(report.isEmpty());
    }

    @Test
    void noSeedsAreRefused() {
        StateMachineCheck<Sum> check = StateMachineCheck.of(Sum::new, new CounterWorkload());
        assertThrows(IllegalArgumentException.class, () -> check.withSeeds(1, 0));
    }
}
