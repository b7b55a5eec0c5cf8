// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.simulation.StateMachineCheck;
import io.paxos.simulation.Workload;
import org.junit.jupiter.api.Test;

/**
 * What every {@link StateMachine} must do, as tests: a host application's test extends it and says what its clients ask. For
 * whole clusters under faults, and for other test frameworks, see {@link StateMachineCheck}, which does the work here too.
 */
public abstract class StateMachineContract {

    /** A fresh state machine, and what clients ask of it. */
    protected abstract Workload<?, ?, ?> workload();

    private StateMachineCheck<StateMachine> check() {
        Workload<?, ?, ?> workload = workload();
        return StateMachineCheck.of(workload::newStateMachine, workload);
    }

    @Test
    void sameCommandsGiveSameResults() {
        check().assertDeterministic();
    }

    /** Also that a snapshot that is written while apply goes on holds the state as it was captured. */
    @Test
    void restoreGivesTheStateOfTheCaptureWhateverWasThereBefore() {
        check().assertRestorable();
    }
}
