// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegisterTest {
    private static final Register<Integer> REGISTER = new Register<>();

    @Test
    void nothingHappenedIsFine() {
        Judged.accepted(REGISTER, History.ofTimes(List.of()));
    }

    @Test
    void aFreshRegisterReadsNothing() {
        Judged.accepted(REGISTER, readNothing(1, 0, 1));
    }

    @Test
    void aRegisterReadsWhatItStartedWith() {
        Judged.accepted(new Register<>(Optional.of(7)), read(1, 7, 0, 1));
        Judged.refused(new Register<>(Optional.of(7)), readNothing(1, 0, 1));
    }

    @Test
    void aReadAfterAWriteSeesIt() {
        Judged.accepted(REGISTER, write(1, 5, 0, 1), read(2, 5, 2, 3));
    }

    @Test
    void aReadAfterAWriteThatSeesNothingIsRefused() {
        Judged.refused(REGISTER, write(1, 5, 0, 1), readNothing(2, 2, 3));
    }

    @Test
    void aReadDuringAWriteMaySeeTheOldOrTheNewValue() {
        Judged.accepted(REGISTER, write(1, 5, 0, 9), readNothing(2, 1, 2), read(2, 5, 3, 4));
    }

    @Test
    void aReadDuringAWriteThatGoesBackIsRefused() {
        Judged.refused(REGISTER, write(1, 5, 0, 9), read(2, 5, 1, 2), readNothing(2, 3, 4));
    }

    @Test
    void twoReadersDuringAWriteAgreeOnTheMoment() {
        Judged.refused(REGISTER, write(1, 5, 0, 9), read(2, 5, 1, 2), readNothing(3, 3, 4));
    }

    @Test
    void aStaleReadIsRefused() {
        Verdict.NotLinearizable<Register.Input<Integer>, Optional<Integer>> refusal =
                Judged.refused(REGISTER, write(1, 1, 0, 1), write(2, 2, 2, 3), read(3, 1, 4, 5));
        assertEquals(read(3, 1, 4, 5), refusal.stuck());
        assertEquals(
                List.of(write(1, 1, 0, 1), write(2, 2, 2, 3)), refusal.order().operations());
        assertEquals("Optional[2]", refusal.state());
    }

    @Test
    void aValueNeverWrittenIsRefused() {
        Judged.refused(REGISTER, write(1, 1, 0, 1), read(2, 9, 0, 5));
    }

    @Test
    void aValueReadBeforeItsWriteBeganIsRefused() {
        Judged.refused(REGISTER, read(2, 1, 0, 1), write(1, 1, 2, 3));
    }

    @Test
    void overlappingWritesMayTakeEffectInEitherOrder() {
        Judged.accepted(REGISTER, write(1, 1, 0, 5), write(2, 2, 1, 4), read(3, 1, 6, 7));
        Judged.accepted(REGISTER, write(1, 1, 0, 5), write(2, 2, 1, 4), read(3, 2, 6, 7));
    }

    @Test
    void overlappingWritesSeenInBothOrdersAreRefused() {
        Judged.refused(
                REGISTER, write(1, 1, 0, 5), write(2, 2, 1, 4), read(3, 1, 6, 7), read(4, 2, 6, 9), read(3, 1, 8, 9));
    }

    @Test
    void aWriteOfTheValueThatIsThereMayUndoAnother() {
        // The write of 5 in flight meets a 5, and must not be thought done for that.
        Judged.accepted(
                REGISTER, write(1, 5, 0, 1), write(2, 5, 2, 20), write(3, 7, 3, 4), read(1, 7, 5, 6), read(1, 5, 7, 8));
    }

    @Test
    void anUnknownWriteMayNeverBeSeen() {
        Judged.accepted(REGISTER, write(1, 1, 0, 1), openWrite(2, 2, 2), read(3, 1, 50, 60));
    }

    @Test
    void anUnknownWriteMayBeSeenMuchLater() {
        Judged.accepted(REGISTER, openWrite(2, 2, 0), write(1, 1, 1, 2), read(3, 1, 3, 4), read(3, 2, 50, 60));
    }

    @Test
    void anUnknownWriteSeenAndThenUnseenIsRefused() {
        Judged.refused(REGISTER, write(1, 1, 0, 1), openWrite(2, 2, 2), read(3, 2, 10, 11), read(3, 1, 12, 13));
    }

    @Test
    void anUnknownWriteTakesEffectOnlyOnce() {
        Judged.refused(
                REGISTER, openWrite(1, 1, 0), read(3, 1, 2, 3), write(2, 2, 4, 5), read(3, 2, 6, 7), read(3, 1, 8, 9));
    }

    @Test
    void twoUnknownWritesOfTheSameMayTakeEffectTwice() {
        Judged.accepted(
                REGISTER,
                openWrite(1, 1, 0),
                openWrite(4, 1, 6),
                read(3, 1, 2, 3),
                write(2, 2, 4, 5),
                read(3, 2, 7, 8),
                read(3, 1, 9, 10));
    }

    @Test
    void anUnknownWriteSeenBeforeItWasSentIsRefused() {
        Judged.refused(REGISTER, read(3, 2, 0, 1), openWrite(1, 2, 5));
    }

    @Test
    void anUnknownReadConstrainsNothing() {
        Judged.accepted(REGISTER, Operation.open(1, new Register.Read<>(), 0), write(2, 2, 1, 2), read(3, 2, 3, 4));
    }

    @Test
    void anAcknowledgedReadConstrainsNothing() {
        Judged.accepted(
                REGISTER, write(2, 2, 0, 1), Operation.acknowledged(1, new Register.Read<>(), 2, 3), read(3, 2, 4, 5));
    }

    @Test
    void aWriteWithAnOutputIsAMistakeOfTheCaller() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Judged.accepted(REGISTER, Operation.answered(1, new Register.Write<>(1), Optional.of(1), 0, 1)));
    }

    private static Operation<Register.Input<Integer>, Optional<Integer>> write(
            long client, int value, long from, long to) {
        return Operation.acknowledged(client, new Register.Write<>(value), from, to);
    }

    private static Operation<Register.Input<Integer>, Optional<Integer>> openWrite(long client, int value, long from) {
        return Operation.open(client, new Register.Write<>(value), from);
    }

    private static Operation<Register.Input<Integer>, Optional<Integer>> read(
            long client, int value, long from, long to) {
        return Operation.answered(client, new Register.Read<>(), Optional.of(value), from, to);
    }

    private static Operation<Register.Input<Integer>, Optional<Integer>> readNothing(long client, long from, long to) {
        return Operation.answered(client, new Register.Read<>(), Optional.empty(), from, to);
    }
}
