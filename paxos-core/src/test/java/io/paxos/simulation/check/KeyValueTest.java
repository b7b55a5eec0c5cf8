// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyValueTest {
    private static final KeyValue<String, Optional<Integer>, Register.Input<Integer>, Optional<Integer>> STORE =
            new KeyValue<>(new Register<>());

    @Test
    void keysAreIndependent() {
        Judged.accepted(STORE, write("x", 1, 0, 1), write("y", 2, 0, 1), read("x", 1, 2, 3), read("y", 2, 2, 3));
    }

    @Test
    void aValueOfAnotherKeyIsRefused() {
        Verdict.NotLinearizable<KeyValue.At<String, Register.Input<Integer>>, Optional<Integer>> refusal =
                Judged.refused(STORE, write("x", 1, 0, 1), write("y", 2, 0, 1), read("x", 2, 2, 3));
        assertEquals("x", refusal.key());
        assertEquals(read("x", 2, 2, 3), refusal.stuck());
    }

    @Test
    void oneBadKeyAmongGoodOnesIsNamed() {
        assertEquals(
                "z",
                Judged.refused(
                                STORE,
                                write("x", 1, 0, 1),
                                read("x", 1, 2, 3),
                                write("y", 2, 0, 1),
                                read("y", 2, 2, 3),
                                write("z", 3, 0, 1),
                                read("z", 4, 2, 3))
                        .key());
    }

    private static Operation<KeyValue.At<String, Register.Input<Integer>>, Optional<Integer>> write(
            String key, int value, long from, long to) {
        return Operation.acknowledged(1, new KeyValue.At<>(key, new Register.Write<>(value)), from, to);
    }

    private static Operation<KeyValue.At<String, Register.Input<Integer>>, Optional<Integer>> read(
            String key, int value, long from, long to) {
        return Operation.answered(2, new KeyValue.At<>(key, new Register.Read<>()), Optional.of(value), from, to);
    }
}
