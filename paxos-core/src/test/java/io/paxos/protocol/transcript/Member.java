// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.protocol.Effects.Envelope;
import io.paxos.protocol.Replica;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A node with its disk, its clock, its session, and the messages that wait for its disk. */
final class Member {

    /**
     * A message that waits for the disk.
     *
     * @param barrier it leaves when so many records are forced: all that were written by its own and all earlier steps
     * @param envelope the message
     */
    record Held(int barrier, Envelope envelope) {}

    private final NodeId node;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private final TreeMap<Long, Proposal> handedOut = new TreeMap<>();
    private final TreeMap<Long, Command> submitted = new TreeMap<>();
    private MemberId id;
    private Disk disk;
    private @Nullable Replica replica;
    private boolean diskIsManual;
    private int incarnations = 1;
    private long boot;
    private long nowMillis;
    private long sequence;
    private long lastHandedOut;

    Member(NodeId node) {
        this.node = node;
        this.id = identity();
        this.disk = new Disk(id);
    }

    /** Readable incarnations: the third of n2 is 0xc002000000000002. */
    private MemberId identity() {
        long bits = (long) (9 + incarnations) << 60 | (long) node.number() << 48 | node.number();
        return new MemberId(node, new Incarnation(bits));
    }

    MemberId id() {
        return id;
    }

    NodeId node() {
        return node;
    }

    Disk disk() {
        return disk;
    }

    int incarnations() {
        return incarnations;
    }

    boolean isUp() {
        return replica != null;
    }

    Replica replica() {
        Replica running = replica;
        if (running == null) {
            throw new IllegalArgumentException(node + " is down");
        }
        return running;
    }

    void start(Replica started) {
        replica = started;
        submitted.clear();
        sequence = 0;
    }

    void stop() {
        replica = null;
        held.clear();
    }

    /** Formats the directory anew. */
    void wipe() {
        incarnations++;
        boot = 0;
        id = identity();
        disk = new Disk(id);
        handedOut.clear();
    }

    long nextBoot() {
        return ++boot;
    }

    long nowMillis() {
        return nowMillis;
    }

    void advance(long millis) {
        nowMillis += millis;
    }

    boolean isDiskManual() {
        return diskIsManual;
    }

    void diskManual(boolean manual) {
        diskIsManual = manual;
    }

    void hold(Envelope envelope) {
        held.add(new Held(disk.writtenCount(), envelope));
    }

    /** The messages that may leave now, in order. */
    List<Envelope> release() {
        List<Envelope> free = new ArrayList<>();
        while (!held.isEmpty() && held.element().barrier() <= disk.forcedCount()) {
            free.add(held.remove().envelope());
        }
        return free;
    }

    /** Takes what the core handed out: contiguous, and what was handed out before a restart comes out the same. */
    void handOut(Proposal proposal) {
        long expected = lastHandedOut + 1;
        if (proposal.slot() != expected) {
            throw new Violation(id + " hands out slot " + proposal.slot() + ", expected " + expected);
        }
        lastHandedOut = proposal.slot();
        Proposal before = handedOut.put(proposal.slot(), proposal);
        if (before != null && !before.value().equals(proposal.value())) {
            throw new Violation(id + " hands out another value for slot " + proposal.slot() + " after a restart");
        }
        for (Command command : Batch.decode(proposal.value()).commands()) {
            if (command.session().equals(SessionId.ofNode(id)) && command.boot() == boot) {
                submitted.remove(command.sequence());
            }
        }
    }

    /** Where a start begins to hand out, after checking the journal's values up to there. */
    void handedOutUpTo(long mark) {
        for (long slot = 1; slot <= mark; slot++) {
            Proposal journalled = disk.durable().valueOf(slot);
            Proposal before = handedOut.get(slot);
            if (journalled == null || (before != null && !before.value().equals(journalled.value()))) {
                throw new Violation(id + " restarts with another value in slot " + slot + " than it handed out");
            }
            handedOut.put(slot, journalled);
        }
        lastHandedOut = mark;
    }

    SortedMap<Long, Proposal> handedOut() {
        return handedOut;
    }

    /** New commands of this node's session. */
    List<Command> commands(List<String> payloads) {
        List<Command> commands = new ArrayList<>();
        for (String payload : payloads) {
            sequence++;
            Command command = new Command(
                    Command.Kind.COMMAND,
                    SessionId.ofNode(id),
                    boot,
                    sequence,
                    0,
                    payload.getBytes(StandardCharsets.UTF_8));
            submitted.put(sequence, command);
            commands.add(command);
        }
        return commands;
    }

    /** What this session submitted and has not seen chosen. */
    List<Command> unanswered() {
        return List.copyOf(submitted.values());
    }
}
