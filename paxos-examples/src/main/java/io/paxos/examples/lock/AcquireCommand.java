// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lock acquire}: prints the token, and leaves the lock held for the length of the lease. */
@Command(
        name = "acquire",
        sortOptions = false,
        description =
                "Gets a lock and prints its fencing token; the lock is held until the lease is over, or 'release'.",
        footer = {"", "Exit code: 0 held; 3 somebody else has it; 1 nobody can tell; 2 a flag is wrong."})
final class AcquireCommand implements Callable<Integer> {

    private static final int HELD_BY_ANOTHER = 3;
    private static final int FAILED = 1;

    @Parameters(paramLabel = "LOCK", description = "The lock's name.")
    private String name = "";

    @Mixin
    private Servers servers = new Servers();

    @Option(
            names = "--lease-millis",
            paramLabel = "N",
            defaultValue = "30000",
            description = "How long it is held if it is not released (default: ${DEFAULT-VALUE}).")
    private long leaseMillis;

    @Option(
            names = "--wait-millis",
            paramLabel = "N",
            defaultValue = "0",
            description = "How long to wait while somebody else has it (default: ${DEFAULT-VALUE}).")
    private long waitMillis;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        try (LockClient client = servers.connect()) {
            Optional<Lease> lease =
                    client.acquire(name, Duration.ofMillis(leaseMillis), Duration.ofMillis(Math.max(0, waitMillis)));
            if (lease.isEmpty()) {
                spec.commandLine()
                        .getErr()
                        .println("lock " + name + " is held by "
                                + client.holder(name).owner());
                return HELD_BY_ANOTHER;
            }
            spec.commandLine().getOut().println(lease.get().token());
            return 0;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        } catch (LockClient.LockException e) {
            spec.commandLine().getErr().println("lock " + name + ": " + e.getMessage());
            return FAILED;
        }
    }
}
