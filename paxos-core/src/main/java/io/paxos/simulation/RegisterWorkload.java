// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.StateMachine;
import io.paxos.simulation.check.Model;
import io.paxos.simulation.check.Register;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Reads and writes of one register. Each write writes a value of its own. */
public final class RegisterWorkload implements Workload<Optional<Long>, Register.Input<Long>, Optional<Long>> {

    /** A read; operations, and so written values, are numbered from 1. */
    private static final long READ = 0;

    /** A workload; it keeps nothing. */
    public RegisterWorkload() {}

    @Override
    public StateMachine newStateMachine() {
        return new NumberMachine((value, written) -> written == READ ? value : written);
    }

    @Override
    public Register.Input<Long> nextInput(SplittableRandom random, long operation) {
        return random.nextBoolean() ? new Register.Read<>() : new Register.Write<>(operation);
    }

    @Override
    public byte[] encode(Register.Input<Long> input) {
        long written = input instanceof Register.Write<Long> write ? write.value() : READ;
        return ByteBuffer.allocate(Long.BYTES).putLong(written).array();
    }

    @Override
    public boolean isRead(Register.Input<Long> input) {
        return input instanceof Register.Read<Long>;
    }

    @Override
    @SuppressWarnings("NullableOptional") // null: it was done; empty: it read that nothing was written
    public @Nullable Optional<Long> decode(Register.Input<Long> input, byte[] result) {
        if (input instanceof Register.Write<Long>) {
            return null;
        }
        long value = ByteBuffer.wrap(result).getLong();
        return value == READ ? Optional.empty() : Optional.of(value);
    }

    @Override
    public Model<Optional<Long>, Register.Input<Long>, Optional<Long>> model() {
        return new Register<>();
    }
}
