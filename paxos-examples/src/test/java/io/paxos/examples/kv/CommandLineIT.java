// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator can get wrong: one line that names it, an exit code, no stack trace. Processes of their own. */
class CommandLineIT {

    private static final int USAGE = 2;
    private static final int FAILED = 1;
    private static final long END_SECONDS = 60;

    @TempDir
    Path home;

    /** How a run ended. */
    private record Run(int exitCode, String out, String err) {}

    @Test
    void helpAndVersionAreOnTheOutput() throws Exception {
        for (String command :
                List.of("--help", "demo --help", "server --help", "help server", "journal verify --help")) {
            Run run = run(command.split(" "));
            assertEquals(0, run.exitCode, command);
            assertTrue(run.out.startsWith("Usage: paxos-kv"), run.out);
            assertEquals("", run.err);
        }
        Run version = run("--version");
        assertEquals(0, version.exitCode);
        assertTrue(version.out.matches("paxos-kv \\S+\\R"), version.out);
    }

    @Test
    void wrongArgumentsAreOneLineAndExitCodeTwo() throws Exception {
        String[] fine = {"server", "--id", "n1", "--cluster", "n1=127.0.0.1:7101", "--data", "d", "--port", "1"};
        assertFails(USAGE, "a command is missing: demo, server, simulate, journal, lock or bench");
        assertFails(USAGE, "'serve'", "serve");
        assertFails(USAGE, "'--cluster=MEMBERS', '--data=DIR', '--port=PORT'", "server", "--id", "n1");
        assertFails(USAGE, "'--what'", with(fine, "--what"));
        assertFails(USAGE, "--port: 70000 is outside the allowed range 1..65535", replaced(fine, "--port", "70000"));
        assertFails(USAGE, "'x' is not an int", replaced(fine, "--port", "x"));
        assertFails(USAGE, "node id: 'one' is not of the form", replaced(fine, "--id", "one"));
        assertFails(USAGE, "--id: n2 is not among the cluster's [n1]", replaced(fine, "--id", "n2"));
        assertFails(USAGE, "'127.0.0.1' is not of the form host:port", replaced(fine, "--cluster", "n1=127.0.0.1"));
        assertFails(USAGE, "--nodes: 8 is outside the allowed range 1..7", "demo", "--nodes", "8");
    }

    @Test
    void takenPortsAreNamed() throws Exception {
        int[] ports = KvCluster.freePorts(2);
        try (ServerSocket taken = new ServerSocket(ports[0], 1, InetAddress.getLoopbackAddress())) {
            assertEquals(ports[0], taken.getLocalPort());
            assertFails(FAILED, "127.0.0.1:" + ports[0], server("n1", ports[1], ports[0], "clients"));
            assertFails(FAILED, "127.0.0.1:" + ports[0], server("n1", ports[0], ports[1], "peers"));
            assertFails(FAILED, "port " + ports[0], "demo", "--base-port", "" + ports[0]);
        }
        // The port for clients is asked for first: nothing was formatted for nothing.
        assertFalse(Files.exists(home.resolve("clients")));
    }

    @Test
    void directoryOfAnotherClusterOrNodeOrInUseIsRefused() throws Exception {
        int[] ports = KvCluster.freePorts(4);
        String[] first = server("n1", ports[0], ports[1], "data");
        Process running = start("first", first);
        try {
            KvCluster.await("first", () -> RespProbe.ask(ports[1], "DBSIZE").equals(":0\r\n"));
            assertFails(FAILED, home.resolve("data").toString(), server("n1", ports[2], ports[3], "data"));
        } finally {
            KvCluster.kill(running);
        }
        assertFails(FAILED, "other", with(first, "--cluster-name", "other"));
        assertFails(FAILED, "n2", server("n2", ports[0], ports[1], "data"));
    }

    @Test
    void directoryThatCannotBeUsedIsRefused() throws Exception {
        int[] ports = KvCluster.freePorts(2);
        Files.writeString(home.resolve("file"), "not a directory");
        assertFails(FAILED, "is not a directory", server("n1", ports[0], ports[1], "file"));
        assertFails(FAILED, "file", server("n1", ports[0], ports[1], "file/below"));
        Path closed = Files.createDirectory(home.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        if (Files.isReadable(closed)) {
            System.out.println("CommandLineIT: the unreadable directory is not tried, this user may read all of them");
        } else {
            assertFails(FAILED, closed.toString(), server("n1", ports[0], ports[1], "closed"));
        }
    }

    @Test
    void demoOnTheDataOfOtherNodesIsRefused() throws Exception {
        Files.createDirectories(home.resolve("demo/n1"));
        Files.createDirectories(home.resolve("demo/n2"));
        String named = "holds the data of [n1, n2], not of [n1, n2, n3]";
        assertFails(FAILED, named, "demo", "--dir", home.resolve("demo").toString());
    }

    @Test
    void unknownHostIsNamed() throws Exception {
        int[] ports = KvCluster.freePorts(2);
        String[] fine = server("n1", ports[0], ports[1], "data");
        assertFails(FAILED, "no-such-host.invalid", with(fine, "--host", "no-such-host.invalid"));
        String elsewhere = "n1=no-such-host.invalid:" + ports[0];
        assertFails(FAILED, "no-such-host.invalid", replaced(fine, "--cluster", elsewhere));
    }

    private String[] server(String id, int peerPort, int clientPort, String data) {
        return new String[] {
            "server",
            "--id",
            id,
            "--cluster",
            id + "=127.0.0.1:" + peerPort,
            "--data",
            home.resolve(data).toString(),
            "--port",
            "" + clientPort
        };
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    private static String[] replaced(String[] arguments, String option, String value) {
        String[] all = arguments.clone();
        all[List.of(all).indexOf(option) + 1] = value;
        return all;
    }

    private void assertFails(int exitCode, String named, String... arguments) throws Exception {
        Run run = run(arguments);
        String shown = String.join(" ", arguments) + " -> " + run;
        assertEquals(exitCode, run.exitCode, shown);
        assertEquals("", run.out, shown);
        List<String> lines = run.err.lines().toList();
        // Beside the line itself there may be the log's, with their time; there is no stack trace.
        List<String> said = lines.stream()
                .filter(line -> !line.matches("\\d\\d:\\d\\d:\\d\\d.\\d{3} (INFO|WARN) .*"))
                .toList();
        assertEquals(1, said.size(), shown);
        assertTrue(said.get(0).startsWith("paxos-kv") && said.get(0).contains(named), shown);
        System.out.println(
                "CommandLineIT: exit code " + exitCode + ", " + said.get(0).replace(home.toString(), "DIR"));
    }

    private Run run(String... arguments) throws Exception {
        Process process = start("run", arguments);
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            KvCluster.kill(process);
        }
        return new Run(process.exitValue(), read("run.out"), read("run.err"));
    }

    private Process start(String name, String... arguments) throws IOException {
        return new ProcessBuilder(KvCluster.java(List.of(arguments)))
                .directory(home.toFile())
                .redirectOutput(home.resolve(name + ".out").toFile())
                .redirectError(home.resolve(name + ".err").toFile())
                .start();
    }

    private String read(String file) throws IOException {
        return Files.readString(home.resolve(file));
    }
}
