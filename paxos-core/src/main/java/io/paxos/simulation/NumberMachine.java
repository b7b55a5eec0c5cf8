// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.Snapshot;
import io.paxos.StateMachine;
import io.paxos.model.Entry;
import java.io.DataInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongBinaryOperator;

/** A state machine that is one number: a command is a number too, and the result is what came of the two. */
final class NumberMachine implements StateMachine {

    private final LongBinaryOperator next;
    private long number;

    /** @param next from the number and the command to the number */
    NumberMachine(LongBinaryOperator next) {
        this.next = next;
    }

    @Override
    public byte[] apply(Entry entry) {
        number = next.applyAsLong(number, ByteBuffer.wrap(entry.command()).getLong());
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** A command that only reads, as a question: what would come of it. */
    @Override
    public byte[] query(byte[] query) {
        long seen = next.applyAsLong(number, ByteBuffer.wrap(query).getLong());
        return ByteBuffer.allocate(Long.BYTES).putLong(seen).array();
    }

    @Override
    public Snapshot snapshot() {
        long captured = number;
        return out -> out.writeLong(captured);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        number = in.readLong();
    }
}
