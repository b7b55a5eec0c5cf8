// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import io.paxos.transport.netty.client.PaxosClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Kills the leader, again and again, while a remote client keeps a few commands in flight, and measures how long it has no answer.
 * The killed node is started again, and has caught up, before the next one is killed.
 */
final class FailOverRun {

    static final List<String> HEADER = List.of("kill", "leader", "successor", "first_answer_ms");

    /** Between two kills; no multiple of an interval of the library's, so that kills meet its timers anywhere. */
    private static final long STEADY_MILLIS = 1_037;

    private static final long PATIENCE_SECONDS = 60;
    private static final double NANOS_PER_MILLI = 1e6;

    private final BenchOptions options;
    private final Leftovers leftovers;
    private final Progress progress;
    private final TsvFile tsv;

    FailOverRun(BenchOptions options, Leftovers leftovers, Progress progress, TsvFile tsv) {
        this.options = options;
        this.leftovers = leftovers;
        this.progress = progress;
        this.tsv = tsv;
    }

    /** As many as were asked for. */
    List<FailOver> run() throws IOException, InterruptedException {
        tsv.row(HEADER);
        LoadPlan plan = LoadPlan.of(options);
        LoadSpec spec = plan.loads().get(0);
        progress.begin("starting " + options.nodes() + " nodes");
        List<FailOver> all = new ArrayList<>();
        try (Cluster cluster = Cluster.start(PlanRun.settings(options, plan), leftovers)) {
            try (LoadSource source = new LoadSource(cluster, LoadPlace.CLIENT)) {
                progress.begin("warm-up, " + plan.warmUpMillis() / 1_000 + " s at most");
                new WarmUp(source, progress).run(plan);
            }
            Gaps gaps = new Gaps();
            try (PaxosClient client = cluster.connect()) {
                Loop loop = new ClosedLoop(watched(new RemoteTarget(client), gaps), spec, new Tally(false));
                loop.start();
                try {
                    for (int i = 1; i <= options.kills(); i++) {
                        all.add(kill(i, cluster, gaps));
                    }
                } finally {
                    loop.stop();
                }
            }
            progress.say("all nodes have applied the same " + cluster.awaitSame() + " commands in the same order");
        }
        return all;
    }

    private FailOver kill(int number, Cluster cluster, Gaps gaps) throws IOException, InterruptedException {
        cluster.awaitLeader();
        Thread.sleep(STEADY_MILLIS);
        int leader = cluster.awaitLeader();
        NodeProcess victim = cluster.node(leader);
        progress.now("kill " + number + " of " + options.kills() + ": " + victim.id());
        gaps.watch(System.nanoTime());
        victim.kill();
        long waits = TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS);
        while (!gaps.isOver(System.nanoTime())) {
            if (waits-- == 0) {
                throw new IOException("kill " + number + ": no steady answers " + PATIENCE_SECONDS
                        + " s after the leader " + victim.id() + " was killed");
            }
            Thread.sleep(1);
        }
        double millis = gaps.untilAnsweredNanos() / NANOS_PER_MILLI;
        victim.awaitEnd();
        victim.start();
        String successor = cluster.node(cluster.awaitLeader()).id();
        FailOver failOver = new FailOver(number, victim.id(), successor, millis);
        tsv.row(row(failOver));
        progress.say("kill " + number + ": " + victim.id() + " led, then " + successor + "; first answer after "
                + Figure.text(millis, 0, false) + " ms");
        return failOver;
    }

    private static List<String> row(FailOver each) {
        return List.of("" + each.number(), each.leader(), each.successor(), Figure.text(each.millis(), 1, false));
    }

    /** What the output says of all of them. */
    static List<String> summary(List<FailOver> all) {
        double[] millis = all.stream().mapToDouble(FailOver::millis).toArray();
        double worst = all.stream().mapToDouble(FailOver::millis).max().orElse(Double.NaN);
        return List.of("fail-over, " + all.size() + (all.size() == 1 ? " kill" : " kills")
                + ": from kill -9 of the leader to the first answer, median "
                + Figure.text(Medians.of(millis), 0, true) + " ms, worst " + Figure.text(worst, 0, true) + " ms");
    }

    private static Target watched(Target target, Gaps gaps) {
        return new Target() {
            @Override
            public void write(byte[] command, Completion completion) {
                target.write(command, failure -> tell(failure, completion));
            }

            @Override
            public void read(Completion completion) {
                target.read(failure -> tell(failure, completion));
            }

            private void tell(@Nullable Object failure, Completion completion) {
                if (failure == null) {
                    gaps.answered(System.nanoTime());
                }
                completion.done(failure);
            }
        };
    }
}
