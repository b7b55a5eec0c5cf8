// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Steady load for minutes. Behind each, while nothing is sent, every node collects all its garbage and says what is still in use:
 * what grows then is kept for good.
 */
final class SoakRun {

    private static final double PERCENT = 100;

    private final BenchOptions options;
    private final Leftovers leftovers;
    private final Progress progress;
    private final TsvFile tsv;
    private final List<SoakMinute> all = new ArrayList<>();

    SoakRun(BenchOptions options, Leftovers leftovers, Progress progress, TsvFile tsv) {
        this.options = options;
        this.leftovers = leftovers;
        this.progress = progress;
        this.tsv = tsv;
    }

    /** As many minutes as were asked for. */
    List<SoakMinute> run() throws IOException, InterruptedException {
        tsv.row(header(options.nodes()));
        LoadPlan plan = LoadPlan.of(options);
        LoadSpec spec = plan.loads().get(0).spanning(TimeUnit.MINUTES.toMillis(1));
        progress.begin("starting " + options.nodes() + " nodes");
        try (Cluster cluster = Cluster.start(PlanRun.settings(options, plan), leftovers);
                LoadSource source = new LoadSource(cluster, options.place())) {
            progress.begin("warm-up, " + plan.warmUpMillis() / 1_000 + " s at most");
            new WarmUp(source, progress).run(plan);
            for (int minute = 1; minute <= options.soakMinutes(); minute++) {
                String title = "minute " + minute + " of " + options.soakMinutes() + ", " + spec.title();
                LoadSource.Measured measured = source.measure(spec, title, progress);
                add(minute, measured.result(), cluster);
            }
            progress.say("all nodes have applied the same " + cluster.awaitSame() + " commands in the same order");
        }
        return List.copyOf(all);
    }

    private void add(int number, LoadResult result, Cluster cluster) throws IOException {
        List<Double> heap = new ArrayList<>();
        List<Double> resident = new ArrayList<>();
        for (int i = 0; i < cluster.size(); i++) {
            resident.add(ProcessUsage.of(cluster.node(i).handle()).residentBytes());
            heap.add((double) cluster.node(i).usedHeapBytes());
        }
        SoakMinute minute = new SoakMinute(
                number,
                result.perSecond(),
                result.percentileMicros(50),
                result.percentileMicros(99),
                result.failures(),
                cluster.awaitLeader(),
                heap,
                resident);
        all.add(minute);
        tsv.row(row(minute));
        progress.say(line(minute));
    }

    static List<String> header(int nodes) {
        List<String> header = new ArrayList<>(List.of("minute", "ops_s", "p50_us", "p99_us", "failures", "leader"));
        for (int i = 1; i <= nodes; i++) {
            header.add("n" + i + "_heap_bytes");
            header.add("n" + i + "_rss_bytes");
        }
        return header;
    }

    static List<String> row(SoakMinute each) {
        List<String> row = new ArrayList<>(List.of(
                "" + each.minute(),
                Figure.text(each.perSecond(), 0, false),
                Figure.text(each.p50Micros(), 1, false),
                Figure.text(each.p99Micros(), 1, false),
                "" + each.failures(),
                "n" + (each.leader() + 1)));
        for (int i = 0; i < each.heapBytes().size(); i++) {
            row.add(Figure.text(each.heapBytes().get(i), 0, false));
            row.add(Figure.text(each.residentBytes().get(i), 0, false));
        }
        return row;
    }

    private static String line(SoakMinute each) {
        StringBuilder line = new StringBuilder("minute " + each.minute() + ": "
                + Figure.text(each.perSecond(), 0, true) + " ops/s, p50 " + Figure.text(each.p50Micros(), 0, true)
                + " us, p99 " + Figure.text(each.p99Micros(), 0, true) + " us; heap in use / RSS in MiB:");
        for (int i = 0; i < each.heapBytes().size(); i++) {
            line.append(i == 0 ? " n" : ", n").append(i + 1).append(i == each.leader() ? " (leads) " : " ");
            line.append(mib(each.heapBytes().get(i))).append(" / ");
            line.append(mib(each.residentBytes().get(i)));
        }
        return line.toString();
    }

    private static String mib(double bytes) {
        return Figure.text(bytes / Figure.MIB, 1, false);
    }

    /** From the first third of the minutes to the last one, at the median: a line a node, and one for the throughput. */
    static List<String> summary(List<SoakMinute> all) {
        List<String> lines = new ArrayList<>();
        if (all.isEmpty()) {
            return lines;
        }
        lines.add("soak, " + all.size() + (all.size() == 1 ? " minute" : " minutes")
                + ", median of the first third and of the last one:");
        lines.add("  throughput " + change(all, SoakMinute::perSecond, 1, "ops/s"));
        for (int i = 0; i < all.get(0).heapBytes().size(); i++) {
            int node = i;
            lines.add("  n" + (i + 1) + " heap in use "
                    + change(all, each -> each.heapBytes().get(node), Figure.MIB, "MiB") + "; RSS "
                    + change(all, each -> each.residentBytes().get(node), Figure.MIB, "MiB"));
        }
        return lines;
    }

    private static String change(List<SoakMinute> all, ToDoubleFunction<SoakMinute> figure, double unit, String name) {
        int third = Math.max(1, all.size() / 3);
        double first = median(all.subList(0, third), figure) / unit;
        double last = median(all.subList(all.size() - third, all.size()), figure) / unit;
        int digits = unit == 1 ? 0 : 1;
        String percent = Figure.text((last - first) / first * PERCENT, 1, false);
        return Figure.text(first, digits, true) + " -> " + Figure.text(last, digits, true) + " " + name + " ("
                + (percent.startsWith("-") ? "" : "+") + percent + " %)";
    }

    private static double median(List<SoakMinute> some, ToDoubleFunction<SoakMinute> figure) {
        return Medians.of(some.stream().mapToDouble(figure).toArray());
    }
}
