// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.PaxosException;
import io.paxos.examples.bench.BenchCommand;
import io.paxos.examples.journal.JournalCommand;
import io.paxos.examples.lock.LockCli;
import io.paxos.examples.simulate.SimulateCommand;
import java.io.IOException;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line. What an operator did or met is answered with one line on the error stream and exit code 2 (arguments)
 * or 1 (everything else), unless the command has codes of its own; a stack trace means a bug.
 */
@Command(
        name = "paxos-kv",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            DemoCommand.class,
            ServerCommand.class,
            SimulateCommand.class,
            JournalCommand.class,
            LockCli.class,
            BenchCommand.class,
            CommandLine.HelpCommand.class
        },
        description = "A replicated key-value store that speaks a subset of the Redis protocol. It is not Redis.",
        footer = {"", "Start with: java -jar paxos-kv.jar demo"})
public final class Main implements Runnable {

    /** What an operator can mend. The message is one line: what is wrong, and what to do. */
    static final class OperatorException extends Exception {
        private static final long serialVersionUID = 1;

        OperatorException(String message) {
            super(message);
        }
    }

    /** The version that the jar was built with. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"paxos-kv " + text()};
        }

        static String text() {
            String version = Main.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        int code = CommandLine.ExitCode.SOFTWARE;
        try {
            code = commandLine().execute(arguments);
        } catch (Throwable error) { // exceptions are explained; an error must not leave a process that looks alive
            LoggerFactory.getLogger(Main.class).error("paxos-kv ends", error);
        }
        System.exit(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(Main::explainArguments)
                .setExecutionExceptionHandler(Main::explainFailure);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing: demo, server, simulate, journal, lock or bench");
    }

    private static int explainArguments(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + oneLine(e) + " (try --help)");
        err.flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int explainFailure(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (e instanceof OperatorException || e instanceof PaxosException || e instanceof IOException) {
            err.println(command.getCommandSpec().qualifiedName() + ": " + oneLine(e));
        } else {
            e.printStackTrace(err);
        }
        err.flush();
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    private static String oneLine(Exception e) {
        String message = e.getMessage();
        return (message == null ? e.toString() : message).replaceAll("\\s*\\R\\s*", " ");
    }
}
