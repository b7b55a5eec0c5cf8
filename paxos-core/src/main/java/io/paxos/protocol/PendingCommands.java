// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.model.Batch;
import io.paxos.model.Command;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands that wait at the leader for a place in the window. Bounded in bytes; refuses a whole list or none of it. A
 * command that this leader has taken already is not taken again (hazard V4).
 */
final class PendingCommands {

    private final Limits limits;
    private final ArrayDeque<Command> queue = new ArrayDeque<>();
    private final TakenRuns taken = new TakenRuns();
    private long bytes;

    PendingCommands(Limits limits) {
        this.limits = limits;
    }

    /** Returns false, and takes nothing, if they do not all fit. Those that have their place already are left out. */
    boolean offer(List<Command> commands) {
        int known = 0;
        while (known < commands.size() && taken.holds(commands.get(known))) {
            known++;
        }
        // One that is new may begin a new run, and then those behind it lose the place that they had.
        List<Command> fresh = commands.subList(known, commands.size());
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
