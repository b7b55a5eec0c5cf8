// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lock}: a lock service, and its clients. */
@Command(
        name = "lock",
        subcommands = {ServeCommand.class, AcquireCommand.class, ReleaseCommand.class, WatchCommand.class},
        description = {
            "A lock service with leases and fencing tokens.",
            "The lock keeps nobody out by itself: send the token along with what you do, and have it checked there."
        },
        footer = {
            "",
            "Example, after 'lock serve' on three nodes:",
            "  TOKEN=$(paxos-kv lock acquire backup --servers 10.0.0.1:7301,10.0.0.2:7301 --lease-millis 60000)",
            "  paxos-kv lock release backup $TOKEN --servers 10.0.0.1:7301,10.0.0.2:7301"
        })
public final class LockCli implements Runnable {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The command, for the command line that has it. */
    public LockCli() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: serve, acquire, release or watch");
    }
}
