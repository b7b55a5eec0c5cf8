// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.StateMachine;
import io.paxos.model.Entry;
import io.paxos.simulation.check.Counter;
import io.paxos.simulation.check.Model;
import java.util.SplittableRandom;

/** The counter, on a state machine that takes no snapshots. */
final class WithoutSnapshots implements Workload<Long, Counter.Input, Long> {

    private final CounterWorkload counter = new CounterWorkload();

    @Override
    public StateMachine newStateMachine() {
        StateMachine machine = counter.newStateMachine();
        return new StateMachine() {
            @Override
            public byte[] apply(Entry entry) {
                return machine.apply(entry);
            }
        };
    }

    @Override
    public Counter.Input nextInput(SplittableRandom random, long operation) {
        return counter.nextInput(random, operation);
    }

    @Override
    public byte[] encode(Counter.Input input) {
        return counter.encode(input);
    }

    @Override
    public Long decode(Counter.Input input, byte[] result) {
        return counter.decode(input, result);
    }

    @Override
    public Model<Long, Counter.Input, Long> model() {
        return counter.model();
    }
}
