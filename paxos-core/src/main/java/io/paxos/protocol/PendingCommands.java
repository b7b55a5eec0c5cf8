// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.model.Batch;
import io.paxos.model.Command;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands that wait at the leader for a place in the window. Bounded in bytes; refuses a session's commands
 * whole. A command that this leader has taken already is not taken again (hazard V4).
 */
final class PendingCommands {

    private final Limits limits;
    private final ArrayDeque<Command> queue = new ArrayDeque<>();
    private final TakenRuns taken = new TakenRuns();
    private long bytes;

    PendingCommands(Limits limits) {
        this.limits = limits;
    }

    /**
     * Takes what fits: of each run of neighbours of one session all or nothing, and nothing of a session behind a run of it
     * that did not fit. Those that have their place already are left out.
     *
     * @return of each session that was refused, the first command that was; empty if all were taken
     */
    List<Command> offer(List<Command> commands) {
        List<Command> refused = new ArrayList<>(0);
        int from = 0;
        while (from < commands.size()) {
            Command first = commands.get(from);
            int to = from + 1;
            while (to < commands.size() && isOfSameSession(first, commands.get(to))) {
                to++;
            }
            if (isRefused(first, refused) || !offerRun(commands.subList(from, to))) {
                noteRefused(first, refused);
            }
            from = to;
        }
        return refused;
    }

    private static boolean isOfSameSession(Command one, Command other) {
        return one.boot() == other.boot() && one.session().equals(other.session());
    }

    private static boolean isRefused(Command first, List<Command> refused) {
        for (Command each : refused) {
            if (isOfSameSession(each, first)) {
                return true;
            }
        }
        return false;
    }

    private static void noteRefused(Command first, List<Command> refused) {
        if (!isRefused(first, refused)) {
            refused.add(first);
        }
    }

    private boolean offerRun(List<Command> run) {
        int known = 0;
        while (known < run.size() && taken.holds(run.get(known))) {
            known++;
        }
        // One that is new may begin a new run, and then those behind it lose the place that they had.
        List<Command> fresh = run.subList(known, run.size());
        long more = 0;
        for (Command command : fresh) {
            if (command.encodedLength() + Batch.HEADER_BYTES > limits.batchBytesMax()) {
                return false;
            }
            more += command.encodedLength();
        }
        if (bytes + more > limits.pendingBytesMax()) {
            return false;
        }
        fresh.forEach(taken::add);
        queue.addAll(fresh);
        bytes += more;
        return true;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    /** Whatever is queued, up to the size of a batch. */
    List<Command> takeBatch() {
        List<Command> batch = new ArrayList<>();
        int batchBytes = Batch.HEADER_BYTES;
        Command next = queue.peek();
        while (next != null
                && batch.size() < limits.batchCommandsMax()
                && batchBytes + next.encodedLength() <= limits.batchBytesMax()) {
            batch.add(queue.remove());
            batchBytes += next.encodedLength();
            bytes -= next.encodedLength();
            next = queue.peek();
        }
        return batch;
    }

    /** The leader stands again: what it proposed may have lost its slot; what waits has its place still. */
    void forgetProposed() {
        taken.clear();
        queue.forEach(taken::add);
    }

    void clear() {
        queue.clear();
        taken.clear();
        bytes = 0;
    }
}
