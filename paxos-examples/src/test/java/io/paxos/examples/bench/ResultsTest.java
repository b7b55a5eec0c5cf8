// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** The same figures as a table, as a TSV and as a page. */
class ResultsTest {

    private static final LoadSpec ALONE = LoadSpec.closed(Operation.WRITE, 256, 1, 0, 1_000);
    private static final LoadSpec MANY = LoadSpec.closed(Operation.WRITE, 256, 64, 0, 1_000);

    /** Three rounds of two loads. */
    private static List<Measurement> rounds() {
        List<Measurement> all = new ArrayList<>();
        long[] rates = {3_000, 1_000, 2_000};
        for (int round = 1; round <= 3; round++) {
            all.add(Samples.measurement(round, 0, ALONE, rates[round - 1], 380));
            all.add(Samples.measurement(round, 1, MANY, 10 * rates[round - 1], 3_000));
        }
        return all;
    }

    @Test
    void tableHasTheMedianOfTheRoundsAndTheRatiosToTheLimits() {
        String table = String.join("\n", ResultTable.lines(rounds(), 3, Samples.limits()));
        assertEquals("""
                op     size  load   ops/s    p50    p99  p99.9    max  leader  follower  client     all  written x  RSS  x limit  per force
                                              us     us     us     us  cpu us    cpu us  cpu us  cpu us             MiB
                write   256     1   2,000    380    380    380    380    10.0       5.0     2.0    22.0       1.25  100     2.00       0.33
                write   256    64  20,000  3,000  3,000  3,000  3,000    10.0       5.0     2.0    22.0       1.25  100        -       3.33

                raw limits, of this run, at the median (p99):
                  TCP round trip of 256 B   20.0 us (20.0)
                  force of 256 B            100 us (100), 10,000/s
                  3 files at once           150 us (150), 6,000/s each
                  CRC32C of 4 KiB           20.0 GB/s
                write 256 B 1 outstanding: p50 380 us = 2.00 x (2 round trips + 1 force by 3 files at once = 190 us)""", table);
    }

    @Test
    void doubtfulLinesAreNamed() {
        Measurement fine = Samples.measurement(1, 0, ALONE, 1_000, 380);
        Costs noisy = new Costs(10, 5, 2, 22, 31.7, 1, 1, 1);
        LoadResult failing =
                new LoadResult(1, 3, "Refused: overloaded", fine.result().latencies());
        Measurement doubtful = new Measurement(2, 0, ALONE, LoadPlace.CLIENT, 0, 0, failing, noisy, true, 190, 6_000);
        assertEquals(
                List.of(
                        "round 2, write 256 B 1 outstanding: 3 operations failed, the last one: Refused: overloaded",
                        "round 2, write 256 B 1 outstanding: the leader changed meanwhile",
                        "up to 32 % of the machine's CPU went to something else than these processes: see"
                                + " other_cpu_pct in the TSV"),
                ResultTable.warnings(List.of(fine, doubtful)));
    }

    @Test
    void tsvHasEveryRoundInFull() {
        List<String> header = ResultTsv.header();
        assertEquals(27, header.size());
        for (Measurement each : rounds()) {
            assertEquals(header.size(), ResultTsv.row(each).size());
        }
        List<String> row = ResultTsv.row(rounds().get(3));
        assertEquals(
                List.of("2", "client", "write", "256", "64", "-", "1000", "10000.0"),
                row.subList(0, 8),
                row.toString());
        assertEquals("22.00", row.get(header.indexOf("all_cpu_us")));
        assertEquals("-", row.get(header.indexOf("p50_over_limit")));
        assertEquals("190.05", row.get(header.indexOf("limit_us")));
        List<String> open =
                ResultTsv.row(Samples.measurement(1, 0, LoadSpec.open(Operation.READ, 8, 500, 0, 1_000), 500, 60));
        assertEquals(List.of("1", "client", "read", "8", "-", "500"), open.subList(0, 6));
    }

    @Test
    void pageIsWellFormedAndNeedsNothingFromOutside() throws Exception {
        ResultPage page = new ResultPage(List.of("a <fact> & another"), Samples.limits());
        page.loads(rounds(), 3);
        String html = page.html();
        Document document = parse(html);
        assertEquals(6, document.getElementsByTagName("figure").getLength());
        assertEquals(2 + 1, document.getElementsByTagName("tr").getLength());
        assertEquals(0, document.getElementsByTagName("script").getLength());
        assertFalse(
                html.contains("href") || html.contains("src=") || html.contains("@import") || html.contains("url("));
        assertFalse(html.contains("NaN") || html.contains("Infinity"), html);
        assertTrue(html.contains("a &lt;fact&gt; &amp; another"));
        assertTrue(html.contains("p50 380 µs = 2.00 x"));
    }

    @Test
    void pagesOfKillsAndSoaksAreWellFormedToo() throws Exception {
        ResultPage kills = new ResultPage(List.of(), Samples.limits());
        List<FailOver> all = List.of(new FailOver(1, "n1", "n2", 400), new FailOver(2, "n2", "n1", 500));
        kills.kills(all, FailOverRun.summary(all));
        assertEquals(2, parse(kills.html()).getElementsByTagName("rect").getLength());
        assertEquals(
                List.of(
                        "fail-over, 2 kills: from kill -9 of the leader to the first answer, median 450 ms, worst 500 ms"),
                FailOverRun.summary(all));

        ResultPage soak = new ResultPage(List.of(), Samples.limits());
        List<SoakMinute> minutes = List.of(minute(1, 40), minute(2, 50), minute(3, 41));
        soak.soak(minutes, SoakRun.summary(minutes));
        assertEquals(3, parse(soak.html()).getElementsByTagName("figure").getLength());
        assertTrue(soak.html().contains("n1 heap in use 40.0"));
        assertEquals(
                List.of(
                        "soak, 3 minutes, median of the first third and of the last one:",
                        "  throughput 1,000 -> 1,000 ops/s (+0.0 %)",
                        "  n1 heap in use 40.0 -> 41.0 MiB (+2.5 %); RSS 300.0 -> 300.0 MiB (+0.0 %)"),
                SoakRun.summary(minutes));
        assertEquals(SoakRun.header(1).size(), SoakRun.row(minutes.get(0)).size());
    }

    private static SoakMinute minute(int number, double heapMib) {
        return new SoakMinute(number, 1_000, 500, 900, 0, 0, List.of(heapMib * Figure.MIB), List.of(300 * Figure.MIB));
    }

    private static Document parse(String html) throws Exception {
        String xml = html.substring(html.indexOf("<html"));
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    @Test
    void longLogsAreComparedWithShortOnes() {
        Measurement few = Samples.measurement(1, 0, MANY, 10_000, 3_000);
        Measurement other = Samples.measurement(1, 1, ALONE, 1_000, 300);
        Measurement many = new Measurement(
                1,
                2,
                MANY,
                LoadPlace.CLIENT,
                10_000_000,
                10_000_123,
                Samples.measurement(1, 2, MANY, 9_700, 3_000).result(),
                few.costs(),
                false,
                190,
                6_000);
        assertEquals(
                List.of(
                        "write 256 B 64 outstanding: with 10,000,123 commands in the log 97.0 % of the throughput with 1,000"),
                ResultTable.growth(Medians.groups(List.of(few, other, many))));
    }

    @Test
    void limitsOfAPathAreItsRoundTripsAndItsForce() {
        assertEquals(new PathLimit(2, 1), PathLimit.of(Operation.WRITE, LoadPlace.CLIENT, 3));
        assertEquals(new PathLimit(1, 1), PathLimit.of(Operation.WRITE, LoadPlace.LEADER, 3));
        assertEquals(new PathLimit(2, 1), PathLimit.of(Operation.WRITE, LoadPlace.FOLLOWER, 5));
        assertEquals(new PathLimit(1, 1), PathLimit.of(Operation.WRITE, LoadPlace.CLIENT, 1));
        assertEquals(new PathLimit(2, 0), PathLimit.of(Operation.READ, LoadPlace.CLIENT, 3));
        assertEquals(190, PathLimit.of(Operation.WRITE, LoadPlace.CLIENT, 3).micros(Samples.limits()), 0.5);
        assertEquals("2 round trips + 1 force by 5 files at once", new PathLimit(2, 1).formula(5));
        assertEquals("1 force", new PathLimit(0, 1).formula(1));
        assertEquals("1 round trip", new PathLimit(1, 0).formula(3));
        assertTrue(Double.isNaN(new PathLimit(0, 0).micros(Samples.limits())));
    }

    @Test
    void mediansLeaveOutWhatIsNoNumber() {
        assertEquals(2, Medians.of(3, 1, 2));
        assertEquals(1.5, Medians.of(1, Double.NaN, 2));
        assertTrue(Double.isNaN(Medians.of(Double.NaN)));
        assertTrue(Double.isNaN(Medians.of()));
    }

    @Test
    void axesHaveRoundEndsAndReadableMarks() {
        assertEquals(new Axis(200, 20_000, true), Axis.of(List.of(365.0, 16_694.0), true));
        assertEquals(List.of(200.0, 500.0, 1_000.0), new Axis(200, 1_000, true).marks());
        assertEquals(List.of(1.0, 10.0, 100.0, 1_000.0), new Axis(1, 1_000, true).marks());
        assertEquals(new Axis(0, 500, false), Axis.of(List.of(430.0, 411.0), false));
        assertEquals(6, new Axis(0, 500, false).marks().size());
        assertEquals(0.5, new Axis(1, 100, true).part(10), 1e-9);
        assertEquals("10k", Axis.label(10_000));
        assertEquals("2.5M", Axis.label(2_500_000));
        assertEquals("500", Axis.label(500));
        assertEquals("0.5", Axis.label(0.5));
        assertEquals("0", Axis.label(0));
        assertThrows(IllegalArgumentException.class, () -> new Axis(0, 10, true));
    }

    @Test
    void costsAreWhatEachProcessUsedInTheSpan() {
        Costs.Sample before = sample(0, 0, 0);
        Costs.Sample after = sample(1_000_000_000, 1_000, 8_192);
        Costs costs = Costs.between(before, after, 1, true, 100, 1_024);
        assertEquals(20, costs.leaderMicros());
        assertEquals(20, costs.followerMicros());
        assertEquals(5, costs.clientMicros());
        assertEquals(65, costs.allMicros());
        assertEquals(2.0, costs.deviceFactor());
        assertEquals(4.0, costs.processFactor());
        Costs inside = Costs.between(before, after, 1, false, 100, 0);
        assertTrue(Double.isNaN(inside.clientMicros()) && Double.isNaN(inside.deviceFactor()));
        assertEquals(60, inside.allMicros());
    }

    /** Three nodes and this process, each of which has used so much. */
    private static Costs.Sample sample(long nanos, double cpu, double written) {
        ProcessUsage node = new ProcessUsage(2 * cpu, written / 2, 5);
        return new Costs.Sample(
                nanos,
                List.of(node, node, node),
                new ProcessUsage(cpu / 2, 0, 5),
                new MachineUsage(10 * cpu, 3 * written / 4));
    }
}
