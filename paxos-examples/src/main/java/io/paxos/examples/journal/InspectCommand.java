// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.journal;

import io.paxos.journal.JournalInspection;
import io.paxos.journal.JournalInspection.Damage;
import io.paxos.journal.JournalInspection.Line;
import io.paxos.journal.JournalInspection.Segment;
import io.paxos.journal.JournalInspection.Verdict;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code journal inspect}. Exit code 0 whatever was found, 3 if nothing could be read. */
@Command(
        name = "inspect",
        sortOptions = false,
        exitCodeOnInvalidInput = Look.NOT_JUDGED,
        exitCodeOnExecutionException = Look.NOT_JUDGED,
        description = "Prints whose journal it is, its segments, snapshots, promise, slots and damage.",
        footer = {"", "Exit code: 0 whatever it found; 3 if a node runs, there is no journal, or a flag is wrong."})
final class InspectCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The node's directory.")
    private Path directory = Path.of("");

    @Option(names = "--records", description = "List each record, with its offset, first.")
    private boolean records;

    @Option(
            names = "--segment",
            paramLabel = "N",
            description = "List records, segments and damage of this segment only. (All of them are read.)")
    private @Nullable Long segment;

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
        if (segment != null && segment < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--segment: " + segment + " is outside the allowed range 1.." + Long.MAX_VALUE);
        }
        Look look = new Look(
                directory, spec.commandLine().getOut(), spec.commandLine().getErr(), spec.qualifiedName());
        JournalInspection found = look.read(new Listing(look));
        if (found == null) {
            return Look.NOT_JUDGED;
        }
        if (segment != null && found.segments().stream().map(Segment::sequence).noneMatch(segment::equals)) {
            throw new ParameterException(
                    spec.commandLine(), "--segment: there is no segment " + segment + " in " + directory);
        }
        new Report(look, found, segment == null ? null : JournalInspection.fileOf(segment)).print();
        Verdict verdict = found.verdict();
        return verdict == Verdict.RUNNING || verdict == Verdict.NO_JOURNAL ? Look.NOT_JUDGED : 0;
    }

    /** Lists records while they are read, so that nobody has to hold them. */
    private final class Listing extends Look.Progress {

        private final Look look;
        private String file = "";

        Listing(Look look) {
            super(look);
            this.look = look;
        }

        @Override
        public void record(Line line) {
            if (isWanted(line.file())) {
                head(line.file());
                look.print(
                        "  %12d  record %-9d %-12s %-30s promise %s, forced up to %d, %d bytes",
                        line.offset(),
                        line.sequence(),
                        line.type(),
                        line.slot() == 0
                                ? line.ballot().isNone() ? "" : "ballot " + line.ballot()
                                : "slot " + line.slot() + (line.ballot().isNone() ? "" : " at ballot " + line.ballot()),
                        line.promised(),
                        line.forcedUpTo(),
                        line.payloadBytes());
            }
        }

        @Override
        public void damage(Damage damage) {
            if (isWanted(damage.place().file())) {
                head(damage.place().file());
                look.print("  %12d  %s: %s", damage.place().offset(), damage.label(), Report.reason(damage));
            }
        }

        private boolean isWanted(String wanted) {
            return records && (segment == null || wanted.equals(JournalInspection.fileOf(segment)));
        }

        private void head(String next) {
            if (!next.equals(file)) {
                file = next;
                look.print("%s", next);
            }
        }
    }
}
