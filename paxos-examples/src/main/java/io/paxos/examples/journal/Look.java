// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.journal;

import io.paxos.journal.FileStorage;
import io.paxos.journal.JournalInspection;
import io.paxos.snapshot.SnapshotInspection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One directory that is looked at.
 *
 * @param directory the node's
 * @param out for what was asked for
 * @param err for progress, and for why there is nothing
 * @param command that looks
 */
record Look(Path directory, PrintWriter out, PrintWriter err, String command) {

    /** Exit code: there is nothing to judge, or nothing that holds still. */
    static final int NOT_JUDGED = 3;

    private static final double MEBIBYTE = 1 << 20;

    /** Says on the error stream how far a long read is. */
    static class Progress implements JournalInspection.Listener {

        /** Of the calls that come each half second one in so many is told. */
        private static final int CALLS_PER_LINE = 4;

        private final Look look;
        private int calls;

        Progress(Look look) {
            this.look = look;
        }

        @Override
        public final void progress(long bytesRead, long bytesTotal) {
            if (++calls % CALLS_PER_LINE == 0) {
                look.err.printf(Locale.ROOT, "%.0f of %.0f MiB read%n", bytesRead / MEBIBYTE, bytesTotal / MEBIBYTE);
                look.err.flush();
            }
        }
    }

    /** What is there; null if nothing can be said, and why was told. */
    @Nullable
    JournalInspection read(JournalInspection.Listener listener) {
        if (!Files.isDirectory(directory)) {
            return fail(Files.exists(directory) ? "is not a directory" : "does not exist");
        }
        try {
            return JournalInspection.of(new FileStorage(directory), System::nanoTime, listener);
        } catch (AccessDeniedException denied) {
            return fail("cannot be read: permission denied for " + denied.getFile());
        } catch (IOException failed) {
            return fail("cannot be read: " + failed);
        }
    }

    /** The snapshots beside a journal that was read; none if they cannot be listed, and why was told. */
    List<SnapshotInspection> readSnapshots() {
        try {
            return SnapshotInspection.of(new FileStorage(directory));
        } catch (IOException failed) {
            fail("cannot be read: " + failed);
            return List.of();
        }
    }

    private @Nullable JournalInspection fail(String why) {
        err.println(command + ": " + directory + " " + why);
        err.flush();
        return null;
    }

    void print(String format, @Nullable Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    void finish() {
        out.flush();
    }
}
