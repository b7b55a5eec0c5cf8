// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.examples.kv.Main;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** The bench as a user runs it, with spans too short to mean anything: three nodes are started, measured, and gone. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class BenchIT {

    private static final long END_SECONDS = 180;
    private static final String SMALL = "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    @TempDir
    Path home;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void killWhatIsLeft() {
        for (Process bench : started) {
            bench.descendants().forEach(ProcessHandle::destroyForcibly);
            bench.destroyForcibly();
        }
    }

    @Test
    void writesOfAClientAreMeasuredAndNothingIsLeftBehind() throws Exception {
        String out = run("load", "--seconds", "1", "--warm-up", "1", "--size", "64", "--outstanding", "1,16");
        assertTrue(out.contains("write    64     1 ") && out.contains("write    64    16 "), out);
        assertTrue(out.contains("2 round trips + 1 force by 3 files at once"), out);
        List<String> rows = tsv("load");
        List<String> header = List.of(rows.get(0).split("\t", -1));
        assertEquals(ResultTsv.header(), header);
        assertEquals(3, rows.size());
        for (String row : rows.subList(1, 3)) {
            List<String> cells = List.of(row.split("\t", -1));
            assertEquals(header.size(), cells.size());
            assertTrue(Double.parseDouble(cells.get(header.indexOf("ops_s"))) > 0, row);
            assertEquals("0.0", cells.get(header.indexOf("failures")), row);
        }
        assertEquals(6, page("load"));
    }

    @Test
    void loadInsideTheLeaderIsMeasuredWithReads() throws Exception {
        String out = run(
                "inside",
                "--in-process",
                "--reads",
                "--seconds",
                "1",
                "--warm-up",
                "1",
                "--size",
                "64",
                "--outstanding",
                "16");
        assertTrue(out.contains("load made by the leader, inside its own JVM"), out);
        List<String> rows = tsv("inside");
        assertTrue(rows.get(1).startsWith("1\tleader\twrite\t64\t16\t-\t"), rows.get(1));
        assertTrue(rows.get(2).startsWith("1\tleader\tread\t8\t16\t-\t"), rows.get(2));
        assertEquals(7, page("inside"));
    }

    @Test
    void killedLeaderIsReplacedAndItIsSaidHowLongThatTook() throws Exception {
        String out = run("kills", "--kills", "1", "--warm-up", "1");
        assertTrue(out.contains("fail-over, 1 kill: from kill -9 of the leader to the first answer, median "), out);
        List<String> rows = tsv("kills");
        assertEquals(2, rows.size());
        List<String> cells = List.of(rows.get(1).split("\t", -1));
        assertTrue(!cells.get(1).equals(cells.get(2)), "killed and successor: " + rows.get(1));
        assertEquals(1, page("kills"));
    }

    @Test
    void terminatedBenchTakesItsNodesAndItsDataAlong() throws Exception {
        Process bench = start("ended", "--warm-up", "600");
        List<ProcessHandle> nodes = awaitNodes(bench);
        bench.destroy();
        assertTrue(bench.waitFor(END_SECONDS, TimeUnit.SECONDS));
        for (ProcessHandle node : nodes) {
            node.onExit().get(END_SECONDS, TimeUnit.SECONDS);
        }
        assertNothingLeft();
    }

    private static List<ProcessHandle> awaitNodes(Process bench) throws Exception {
        for (long waits = END_SECONDS * 20; waits > 0; waits--) {
            List<ProcessHandle> nodes = bench.children().toList();
            if (nodes.size() == 3 || bench.waitFor(50, TimeUnit.MILLISECONDS)) {
                assertEquals(3, nodes.size());
                return nodes;
            }
        }
        throw new AssertionError("no nodes after " + END_SECONDS + " s");
    }

    /** What it printed, once it has ended well. */
    private String run(String name, String... flags) throws Exception {
        Process bench = start(name, flags);
        assertTrue(bench.waitFor(END_SECONDS, TimeUnit.SECONDS), () -> read(name + ".err"));
        assertEquals(0, bench.exitValue(), () -> read(name + ".err"));
        assertNothingLeft();
        String out = read(name + ".out");
        System.out.println(out);
        return out;
    }

    private Process start(String name, String... flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(SMALL.split(" ", -1)));
        // Other modules' tests bring a log configuration along; this is the program's own.
        command.add("-Dlogback.configurationFile=logback.xml");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "bench"));
        command.addAll(List.of(flags));
        command.addAll(List.of("--jvm-options", SMALL + " -Xlog:gc -Dlogback.configurationFile=logback.xml"));
        command.addAll(List.of("--data", home.resolve("data").toString()));
        command.addAll(List.of("--out", home.resolve(name).toString()));
        Process bench = new ProcessBuilder(command)
                .redirectOutput(home.resolve(name + ".out").toFile())
                .redirectError(home.resolve(name + ".err").toFile())
                .start();
        started.add(bench);
        return bench;
    }

    private void assertNothingLeft() throws IOException {
        try (Stream<Path> left = Files.list(home.resolve("data"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    private List<String> tsv(String name) {
        return read(name + ".tsv").lines().filter(line -> !line.startsWith("#")).toList();
    }

    /** How many plots the page has; it is well-formed. */
    private int page(String name) throws Exception {
        String html = read(name + ".html");
        String xml = html.substring(html.indexOf("<html"));
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)))
                .getElementsByTagName("figure")
                .getLength();
    }

    private String read(String file) {
        try {
            return Files.readString(home.resolve(file));
        } catch (IOException e) {
            return file + " cannot be read: " + e;
        }
    }
}
