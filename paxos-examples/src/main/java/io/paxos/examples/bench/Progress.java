// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What goes on, for who waits: one line that is written over and over on a terminal, and elsewhere a plain line for each thing that
 * begins. Any thread.
 */
final class Progress {

    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintWriter err;
    private final boolean terminal;
    private boolean open;

    Progress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** Whether this process's error stream is a terminal, as far as that can be told. */
    static boolean errorStreamIsTerminal() {
        Path descriptor = Path.of("/proc/self/fd/2");
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Something begins. */
    synchronized void begin(String what) {
        if (terminal) {
            now(what);
        } else {
            err.println(what);
            err.flush();
        }
    }

    /** How far it is; shown on a terminal only. */
    synchronized void now(String state) {
        if (terminal) {
            err.print(CLEAR_LINE + state);
            err.flush();
            open = true;
        }
    }

    /** {@link #now} for a load. */
    void now(String title, long operations, long nanos) {
        double seconds = nanos / NANOS_PER_SECOND;
        now(String.format(
                Locale.ROOT, "%s: %.1f s, %,.0f ops/s", title, seconds, operations / Math.max(1e-3, seconds)));
    }

    /** Something that is to stay. */
    synchronized void say(String line) {
        clear();
        err.println(line);
        err.flush();
    }

    /** The line that is written over is empty again: before anything goes to the output. */
    synchronized void clear() {
        if (open) {
            err.print(CLEAR_LINE);
            err.flush();
            open = false;
        }
    }
}
