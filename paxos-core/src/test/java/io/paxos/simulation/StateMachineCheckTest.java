// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.StateMachine;
import io.paxos.model.Entry;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
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

        byte[] digest() {
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

        byte[] digest() {
            return bytes(sum.sum + secret);
        }
    }

    /** The same on every replica, and wrong: each ninth command is forgotten. */
    private static final class Forgetful implements StateMachine {
        private final Sum sum = new Sum();
        private int commands;

        @Override
        public byte[] apply(Entry entry) {
            return ++commands % 9 == 0 ? sum.digest() : sum.apply(entry);
        }
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    @Test
    void aGoodStateMachinePasses() {
        StateMachineCheck.of(Sum::new, new CounterWorkload())
                .withDigest(Sum::digest)
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

        AssertionError error = assertThrows(AssertionError.class, () -> check.withDigest(SecretlyDifferent::digest)
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
