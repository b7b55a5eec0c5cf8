// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.VoterSet;
import java.util.TreeMap;

/**
 * A leader's proof, to itself and to the others, that it still has a quorum. An acknowledgement counts from the moment its
 * heartbeat was <em>sent</em>, and only if the member's promise is this leader's ballot: a member that promised somebody
 * else will refuse the next accept.
 */
final class Heartbeats {

    private static final int REMEMBERED_MAX = 256;

    private final Timing timing;
    private final Memberships memberships;
    private final TreeMap<Long, Long> sentMillis = new TreeMap<>();
    private final TreeMap<MemberId, Long> confirmedMillis = new TreeMap<>();
    private Ballot ballot = Ballot.NONE;
    private long sequence;
    private long startedMillis;
    private long dueMillis;

    Heartbeats(Timing timing, Memberships memberships) {
        this.timing = timing;
        this.memberships = memberships;
    }

    /** Begins for a new ballot. Those who promised it have just confirmed. */
    void start(Ballot ballot, Iterable<MemberId> promisers, long nowMillis) {
        this.ballot = ballot;
        sequence = 0;
        sentMillis.clear();
        confirmedMillis.clear();
        for (MemberId member : promisers) {
            confirmedMillis.put(member, nowMillis);
        }
        startedMillis = nowMillis;
        dueMillis = nowMillis;
    }

    /**
     * Whether a phase-2 quorum for that slot has been silent for an election timeout. A new leader gets that long to hear
     * from it: a phase-1 quorum may be smaller.
     */
    boolean hasLostQuorum(long slot, long nowMillis) {
        long patience = timing.electionTimeoutMaxMillis();
        return nowMillis - startedMillis >= patience && !hasQuorum(slot, patience, nowMillis);
    }

    /** Sends a round if one is due. Returns whether it did. */
    boolean beatIfDue(long nextSlot, long knownChosen, Outbox out) {
        if (out.nowMillis() < dueMillis) {
            return false;
        }
        sequence++;
        sentMillis.put(sequence, out.nowMillis());
        if (sentMillis.size() > REMEMBERED_MAX) {
            sentMillis.pollFirstEntry();
        }
        boolean quorum = hasQuorum(nextSlot, timing.electionTimeoutMinMillis(), out.nowMillis());
        for (NodeId other : memberships.others()) {
            out.sendNow(other, new Heartbeat(ballot, sequence, quorum, knownChosen));
        }
        dueMillis = out.nowMillis() + timing.heartbeatMillis();
        return true;
    }

    /** Counts an acknowledgement whose promise is this ballot. */
    void confirm(MemberId from, HeartbeatAck ack) {
        Long sent = sentMillis.get(ack.sequence());
        if (ack.ballot().equals(ballot) && ack.promised().equals(ballot) && sent != null) {
            confirmedMillis.merge(from, sent, Math::max);
        }
    }

    /** Whether a phase-2 quorum for that slot confirmed heartbeats sent within the last so many milliseconds. */
    boolean hasQuorum(long slot, long withinMillis, long nowMillis) {
        VoterSet set = memberships.add(slot, VoterSet.EMPTY, memberships.self());
        for (var confirmed : confirmedMillis.entrySet()) {
            if (nowMillis - confirmed.getValue() < withinMillis) {
                set = memberships.add(slot, set, confirmed.getKey());
            }
        }
        return memberships.isPhase2Quorum(slot, set);
    }
}
