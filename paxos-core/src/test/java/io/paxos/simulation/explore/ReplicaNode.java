// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.message.Message;
import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
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

    /**
     * What others may rely on.
     *
     * @param given the highest ballot at which others were told of its promise or vote
     * @param broken how it broke its word, or ""
     */
    record Word(Ballot given, String broken) {
        static final Word NONE = new Word(Ballot.NONE, "");

        /** Tells somebody, and notes whether it is on the disk. Whoever prepares or proposes tells its own promise. */
        Word and(MemberId self, Message message, ReplicaDisk forced) {
            Word next = this;
            Ballot told = Ballot.NONE;
            if (message instanceof Promise promise) {
                told = promise.ballot();
            } else if (message instanceof Prepare prepare) {
                told = prepare.ballot();
            } else if (message instanceof Accept accept) {
                told = accept.proposal().ballot();
            } else if (message instanceof Accepted accepted) {
                told = accepted.ballot();
                for (long slot = accepted.slots().first();
                        slot <= accepted.slots().last();
                        slot++) {
                    Proposal vote = forced.votes().get(slot);
                    if (vote == null || told.isAbove(vote.ballot())) {
                        next = brokenBy(self + " said that it voted at " + told + " in slot " + slot
                                + ", and its disk holds " + vote);
                    }
                }
            }
            if (told.isAbove(forced.promised())) {
                next = brokenBy(self + " said that it promised " + told + ", and its disk says " + forced.promised());
            }
            return new Word(Ballot.max(given, told), next.broken);
        }

        Word brokenBy(String deed) {
            return new Word(given, deed);
        }
    }

    final ReplicaDisk atStart;
    final long boot;
    final History history;
    final ReplicaDisk forced;
    final List<Unforced> unforced;
    final Word word;
    final Ballot stands;
    final long fetches;
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
            Word word,
            Ballot stands,
            int attempts,
            long nowMillis) {
        this.atStart = atStart;
        this.boot = boot;
        this.history = history;
        this.forced = forced;
        this.unforced = List.copyOf(unforced);
        this.word = word;
        this.stands = stands;
        this.fetches = StateBytes.number(replica, "member", "catchUp", "requests", "nonce");
        this.role = replica.status().role();
        this.knownChosen = replica.status().knownChosen();
        this.attempts = attempts;
        this.nowMillis = nowMillis;
        this.bytes = StateBytes.of(member, boot, replica, forced, unforced, word, stands, attempts);
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
