// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import io.paxos.transport.netty.client.PaxosClient;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes loads against a cluster, from where it was asked to. One thread at a time. */
final class LoadSource implements AutoCloseable {

    /** What came of a load, and what it has cost. */
    record Measured(LoadResult result, Costs costs, boolean leaderChanged) {}

    private final Cluster cluster;
    private final LoadPlace place;
    private final @Nullable PaxosClient client;

    LoadSource(Cluster cluster, LoadPlace place) {
        this.cluster = cluster;
        this.place = place;
        this.client = place == LoadPlace.CLIENT ? cluster.connect() : null;
    }

    /** Makes that load, and waits until it is over. */
    LoadResult run(LoadSpec spec, LoadWatcher watcher) throws IOException, InterruptedException {
        if (client != null) {
            return LoadRun.run(new RemoteTarget(client), spec, watcher);
        }
        int node = place == LoadPlace.LEADER ? cluster.awaitLeader() : cluster.awaitFollower();
        return cluster.node(node).load(spec, watcher);
    }

    /** The same, and measures what it costs. */
    Measured measure(LoadSpec spec, String title, Progress progress) throws IOException, InterruptedException {
        int leaderBefore = cluster.awaitLeader();
        Costs.Sample[] samples = new Costs.Sample[2];
        LoadResult result = run(spec, new LoadWatcher() {
            @Override
            public void begun() {
                samples[0] = cluster.sample();
            }

            @Override
            public void soFar(long operations, long nanos) {
                progress.now(title, operations, nanos);
            }

            @Override
            public void ended() {
                samples[1] = cluster.sample();
            }
        });
        int leader = cluster.awaitLeader();
        long payload = spec.operation() == Operation.WRITE ? result.operations() * spec.sizeBytes() : 0;
        Costs costs =
                Costs.between(samples[0], samples[1], leader, place == LoadPlace.CLIENT, result.operations(), payload);
        return new Measured(result, costs, leader != leaderBefore);
    }

    /** For how long the compilers of all JVMs that the load runs through were at work until now, together. */
    long compiledMillis() throws IOException {
        return cluster.compiledMillis() + (place == LoadPlace.CLIENT ? BenchNode.compiled() : 0);
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
