// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.simulation.CounterWorkload;
import io.paxos.simulation.Workload;

/** The contract as a host application uses it. */
class CounterContractTest extends StateMachineContract {

    @Override
    protected Workload<?, ?, ?> workload() {
        return new CounterWorkload();
    }
}
