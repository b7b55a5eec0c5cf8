// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a user meets it: it says what runs, a node is killed and started again with the command it prints. */
class DemoIT {

    @TempDir
    Path home;

    @Test
    void killedNodeComesBackWithThePrintedCommandAndNothingIsLeftBehind() throws Exception {
        int port = basePort();
        Path data = home.resolve("the data");
        Path out = home.resolve("demo.out");
        Process demo = new ProcessBuilder(
                        KvCluster.java(List.of("demo", "--base-port", "" + port, "--dir", data.toString())))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        List<ProcessHandle> nodes = new ArrayList<>();
        try {
            KvCluster.await("welcome", () -> text(out).contains("Ctrl-C") || !demo.isAlive());
            String welcome = text(out);
            assertTrue(welcome.contains("3 nodes are running") && welcome.contains(data.toString()), welcome);
            Matcher pids = Pattern.compile("n\\d  pid (\\d+)").matcher(welcome);
            while (pids.find()) {
                nodes.add(ProcessHandle.of(Long.parseLong(pids.group(1))).orElseThrow());
            }
            assertEquals(3, nodes.size(), welcome);
            assertEquals("+OK\r\n", RespProbe.ask(port, "SET greeting hello"));

            nodes.get(2).destroyForcibly();
            KvCluster.await("obituary", () -> text(out).contains("Start it again with:"));
            assertEquals("$5\r\nhello\r\n", RespProbe.ask(port + 1, "GET greeting"));
            nodes.add(restart(text(out)));
            KvCluster.await("n3", () -> RespProbe.ask(port + 2, "GET greeting").equals("$5\r\nhello\r\n"));
            nodes.get(3).destroyForcibly();
        } finally {
            demo.destroy();
        }
        demo.onExit().join();
        for (ProcessHandle node : nodes) {
            KvCluster.await("end of " + node.pid(), () -> !node.isAlive());
        }
    }

    private ProcessHandle restart(String printed) throws IOException {
        String command = printed.lines()
                .dropWhile(line -> !line.equals("Start it again with:"))
                .skip(1)
                .findFirst()
                .orElseThrow()
                .strip();
        return new ProcessBuilder("sh", "-c", "exec " + command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("again.out").toFile())
                .start()
                .toHandle();
    }

    private static int basePort() {
        // Each of the three and its neighbour a hundred above should be free; the demo says so if one is not.
        return KvCluster.freePorts(1)[0];
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
