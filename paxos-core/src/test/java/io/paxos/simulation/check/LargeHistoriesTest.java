// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand operations over 10 keys by 20 clients with up to 5 unknown outcomes a key: true histories are accepted, one lie
 * is found, both in time. Time is that of the processor, so that a busy machine does not fail the test.
 */
class LargeHistoriesTest {
    private static final int OPERATIONS = 10_000;
    private static final int KEYS = 10;
    private static final int CLIENTS = 20;
    private static final int OPEN_PER_KEY_MAX = 5;
    private static final long CPU_MILLIS_MAX = 2_000;
    private static final int SEEDS = 3;

    @Test
    void registersAreJudgedInTime() {
        judge(new Load.OfRegister(0), List.of(LargeHistoriesTest::staleRead));
    }

    @Test
    void casRegistersAreJudgedInTime() {
        judge(
                new Load.OfCasRegister(0),
                List.of(LargeHistoriesTest::secondWinner, LargeHistoriesTest::winnerFromNowhere));
    }

    @Test
    void countersAreJudgedInTime() {
        judge(new Load.OfCounter(true), List.of(LargeHistoriesTest::sumToldTwice));
    }

    @Test
    void listsAreJudgedInTime() {
        judge(new Load.OfList(0), List.of(LargeHistoriesTest::doubledElement));
    }

    @Test
    void oneBusyKeyIsJudged() {
        Load<Optional<Integer>, Register.Input<Integer>, Optional<Integer>> load = new Load.OfRegister(0);
        List<Operation<Register.Input<Integer>, Optional<Integer>>> operations =
                AtomicObject.history(load, 1, CLIENTS, 2_000, OPEN_PER_KEY_MAX, 0.01);
        measured("one register, 20 clients", load, operations, true);
    }

    /** Makes one answer impossible; empty if this operation offers no way to. */
    private interface Lie<I, O> {
        Optional<Operation<I, O>> about(Operation<I, O> operation, List<Operation<I, O>> sameKey);
    }

    private static <S, I, O> void judge(Load<S, I, O> each, List<Lie<I, O>> lies) {
        Load<S, KeyValue.At<Integer, I>, O> load = new Load.OfKeys<>(KEYS, each);
        for (int seed = 1; seed <= SEEDS; seed++) {
            List<Operation<KeyValue.At<Integer, I>, O>> operations =
                    AtomicObject.history(load, seed, CLIENTS, OPERATIONS, OPEN_PER_KEY_MAX, 0.02);
            assertEquals(OPERATIONS, operations.size());
            assertEquals(
                    KEYS * OPEN_PER_KEY_MAX,
                    operations.stream().filter(Operation::isOpen).count());
            String name = each + ", seed " + seed;
            measured(name, load, operations, true);
            measured(name + ", one lie", load, withOneLie(operations, lies, seed), false);
        }
    }

    private static <S, I, O> void measured(
            String name, Load<S, I, O> load, List<Operation<I, O>> operations, boolean expected) {
        History<I, O> history = History.ofTimes(operations);
        long started = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Verdict<I, O> verdict = LinearizabilityChecker.of(load.model()).check(history);
        long millis = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - started) / 1_000_000;
        System.out.println(name + ": " + operations.size() + " operations judged in " + millis
                + " ms of processor time, " + (verdict.isLinearizable() ? "linearizable" : "refused"));
        if (verdict instanceof Verdict.Linearizable<I, O> proof) {
            assertTrue(expected, () -> name + ": the lie was not found");
            Judged.ordersAreTrue(load.model(), history, proof);
        } else {
            assertTrue(
                    !expected && verdict instanceof Verdict.NotLinearizable<I, O>,
                    () -> name + ": " + verdict.explanation());
        }
        assertTrue(millis < CPU_MILLIS_MAX, () -> name + ": took " + millis + " ms of processor time");
    }

    /** The first lie of the list that some operation offers a way to. */
    private static <I, O> List<Operation<KeyValue.At<Integer, I>, O>> withOneLie(
            List<Operation<KeyValue.At<Integer, I>, O>> operations, List<Lie<I, O>> lies, int seed) {
        List<Operation<I, O>> unkeyed = new ArrayList<>();
        Map<Integer, List<Operation<I, O>>> byKey = new HashMap<>();
        for (Operation<KeyValue.At<Integer, I>, O> operation : operations) {
            unkeyed.add(unkeyed(operation));
            byKey.computeIfAbsent(operation.input().key(), key -> new ArrayList<>())
                    .add(unkeyed.get(unkeyed.size() - 1));
        }
        int start = new Random(seed).nextInt(operations.size());
        for (Lie<I, O> lie : lies) {
            for (int i = 0; i < operations.size(); i++) {
                int at = (start + i) % operations.size();
                int key = operations.get(at).input().key();
                Optional<Operation<I, O>> said = lie.about(unkeyed.get(at), byKey.get(key));
                if (said.isPresent()) {
                    List<Operation<KeyValue.At<Integer, I>, O>> result = new ArrayList<>(operations);
                    result.set(at, keyed(key, said.get()));
                    return result;
                }
            }
        }
        throw new AssertionError("no operation offers a way to lie");
    }

    private static <I, O> Operation<I, O> unkeyed(Operation<KeyValue.At<Integer, I>, O> operation) {
        return new Operation<>(
                operation.client(),
                operation.input().input(),
                operation.output(),
                operation.invokedAt(),
                operation.respondedAt());
    }

    private static <I, O> Operation<KeyValue.At<Integer, I>, O> keyed(int key, Operation<I, O> operation) {
        return new Operation<>(
                operation.client(),
                new KeyValue.At<>(key, operation.input()),
                operation.output(),
                operation.invokedAt(),
                operation.respondedAt());
    }

    private static <I, O> Optional<Operation<I, O>> saying(Operation<I, O> operation, O output) {
        return Optional.of(Operation.answered(
                operation.client(), operation.input(), output, operation.invokedAt(), operation.respondedAt()));
    }

    /** A read of a value that a later write had replaced before the read began. Each value is written once. */
    private static Optional<Operation<Register.Input<Integer>, Optional<Integer>>> staleRead(
            Operation<Register.Input<Integer>, Optional<Integer>> operation,
            List<Operation<Register.Input<Integer>, Optional<Integer>>> others) {
        if (!(operation.input() instanceof Register.Read<Integer>) || operation.isOpen()) {
            return Optional.empty();
        }
        Operation<Register.Input<Integer>, Optional<Integer>> last = null;
        for (Operation<Register.Input<Integer>, Optional<Integer>> write : others) {
            if (write.input() instanceof Register.Write<Integer>
                    && write.respondedAt() < operation.invokedAt()
                    && (last == null || write.invokedAt() > last.invokedAt())) {
                last = write;
            }
        }
        for (Operation<Register.Input<Integer>, Optional<Integer>> write : others) {
            if (last != null
                    && write.input() instanceof Register.Write<Integer> stale
                    && write.respondedAt() < last.invokedAt()) {
                return saying(operation, Optional.of(stale.value()));
            }
        }
        return Optional.empty();
    }

    /** A swap that lost claims to have won from a value from which another won. Each value is written once. */
    private static Optional<Operation<CasRegister.Input<Integer>, CasRegister.Output<Integer>>> secondWinner(
            Operation<CasRegister.Input<Integer>, CasRegister.Output<Integer>> operation,
            List<Operation<CasRegister.Input<Integer>, CasRegister.Output<Integer>>> others) {
        CasRegister.Output<Integer> won = new CasRegister.Swapped<>(true);
        if (operation.input() instanceof CasRegister.CompareAndSet<Integer> loser && !won.equals(operation.output())) {
            for (Operation<CasRegister.Input<Integer>, CasRegister.Output<Integer>> other : others) {
                if (!operation.isOpen()
                        && other.input() instanceof CasRegister.CompareAndSet<Integer> winner
                        && winner.expected().equals(loser.expected())
                        && won.equals(other.output())) {
                    return saying(operation, won);
                }
            }
        }
        return Optional.empty();
    }

    /** A swap that lost claims to have won from a value that nobody wrote. */
    private static Optional<Operation<CasRegister.Input<Integer>, CasRegister.Output<Integer>>> winnerFromNowhere(
            Operation<CasRegister.Input<Integer>, CasRegister.Output<Integer>> operation,
            List<Operation<CasRegister.Input<Integer>, CasRegister.Output<Integer>>> others) {
        if (operation.input() instanceof CasRegister.CompareAndSet<Integer> loser
                && operation.output() instanceof CasRegister.Swapped<Integer> told
                && !told.done()
                && others.stream().noneMatch(other -> loser.expected().equals(offered(other.input())))) {
            return saying(operation, new CasRegister.Swapped<>(true));
        }
        return Optional.empty();
    }

    private static Optional<Integer> offered(CasRegister.Input<Integer> input) {
        if (input instanceof CasRegister.Write<Integer> write) {
            return Optional.of(write.value());
        }
        return input instanceof CasRegister.CompareAndSet<Integer> cas ? Optional.of(cas.update()) : Optional.empty();
    }

    /** An increment tells the sum that another increment told. */
    private static Optional<Operation<Counter.Input, Long>> sumToldTwice(
            Operation<Counter.Input, Long> operation, List<Operation<Counter.Input, Long>> others) {
        if (operation.input() instanceof Counter.Add && !operation.isOpen()) {
            for (Operation<Counter.Input, Long> other : others) {
                if (!other.equals(operation) && other.input() instanceof Counter.Add && other.output() != null) {
                    return saying(operation, other.output());
                }
            }
        }
        return Optional.empty();
    }

    /** A read has its last element twice. Each element is appended once. */
    private static Optional<Operation<AppendList.Input<Integer>, AppendList.Output<Integer>>> doubledElement(
            Operation<AppendList.Input<Integer>, AppendList.Output<Integer>> operation,
            List<Operation<AppendList.Input<Integer>, AppendList.Output<Integer>>> others) {
        if (operation.output() instanceof AppendList.Elements<Integer> truth
                && !truth.elements().isEmpty()) {
            List<Integer> elements = new ArrayList<>(truth.elements());
            elements.add(elements.get(elements.size() - 1));
            return saying(operation, new AppendList.Elements<>(elements));
        }
        return Optional.empty();
    }
}
