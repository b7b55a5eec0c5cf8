// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.Snapshot;
import io.paxos.StateMachine;
import io.paxos.model.Entry;
import io.paxos.simulation.check.CasRegister;
import io.paxos.simulation.check.KeyValue;
import io.paxos.simulation.check.Model;
import java.io.DataInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads, writes and compare-and-sets of a few keys, half of it reads. */
public final class KeyValueWorkload
        implements Workload<Optional<Long>, KeyValue.At<Integer, CasRegister.Input<Long>>, CasRegister.Output<Long>> {

    private static final byte READ = 1;
    private static final byte WRITE = 2;
    private static final byte SWAP = 3;
    private static final int COMMAND_BYTES = 1 + Integer.BYTES + 2 * Long.BYTES;

    /** Stands for "no value"; operations are numbered from 1. */
    private static final long NOTHING = 0;

    private final int keys;

    /**
     * @param keys how many, 1 to 1,000; the fewer, the more the clients meet
     */
    public KeyValueWorkload(int keys) {
        if (keys < 1 || keys > 1_000) {
            throw new IllegalArgumentException("keys: " + keys + " is outside the allowed range 1..1000");
        }
        this.keys = keys;
    }

    @Override
    public StateMachine newStateMachine() {
        return new Machine();
    }

    /** The map. */
    private static final class Machine implements StateMachine {
        private final TreeMap<Integer, Long> map = new TreeMap<>();

        @Override
        public byte[] apply(Entry entry) {
            ByteBuffer in = ByteBuffer.wrap(entry.command());
            byte kind = in.get();
            int key = in.getInt();
            long value = in.getLong();
            long expected = in.getLong();
            long before = map.getOrDefault(key, NOTHING);
            if (kind == WRITE || (kind == SWAP && before == expected)) {
                map.put(key, value);
            }
            return ByteBuffer.allocate(Long.BYTES).putLong(before).array();
        }

        @Override
        public byte[] query(byte[] query) {
            ByteBuffer in = ByteBuffer.wrap(query);
            in.get();
            long value = map.getOrDefault(in.getInt(), NOTHING);
            return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        }

        @Override
        public Snapshot snapshot() {
            TreeMap<Integer, Long> copy = new TreeMap<>(map);
            return out -> {
                out.writeInt(copy.size());
                for (Map.Entry<Integer, Long> each : copy.entrySet()) {
                    out.writeInt(each.getKey());
                    out.writeLong(each.getValue());
                }
            };
        }

        @Override
        public void restore(DataInput in) throws IOException {
            map.clear();
            for (int left = in.readInt(); left > 0; left--) {
                map.put(in.readInt(), in.readLong());
            }
        }
    }

    @Override
    public KeyValue.At<Integer, CasRegister.Input<Long>> nextInput(SplittableRandom random, long operation) {
        int key = random.nextInt(keys);
        int dice = random.nextInt(10);
        if (dice < 5) {
            return new KeyValue.At<>(key, new CasRegister.Read<>());
        }
        if (dice < 9) {
            return new KeyValue.At<>(key, new CasRegister.Write<>(operation));
        }
        long guess = Math.max(NOTHING, operation - random.nextInt(1, 3 * keys + 1));
        return new KeyValue.At<>(key, new CasRegister.CompareAndSet<>(valueOf(guess), operation));
    }

    private static Optional<Long> valueOf(long stored) {
        return stored == NOTHING ? Optional.empty() : Optional.of(stored);
    }

    @Override
    public byte[] encode(KeyValue.At<Integer, CasRegister.Input<Long>> input) {
        ByteBuffer out = ByteBuffer.allocate(COMMAND_BYTES);
        if (input.input() instanceof CasRegister.Write<Long> write) {
            out.put(WRITE).putInt(input.key()).putLong(write.value()).putLong(NOTHING);
        } else if (input.input() instanceof CasRegister.CompareAndSet<Long> swap) {
            out.put(SWAP).putInt(input.key()).putLong(swap.update());
            out.putLong(swap.expected().orElse(NOTHING));
        } else {
            out.put(READ).putInt(input.key());
        }
        return out.array();
    }

    @Override
    public boolean isRead(KeyValue.At<Integer, CasRegister.Input<Long>> input) {
        return input.input() instanceof CasRegister.Read<Long>;
    }

    @Override
    public CasRegister.@Nullable Output<Long> decode(
            KeyValue.At<Integer, CasRegister.Input<Long>> input, byte[] result) {
        long before = ByteBuffer.wrap(result).getLong();
        if (input.input() instanceof CasRegister.Read<Long>) {
            return new CasRegister.Value<>(valueOf(before));
        }
        if (input.input() instanceof CasRegister.CompareAndSet<Long> swap) {
            return new CasRegister.Swapped<>(before == swap.expected().orElse(NOTHING));
        }
        return null;
    }

    @Override
    public Model<Optional<Long>, KeyValue.At<Integer, CasRegister.Input<Long>>, CasRegister.Output<Long>> model() {
        return new KeyValue<>(new CasRegister<>());
    }
}
