// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.journal;

import io.paxos.journal.JournalInspection;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code journal verify}: the verdict, for people and for scripts. */
@Command(
        name = "verify",
        sortOptions = false,
        exitCodeOnInvalidInput = Look.NOT_JUDGED,
        exitCodeOnExecutionException = Look.NOT_JUDGED,
        description =
                "Reads every record and snapshot and says whether a start would find anything wrong, and what it would do.",
        footer = {
            "",
            "Exit code: 0 sound (a torn tail is: nobody was told of it);",
            "           1 damage that a start repairs, from the other members where it has to;",
            "           2 a start would be refused;",
            "           3 not judged: a node runs on it, there is no journal, or a flag is wrong."
        })
final class VerifyCommand implements Callable<Integer> {

    private static final int SOUND = 0;
    private static final int DAMAGED = 1;
    private static final int REFUSED = 2;

    @Parameters(paramLabel = "DIR", description = "The node's directory.")
    private Path directory = Path.of("");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Look look = new Look(
                directory, spec.commandLine().getOut(), spec.commandLine().getErr(), spec.qualifiedName());
        JournalInspection found = look.read(new Look.Progress(look));
        if (found == null) {
            return Look.NOT_JUDGED;
        }
        Report report = new Report(look, found, null);
        report.printDamage();
        report.printVerdict();
        return switch (found.verdict()) {
            case SOUND -> report.hasDamagedSnapshot() ? DAMAGED : SOUND;
            case DAMAGED -> DAMAGED;
            case REFUSED -> REFUSED;
            case RUNNING, NO_JOURNAL -> Look.NOT_JUDGED;
        };
    }
}
