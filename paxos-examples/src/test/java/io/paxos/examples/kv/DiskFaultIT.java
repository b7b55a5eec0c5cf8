// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * System calls of real nodes fail or hang while clients count (fault cases 4, 5, 12 and 13). Skipped, with a printed reason,
 * where there is no {@code strace} that may attach. Once with a log that is written past the page cache, once with
 * one that is written to it and forced.
 */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class DiskFaultIT {

    private static final int FAILED = 1;

    /** Longer than the bound at which a node hands over, shorter than the one at which it stops. */
    private static final String FORCE_TAKES = "delay_enter=1500000"; // microseconds

    @TempDir
    static Path home;

    private static KvCluster cluster;

    /** What the servers are started with. */
    private static List<String> options;

    /** The system call that makes a batch durable. */
    private static String force;

    /** Says which run this is; what it means is in the {@link #options}. */
    @Parameter
    boolean direct;

    private CountingClients clients;
    private int leader;

    /** Where the log is written past the page cache, a force is part of each write. */
    @BeforeParameterizedClassInvocation
    static void start(boolean direct) throws IOException {
        Strace.skipUnlessUsable("DiskFaultIT");
        String fileSystem = Files.getFileStore(home).type();
        assumeTrue(
                !direct || fileSystem.equals("ext4") || fileSystem.equals("xfs"),
                "skipped: DiskFaultIT with direct writes, which " + fileSystem + " at " + home + " has not");
        options = direct ? List.of() : List.of("--buffered-writes");
        force = direct ? "pwrite64" : "fdatasync";
        cluster = KvCluster.start(Files.createDirectory(home.resolve(name(direct))), options);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        KvCluster started = cluster;
        cluster = null;
        if (started != null) {
            started.close();
        }
    }

    @BeforeEach
    void count(TestInfo test) {
        clients = CountingClients.start(
                cluster, test.getTestMethod().orElseThrow().getName());
        clients.awaitProgress();
        leader = cluster.awaitLeader();
    }

    /** However this test ends, the next one finds three nodes. */
    private void end() {
        clients.close();
        for (int node = 0; node < KvCluster.NODES; node++) {
            if (!cluster.isAlive(node)) {
                cluster.start(node, options);
            }
        }
        for (int node = 0; node < KvCluster.NODES; node++) {
            cluster.awaitReady(node);
        }
    }

    private static String name(boolean direct) {
        return direct ? "direct" : "buffered";
    }

    private Strace inject(String call, String injected) {
        return Strace.attach(cluster.handle(leader), id(leader), call, injected, home);
    }

    private static String id(int node) {
        return "n" + (node + 1);
    }

    /**
     * The trap of Linux: a force fails once, the kernel forgets what it could not write, and the next force succeeds. So there
     * must be no next one.
     */
    @Test
    void aForceThatFailsOnceStopsTheLeaderAndIsNotTriedAgain() {
        try {
            List<String> calls;
            try (Strace strace = inject(force, "error=EIO:when=1")) {
                assertStops("Input/output error");
                calls = strace.calls();
            }
            assertEquals(1, calls.size(), calls::toString);
            assertTrue(calls.get(0).contains("EIO"), calls::toString);
            assertTheOthersGoOnAndItComesBack();
        } finally {
            end();
        }
    }

    @Test
    void aWriteThatFindsNoSpaceStopsTheLeader() {
        try {
            List<String> calls;
            try (Strace strace = inject("pwrite64", "error=ENOSPC:when=1")) {
                assertStops("No space left on device");
                calls = strace.calls();
            }
            assertEquals(1, calls.size(), calls::toString);
            assertTheOthersGoOnAndItComesBack();
        } finally {
            end();
        }
    }

    /** A short write goes on where it ended, but one that takes nothing at all would be tried for ever. */
    @Test
    void aWriteThatTakesNothingStopsTheLeader() {
        try {
            List<String> calls;
            try (Strace strace = inject("pwrite64", "retval=0:when=1")) {
                assertStops("wrote nothing");
                calls = strace.calls();
            }
            assertEquals(1, calls.size(), calls::toString);
            assertTheOthersGoOnAndItComesBack();
        } finally {
            end();
        }
    }

    /** The process is well, its heartbeats go out, its disk does not answer: hazard S17. */
    @Test
    void aLeaderWhoseForcesHangHandsOverAndFollowsUntilItsDiskIsWell() {
        try {
            String log = "";
            try (Strace strace = inject(force, FORCE_TAKES)) {
                KvCluster.await("another leader", () -> leadsAnother(leader));
                clients.awaitProgress();
                clients.awaitProgress();
                assertTrue(cluster.isAlive(leader));
                log = cluster.logText(leader);
                assertTrue(strace.calls().size() >= 1);
            }
            assertTrue(log.contains(id(leader) + ": disk slow: oldest write "), log);
            assertTrue(log.contains("This node does not lead until the disk is well"), log);
            assertTrue(log.contains(id(leader) + ": hands leadership over, and takes no commands"), log);
            KvCluster.await("a disk that is well", () -> cluster.logText(leader)
                    .contains(id(leader) + ": the disk is well again; this node may lead"));
            cluster.awaitReady(leader);
            clients.awaitProgress();
            clients.stopAndCheck();
        } finally {
            end();
        }
    }

    private static boolean leadsAnother(int than) {
        for (int node = 0; node < KvCluster.NODES; node++) {
            if (node != than && cluster.info(node, "role").equals("leading")) {
                return true;
            }
        }
        return false;
    }

    private void assertStops(String reason) {
        KvCluster.await("end of " + id(leader), () -> !cluster.isAlive(leader));
        assertEquals(FAILED, cluster.exitCode(leader));
        String log = cluster.logText(leader);
        String directory = home.resolve(name(direct)).resolve(id(leader)).toString();
        // Its log goes on from test to test.
        String said = log.lines()
                .filter(line -> line.contains(id(leader) + " stopped: "))
                .reduce("nothing", (earlier, later) -> later);
        assertTrue(said.contains(reason) && said.contains(directory), said);
    }

    private void assertTheOthersGoOnAndItComesBack() {
        clients.awaitProgress();
        cluster.start(leader, options);
        cluster.awaitReady(leader);
        clients.awaitProgress();
        clients.stopAndCheck();
    }
}
