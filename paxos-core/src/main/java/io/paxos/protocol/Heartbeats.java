// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.VoterSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
    private final TreeMap<MemberId, Confirmed> confirmed = new TreeMap<>();
    private Ballot ballot = Ballot.NONE;
    private long sequence;
    private long startedMillis;
    private long dueMillis;

    /**
     * The newest word of a member at this ballot.
     *
     * @param sentMillis when the heartbeat was sent that it answers
     * @param knownChosen its known-chosen prefix
     * @param fit whether it could lead
     */
    private record Confirmed(long sentMillis, long knownChosen, boolean fit) {}

    Heartbeats(Timing timing, Memberships memberships) {
        this.timing = timing;
        this.memberships = memberships;
    }

    /** Begins for a new ballot. Those who promised it have just confirmed. */
    void start(Ballot ballot, Iterable<MemberId> promisers, long nowMillis) {
        this.ballot = ballot;
        sequence = 0;
        sentMillis.clear();
        confirmed.clear();
        for (MemberId member : promisers) {
            confirmed.put(member, new Confirmed(nowMillis, 0, false)); // of its fitness it has not said anything yet
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
        Heartbeat beat = new Heartbeat(ballot, sequence, quorum, knownChosen);
        for (NodeId other : memberships.others()) {
            out.sendNow(other, beat);
        }
        for (NodeId learner : memberships.learners()) {
            out.sendNow(learner, beat);
        }
        dueMillis = out.nowMillis() + timing.heartbeatMillis();
        return true;
    }

    /** Counts an acknowledgement whose promise is this ballot. */
    void confirm(MemberId from, HeartbeatAck ack) {
        Long sent = sentMillis.get(ack.sequence());
        if (ack.ballot().equals(ballot) && ack.promised().equals(ballot) && sent != null) {
            Confirmed before = confirmed.get(from);
            if (before == null || before.sentMillis <= sent) {
                confirmed.put(from, new Confirmed(sent, ack.knownChosen(), ack.fit()));
            }
        }
    }

    /** Whether a phase-2 quorum for that slot confirmed heartbeats sent within the last so many milliseconds. */
    boolean hasQuorum(long slot, long withinMillis, long nowMillis) {
        VoterSet set = memberships.add(slot, VoterSet.EMPTY, memberships.self());
        for (var each : confirmed.entrySet()) {
            if (nowMillis - each.getValue().sentMillis < withinMillis) {
                set = memberships.add(slot, set, each.getKey());
            }
        }
        return memberships.isPhase2Quorum(slot, set);
    }

    /**
     * Who should lead next: of the other voters for that slot that were heard lately and said that they are fit, the one
     * that knows most, and among equals the first.
     *
     * @param wanted only this one, if it is not null
     * @param withinMillis what counts as lately
     * @return null if there is none
     */
    @Nullable
    MemberId successor(long slot, @Nullable NodeId wanted, long withinMillis, long nowMillis) {
        MemberId best = null;
        long bestKnown = -1;
        for (MemberId voter : memberships.forSlot(slot).voters()) {
            Confirmed word = confirmed.get(voter);
            boolean asWanted = wanted == null || wanted.equals(voter.node());
            boolean other = !voter.equals(memberships.self());
            if (other
                    && asWanted
                    && word != null
                    && word.fit
                    && nowMillis - word.sentMillis < withinMillis
                    && word.knownChosen > bestKnown) {
                best = voter;
                bestKnown = word.knownChosen;
            }
        }
        return best;
    }
}
