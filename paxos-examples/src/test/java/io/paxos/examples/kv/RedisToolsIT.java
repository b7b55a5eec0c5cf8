// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tools of Debian's {@code redis-tools}, where they are installed. */
class RedisToolsIT {

    private static final long END_SECONDS = 90;

    @TempDir
    Path home;

    @Test
    void redisCliAndRedisBenchmarkRunClean() throws Exception {
        if (!isInstalled("redis-cli") || !isInstalled("redis-benchmark")) {
            System.out.println("RedisToolsIT: skipped, redis-cli and redis-benchmark are not installed");
            Assumptions.abort("redis-cli and redis-benchmark are not installed");
        }
        try (KvCluster cluster = KvCluster.start(home)) {
            assertEquals("OK\n", cli(cluster, 0, "set", "k", "v"));
            assertEquals("v\n", cli(cluster, 1, "get", "k"));
            assertEquals("1\n", cli(cluster, 2, "cas", "k", "v", "w"));
            assertEquals("\n", cli(cluster, 0, "get", "none"));
            assertEquals(
                    "ERR unknown command 'lpush', with args beginning with: 'a' 'b' \n\n",
                    cli(cluster, 0, "lpush", "a", "b"));
            assertTrue(cli(cluster, 1, "info").contains("known_chosen_slot:"));
            for (String pipeline : List.of("1", "16")) {
                String printed = run(
                        "redis-benchmark",
                        "-p",
                        "" + cluster.port(0),
                        "-t",
                        "set,get,incr",
                        "-n",
                        "2000",
                        "-c",
                        "50",
                        "-P",
                        pipeline,
                        "--csv");
                for (String test : List.of("SET", "GET", "INCR")) {
                    assertTrue(printed.contains("\"" + test + "\","), printed);
                }
                assertFalse(printed.contains("WARN") || printed.contains("rror"), printed);
            }
        }
    }

    private String cli(KvCluster cluster, int node, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("redis-cli", "-p", "" + cluster.port(node)));
        command.addAll(List.of(arguments));
        return run(command.toArray(new String[0]));
    }

    private String run(String... command) throws Exception {
        Path out = home.resolve("tool.out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            KvCluster.kill(process);
        }
        String printed = Files.readString(out);
        assertEquals(0, process.exitValue(), printed);
        return printed;
    }

    private static boolean isInstalled(String tool) throws InterruptedException {
        try {
            return new ProcessBuilder(tool, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
