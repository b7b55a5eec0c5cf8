// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.driver.Application;
import io.paxos.driver.CapturedState;
import io.paxos.model.Entry;
import java.io.DataInput;
import java.io.IOException;
import java.util.OptionalLong;

/** The host's state machine, as the driver calls it. */
final class StateMachineBridge implements Application {

    private final StateMachine machine;

    StateMachineBridge(StateMachine machine) {
        this.machine = machine;
    }

    @Override
    public byte[] apply(Entry entry) {
        return machine.apply(entry);
    }

    @Override
    public boolean isQuick() {
        return machine.appliesQuickly();
    }

    @Override
    public OptionalLong digest() {
        return machine.digest();
    }

    @Override
    public CapturedState capture() {
        Snapshot snapshot = machine.snapshot();
        if (snapshot == null) {
            throw new IllegalStateException("the state machine's snapshot() returned null");
        }
        return snapshot::writeTo;
    }

    @Override
    public void restore(DataInput in) throws IOException {
        machine.restore(in);
    }
}
