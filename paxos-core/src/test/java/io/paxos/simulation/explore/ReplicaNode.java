// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.Ballot;
import io.paxos.protocol.Effects.Envelope;
import io.paxos.protocol.Event;
import io.paxos.protocol.Replica;
import io.paxos.protocol.ReplicaStatus;
import java.util.Arrays;
import java.util.List;

/**
 * A replica and its disk. The replica itself cannot be copied; it is made again from what its disk held at the start and
 * the events since. Nodes are equal if all that their replicas hold is, whatever led there.
 */
final class ReplicaNode {

    /** The events since the start, the last one first. */
    record History(History before, Event event) {}

    /** Records that still wait for the disk, and the messages that wait for them. */
    record Unforced(ReplicaDisk disk, List<Envelope> held) {}

    final ReplicaDisk atStart;
    final long boot;
    final History history;
    final ReplicaDisk forced;
    final List<Unforced> unforced;
    final Ballot revealed;
    final Ballot stands;
    final ReplicaStatus.Role role;
    final long knownChosen;
    final int attempts;
    final long nowMillis;
    private final byte[] bytes;
    private final int hash;

    ReplicaNode(
            int member,
            Replica replica,
            ReplicaDisk atStart,
            long boot,
            History history,
            ReplicaDisk forced,
            List<Unforced> unforced,
            Ballot revealed,
            Ballot stands,
            int attempts,
            long nowMillis) {
        this.atStart = atStart;
        this.boot = boot;
        this.history = history;
        this.forced = forced;
        this.unforced = List.copyOf(unforced);
        this.revealed = revealed;
        this.stands = stands;
        this.role = replica.status().role();
        this.knownChosen = replica.status().knownChosen();
        this.attempts = attempts;
        this.nowMillis = nowMillis;
        this.bytes = StateBytes.of(member, boot, replica, forced, unforced, revealed, stands, attempts);
        this.hash = Arrays.hashCode(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReplicaNode that && hash == that.hash && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
