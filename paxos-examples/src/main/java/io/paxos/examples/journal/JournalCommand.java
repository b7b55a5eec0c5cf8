// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.journal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code journal}: looks at a node's directory, and changes nothing in it. */
@Command(
        name = "journal",
        subcommands = {InspectCommand.class, VerifyCommand.class},
        description = {
            "Looks at the directory of a stopped node, or at a copy of it, and changes nothing in it.",
            "It says what a start would do: the log is read by the same code."
        })
public final class JournalCommand implements Runnable {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The command, for the command line that has it. */
    public JournalCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: inspect or verify");
    }
}
