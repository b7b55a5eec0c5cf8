// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import io.paxos.PaxosNode;
import io.paxos.ReadLevel;

/** A node in this JVM, as a host application has it: no client, no connection in between. */
record LocalTarget(PaxosNode node, DigestMachine machine) implements Target {

    @Override
    public void write(byte[] command, Completion completion) {
        var unused = node.submit(command).whenComplete((result, failure) -> completion.done(failure));
    }

    @Override
    public void read(Completion completion) {
        var unused = node.read(ReadLevel.LINEARIZABLE, machine::count)
                .whenComplete((result, failure) -> completion.done(failure));
    }
}
