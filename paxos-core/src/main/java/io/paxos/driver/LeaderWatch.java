// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Message.Heartbeat;
import io.paxos.model.MemberId;
import io.paxos.protocol.Notice;

/**
 * What this node knows of who leads: whether anybody does, whether it does so itself, how regularly it is heard, and how old
 * by its word the state here may be.
 *
 * <p>Owned by the driver's thread.
 */
final class LeaderWatch {

    private final MemberId self;
    private final TurnClock clock;
    private final HeartbeatGaps gaps;
    private final Freshness freshness = new Freshness();

    private boolean known;
    private boolean electedHere;
    private boolean leadsHere;

    /** @param heartbeatMillis how often a leader sends a heartbeat */
    LeaderWatch(MemberId self, TurnClock clock, long heartbeatMillis) {
        this.self = self;
        this.clock = clock;
        this.gaps = new HeartbeatGaps(heartbeatMillis);
    }

    void changed(Notice.LeaderChanged changed) {
        known = !changed.leader().isNone();
        electedHere = changed.leader().owner().equals(self);
        leadsHere = electedHere && changed.leadsHere();
        gaps.leader(changed.leader(), clock.turnMillis());
    }

    /** A heartbeat came. It may have lain in the inbox since the last turn. */
    void heard(Heartbeat heartbeat) {
        gaps.heard(heartbeat.ballot(), clock.turnMillis());
        if (heartbeat.hasQuorum()) {
            freshness.heard(heartbeat.knownChosen(), clock.lastTurnMillis());
        }
    }

    /** This node leads, and sends a heartbeat. */
    void sent(Heartbeat heartbeat) {
        if (heartbeat.hasQuorum()) {
            freshness.heard(heartbeat.knownChosen(), clock.turnMillis());
        }
    }

    /** This node leads and is the only voter: it sends no heartbeats, for there is nobody to send them to. */
    void leadsAlone(long knownChosen) {
        freshness.heard(knownChosen, clock.turnMillis());
    }

    boolean isKnown() {
        return known;
    }

    boolean isHere() {
        return leadsHere;
    }

    /** Whether there is one that takes commands: one that was elected here has to recover first. */
    boolean takesCommands() {
        return known && (!electedHere || leadsHere);
    }

    /** The latest time at which a leader with a quorum knew nothing that is not applied here now; -1 if there is none. */
    long freshMillis(long applied) {
        return freshness.millis(applied);
    }

    long longestGapMillis() {
        return gaps.longestMillis(clock.turnMillis());
    }

    long lateHeartbeats() {
        return gaps.late();
    }
}
