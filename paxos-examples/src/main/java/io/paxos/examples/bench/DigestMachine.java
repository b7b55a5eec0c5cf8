// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import io.paxos.Snapshot;
import io.paxos.StateMachine;
import io.paxos.model.Entry;
import java.io.DataInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * As little work as a state machine can have and still show that all replicas applied the same commands in the same order: it
 * counts them, and folds length and first eight bytes of each into a digest that depends on their order. Each command is
 * answered with the new count.
 */
final class DigestMachine implements StateMachine {

    /**
     * What was applied.
     *
     * @param count of commands
     * @param digest over them in their order
     */
    record State(long count, long digest) {}

    private static final long FACTOR = 0x5DEECE66DL;

    // Written by one thread at a time, read by whoever asks.
    private volatile State state = new State(0, 0);

    @Override
    public byte[] apply(Entry entry) {
        byte[] command = entry.command();
        State before = state;
        State after = new State(before.count + 1, before.digest * FACTOR + head(command) + command.length);
        state = after;
        return bytes(after.count);
    }

    private static long head(byte[] command) {
        long head = 0;
        for (int i = 0; i < Math.min(Long.BYTES, command.length); i++) {
            head = (head << Byte.SIZE) | (command[i] & 0xff);
        }
        return head;
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(0, number).array();
    }

    State state() {
        return state;
    }

    long count() {
        return state.count;
    }

    @Override
    public boolean appliesQuickly() {
        return true;
    }

    @Override
    public OptionalLong digest() {
        State now = state;
        return OptionalLong.of(now.digest ^ now.count);
    }

    @Override
    public byte[] query(byte[] query) {
        return bytes(state.count);
    }

    @Override
    public Snapshot snapshot() {
        State now = state;
        return out -> {
            out.writeLong(now.count);
            out.writeLong(now.digest);
        };
    }

    @Override
    public void restore(DataInput in) throws IOException {
        state = new State(in.readLong(), in.readLong());
    }
}
