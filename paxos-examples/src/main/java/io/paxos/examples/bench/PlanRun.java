// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The loads of a plan, round after round, each round on a cluster of its own; each result is in the TSV as soon as it is known. */
final class PlanRun {

    private final BenchOptions options;
    private final LoadPlan plan;
    private final Leftovers leftovers;
    private final RawLimits raw;
    private final Progress progress;
    private final TsvFile tsv;
    private final List<Measurement> all = new ArrayList<>();

    PlanRun(BenchOptions options, LoadPlan plan, Leftovers leftovers, RawLimits raw, Progress progress, TsvFile tsv) {
        this.options = options;
        this.plan = plan;
        this.leftovers = leftovers;
        this.raw = raw;
        this.progress = progress;
        this.tsv = tsv;
    }

    /** All rounds. */
    List<Measurement> run() throws IOException, InterruptedException {
        tsv.row(ResultTsv.header());
        for (int round = 1; round <= plan.rounds(); round++) {
            String which = plan.rounds() == 1 ? "" : "round " + round + " of " + plan.rounds() + ", ";
            progress.begin(which + "starting " + options.nodes() + " nodes");
            try (Cluster cluster = Cluster.start(settings(options, plan), leftovers);
                    LoadSource source = new LoadSource(cluster, options.place())) {
                progress.begin(which + "warm-up, " + plan.warmUpMillis() / 1_000 + " s at most");
                new WarmUp(source, progress).run(plan);
                round(round, which, cluster, source);
                progress.begin(which + "comparing the nodes");
                long same = cluster.awaitSame();
                progress.say(which + "all nodes have applied the same " + same + " commands in the same order");
            }
        }
        return List.copyOf(all);
    }

    static Cluster.Settings settings(BenchOptions options, LoadPlan plan) {
        return new Cluster.Settings(
                options.nodes(),
                options.jvmOptions(),
                options.snapshotEvery(),
                plan.inFlightMax(),
                plan.inFlightBytesMax());
    }

    private void round(int round, String which, Cluster cluster, LoadSource source)
            throws IOException, InterruptedException {
        int number = 0;
        for (long prefill : plan.prefills().isEmpty() ? List.of(0L) : plan.prefills()) {
            if (prefill > 0) {
                new Prefill(cluster, source, progress)
                        .run(prefill, options.sizes().get(0));
            }
            for (LoadSpec spec : plan.loads()) {
                progress.begin(which + spec.title());
                long inLog = cluster.applied();
                LoadSource.Measured measured = source.measure(spec, which + spec.title(), progress);
                Measurement measurement = new Measurement(
                        round,
                        number++,
                        spec,
                        options.place(),
                        prefill,
                        inLog,
                        measured.result(),
                        measured.costs(),
                        measured.leaderChanged(),
                        PathLimit.of(spec.operation(), options.place(), options.nodes())
                                .micros(raw),
                        raw.forcesTogetherPerSecond());
                all.add(measurement);
                tsv.row(ResultTsv.row(measurement));
            }
        }
    }
}
