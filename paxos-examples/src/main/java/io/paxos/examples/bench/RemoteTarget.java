// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import io.paxos.Outcome;
import io.paxos.ReadLevel;
import io.paxos.transport.netty.client.PaxosClient;

/** A {@link PaxosClient}, which finds the leader itself. */
record RemoteTarget(PaxosClient client) implements Target {

    private static final byte[] QUERY = {};

    @Override
    public void write(byte[] command, Completion completion) {
        var unused = client.execute(command).whenComplete((outcome, failure) -> {
            boolean applied = outcome instanceof Outcome.Done || outcome instanceof Outcome.DoneResultGone;
            completion.done(applied ? null : failure == null ? outcome : failure);
        });
    }

    @Override
    public void read(Completion completion) {
        var unused =
                client.query(ReadLevel.LINEARIZABLE, QUERY).whenComplete((result, failure) -> completion.done(failure));
    }
}
