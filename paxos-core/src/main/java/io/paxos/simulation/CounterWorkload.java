// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.StateMachine;
import io.paxos.simulation.check.Counter;
import io.paxos.simulation.check.Model;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * Additions to one sum that answer the sum. Every operation meets every other, so a lost or doubled one shows at once; the
 * check of the history is the dearest of the supplied ones for the same reason.
 */
public final class CounterWorkload implements Workload<Long, Counter.Input, Long> {

    /**
     * Any sum tells how many of each were added, up to 999. Else whoever checks a history in which many outcomes are unknown
     * has to find out which of them add up to a gap, and that can take for ever.
     */
    private static final long[] AMOUNTS = {1, 1_000, 1_000_000};

    /** A workload; it keeps nothing. */
    public CounterWorkload() {}

    @Override
    public StateMachine newStateMachine() {
        return new NumberMachine(Long::sum);
    }

    @Override
    public Counter.Input nextInput(SplittableRandom random, long operation) {
        return random.nextInt(4) == 0 ? new Counter.Get() : new Counter.Add(AMOUNTS[random.nextInt(AMOUNTS.length)]);
    }

    @Override
    public byte[] encode(Counter.Input input) {
        long amount = input instanceof Counter.Add add ? add.amount() : 0;
        return ByteBuffer.allocate(Long.BYTES).putLong(amount).array();
    }

    @Override
    public boolean isRead(Counter.Input input) {
        return input instanceof Counter.Get;
    }

    @Override
    public Long decode(Counter.Input input, byte[] result) {
        return ByteBuffer.wrap(result).getLong();
    }

    @Override
    public Model<Long, Counter.Input, Long> model() {
        return new Counter();
    }
}
