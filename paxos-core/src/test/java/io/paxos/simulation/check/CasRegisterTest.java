// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class CasRegisterTest {
    private static final CasRegister<Integer> REGISTER = new CasRegister<>(Optional.of(0));

    @Test
    void oneOfTwoRacingSwapsWins() {
        Judged.accepted(REGISTER, cas(1, 0, 1, true, 0, 5), cas(2, 0, 2, false, 1, 4), read(3, 1, 6, 7));
    }

    @Test
    void twoSwapsFromTheSameValueThatBothWinAreRefused() {
        Judged.refused(REGISTER, cas(1, 0, 1, true, 0, 5), cas(2, 0, 2, true, 1, 4));
    }

    @Test
    void twoSwapsThatBothLoseAreRefused() {
        Judged.refused(REGISTER, cas(1, 0, 1, false, 0, 5), cas(2, 0, 2, false, 1, 4));
    }

    @Test
    void swapsInAChainAreFine() {
        Judged.accepted(
                REGISTER,
                cas(2, 1, 2, true, 0, 9),
                cas(3, 2, 3, true, 1, 8),
                cas(1, 0, 1, true, 2, 7),
                read(1, 3, 10, 11));
    }

    @Test
    void aChainThatRealTimeForbidsIsRefused() {
        Judged.refused(REGISTER, cas(2, 1, 2, true, 0, 1), cas(1, 0, 1, true, 2, 3));
    }

    @Test
    void aLostUpdateIsRefused() {
        // A and B both read 0 and swap to 1; both are told that they did.
        Judged.refused(
                REGISTER, read(1, 0, 0, 1), read(2, 0, 0, 1), cas(1, 0, 1, true, 2, 3), cas(2, 0, 1, true, 4, 5));
    }

    @Test
    void aSwapThatLostThoughNothingElseHappenedIsRefused() {
        Judged.refused(REGISTER, cas(1, 0, 1, false, 0, 1));
    }

    @Test
    void aSwapThatLostBecauseOfAnUnknownWriteIsFine() {
        Judged.accepted(
                REGISTER,
                Operation.open(2, new CasRegister.Write<>(9), 0),
                cas(1, 0, 1, false, 1, 2),
                read(1, 9, 3, 4));
    }

    @Test
    void aSwapThatLostBecauseOfAnUnknownWriteThatIsThenUnseenIsRefused() {
        Judged.refused(
                REGISTER,
                Operation.open(2, new CasRegister.Write<>(9), 0),
                cas(1, 0, 1, false, 1, 2),
                read(1, 0, 3, 4));
    }

    @Test
    void anUnknownSwapMayHaveWonOrLost() {
        Judged.accepted(REGISTER, openCas(2, 0, 5, 0), read(1, 5, 1, 2));
        Judged.accepted(REGISTER, openCas(2, 0, 5, 0), read(1, 0, 1, 2));
        Judged.refused(REGISTER, openCas(2, 3, 5, 0), read(1, 5, 1, 2));
    }

    @Test
    void anAcknowledgedSwapTookEffectIfItCould() {
        Operation<CasRegister.Input<Integer>, CasRegister.Output<Integer>> swap =
                Operation.acknowledged(2, new CasRegister.CompareAndSet<>(Optional.of(0), 5), 0, 1);
        Judged.accepted(REGISTER, swap, read(1, 5, 2, 3));
        Judged.refused(REGISTER, swap, read(1, 0, 2, 3));
    }

    @Test
    void aSwapFromNothingWinsOnce() {
        CasRegister<Integer> empty = new CasRegister<>();
        Judged.accepted(empty, create(1, 1, true, 0, 1), create(2, 2, false, 2, 3));
        Judged.refused(empty, create(1, 1, true, 0, 9), create(2, 2, true, 2, 3));
    }

    @Test
    void outputsOfTheWrongKindAreMistakesOfTheCaller() {
        CasRegister.Output<Integer> value = new CasRegister.Value<>(Optional.of(1));
        CasRegister.Output<Integer> swapped = new CasRegister.Swapped<>(true);
        assertEquals(
                "output of write(1): 1, but a write has none",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> REGISTER.step(Optional.of(0), new CasRegister.Write<>(1), value))
                        .getMessage());
        assertEquals(
                "output of cas(nothing, 1): 1, but a compare-and-set answers whether it swapped",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> REGISTER.step(
                                        Optional.of(0), new CasRegister.CompareAndSet<>(Optional.empty(), 1), value))
                        .getMessage());
        assertEquals(
                "output of read(): swapped, but a read answers a value",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> REGISTER.step(Optional.of(0), new CasRegister.Read<>(), swapped))
                        .getMessage());
    }

    private static Operation<CasRegister.Input<Integer>, CasRegister.Output<Integer>> cas(
            long client, int expected, int update, boolean done, long from, long to) {
        return Operation.answered(
                client,
                new CasRegister.CompareAndSet<>(Optional.of(expected), update),
                new CasRegister.Swapped<>(done),
                from,
                to);
    }

    private static Operation<CasRegister.Input<Integer>, CasRegister.Output<Integer>> openCas(
            long client, int expected, int update, long from) {
        return Operation.open(client, new CasRegister.CompareAndSet<>(Optional.of(expected), update), from);
    }

    private static Operation<CasRegister.Input<Integer>, CasRegister.Output<Integer>> create(
            long client, int update, boolean done, long from, long to) {
        return Operation.answered(
                client,
                new CasRegister.CompareAndSet<>(Optional.empty(), update),
                new CasRegister.Swapped<>(done),
                from,
                to);
    }

    private static Operation<CasRegister.Input<Integer>, CasRegister.Output<Integer>> read(
            long client, int value, long from, long to) {
        return Operation.answered(
                client, new CasRegister.Read<>(), new CasRegister.Value<>(Optional.of(value)), from, to);
    }
}
