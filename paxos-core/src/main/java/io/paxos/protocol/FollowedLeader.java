// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;

/**
 * Whom this replica takes for the leader, and how it knows.
 *
 * <pre>
 *            heartbeat at a ballot ≥ the followed one, or the followed one fell silent
 *   nobody ─────────────────────────────────────────────────────────────────▶ heard directly
 *      │  a canvass was refused and the refusal names a leader                     │
 *      └───────────────────────────────▶ heard through a relay ──heartbeat──▶──────┘
 *   either ── silent for two election timeouts, or this replica stands itself ──▶ nobody
 * </pre>
 *
 * <p>Only a leader heard <em>directly</em>, that says it has a quorum, keeps this replica from standing and lets it
 * refuse a canvass. One heard through a relay is only somebody to forward commands to: A sees B and C, B and C do not
 * see each other, B leads; C forwards through A.
 */
final class FollowedLeader {

    private final Timing timing;
    private Ballot ballot = Ballot.NONE;
    private NodeId via = NodeId.NONE;
    private long heardMillis;
    private long quorumHeardMillis;
    private boolean quorumHeard;

    FollowedLeader(Timing timing) {
        this.timing = timing;
    }

    /** A heartbeat came. Returns whether it is this replica's leader now. */
    boolean heard(Ballot from, boolean hasQuorum, long nowMillis) {
        if (ballot.isAbove(from) && isLive(nowMillis)) {
            return false;
        }
        if (!from.equals(ballot)) {
            quorumHeard = false;
        }
        ballot = from;
        via = from.owner().node();
        heardMillis = nowMillis;
        if (hasQuorum) {
            quorumHeard = true;
            quorumHeardMillis = nowMillis;
        }
        return true;
    }

    /** A member that refused a canvass names its leader. */
    void heardThrough(NodeId relay, Ballot leader, long nowMillis) {
        boolean better = leader.compareTo(ballot) >= 0 || !isKnown(nowMillis);
        if (leader.isNone() || !better || isLive(nowMillis)) {
            return;
        }
        ballot = leader;
        via = relay;
        heardMillis = nowMillis;
        quorumHeard = false;
    }

    /** Forgets it: a new promise was made, or this replica stands itself. */
    void forget() {
        ballot = Ballot.NONE;
        via = NodeId.NONE;
        quorumHeard = false;
    }

    void forgetIfSilent(long nowMillis) {
        if (!ballot.isNone() && !isKnown(nowMillis)) {
            forget();
        }
    }

    /** Heard directly, with a quorum, within the minimum election timeout. */
    boolean isLive(long nowMillis) {
        return quorumHeard && nowMillis - quorumHeardMillis < timing.electionTimeoutMinMillis();
    }

    private boolean isKnown(long nowMillis) {
        return !ballot.isNone() && nowMillis - heardMillis < 2 * timing.electionTimeoutMaxMillis();
    }

    /** The live leader's ballot, for refusals; {@link Ballot#NONE} if there is none. */
    Ballot liveBallot(long nowMillis) {
        return isLive(nowMillis) ? ballot : Ballot.NONE;
    }

    Ballot ballot() {
        return ballot;
    }

    /** Where to send commands for it: itself, or the relay. */
    NodeId via() {
        return via;
    }

    boolean isHeardDirectly() {
        return !ballot.isNone() && via.equals(ballot.owner().node());
    }
}
