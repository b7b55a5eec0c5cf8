// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.model.Batch;
import io.paxos.model.Command;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Commands that wait at the leader for a place in the window. Bounded in bytes; refuses a whole list or none of it. */
final class PendingCommands {

    private final Limits limits;
    private final ArrayDeque<Command> queue = new ArrayDeque<>();
    private long bytes;

    PendingCommands(Limits limits) {
        this.limits = limits;
    }

    /** Returns false, and takes nothing, if they do not all fit. */
    boolean offer(List<Command> commands) {
        long more = 0;
        for (Command command : commands) {
            if (command.encodedLength() + Batch.HEADER_BYTES > limits.batchBytesMax()) {
                return false;
            }
            more += command.encodedLength();
        }
        if (bytes + more > limits.pendingBytesMax()) {
            return false;
        }
        queue.addAll(commands);
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

    void clear() {
        queue.clear();
        bytes = 0;
    }
}
