// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import java.util.ArrayList;
import java.util.List;

/**
 * A bounded configuration of single-decree Paxos. Whatever is not bounded here happens at any time, in any order, any
 * number of times.
 *
 * @param group the voters n1, n2, …, and their quorums
 * @param proposers the first so many voters propose; the others can be exchanged for each other
 * @param attempts so many attempts in one run, all proposers together: the number of ballots
 * @param crashes so many crashes with restart in one run, all members together
 * @param slowDisk whether a write may stay unforced, and be lost in a crash; if false it is forced in the step that asks
 *     for it
 * @param refusals whether {@code Rejected} travels; if false all of them are lost
 * @param notices whether {@code Chosen} travels; if false all of them are lost
 * @param reads whether an attempt may also be a read
 */
public record SynodBounds(
        Membership group,
        int proposers,
        int attempts,
        int crashes,
        boolean slowDisk,
        boolean refusals,
        boolean notices,
        boolean reads) {

    public SynodBounds {
        if (proposers < 1 || proposers > group.voters().size()) {
            throw new IllegalArgumentException("proposers: " + proposers + " is outside the allowed range 1.."
                    + group.voters().size());
        }
    }

    /**
     * Members {@code n1} to {@code nN}, all kinds of events, no crash and no read.
     *
     * @param members N
     * @param quorums of the group
     * @param proposers the first so many propose
     * @param attempts so many ballots
     */
    public static SynodBounds of(int members, QuorumSystem quorums, int proposers, int attempts) {
        List<MemberId> voters = new ArrayList<>();
        for (int number = 1; number <= members; number++) {
            voters.add(new MemberId(new NodeId(number), new Incarnation(number)));
        }
        Membership group = new Membership(1, voters, List.of(), quorums, 1);
        return new SynodBounds(group, proposers, attempts, 0, true, true, true, false);
    }

    /** With so many crashes. */
    public SynodBounds crashes(int count) {
        return new SynodBounds(group, proposers, attempts, count, slowDisk, refusals, notices, reads);
    }

    /** Every write is forced in the step that asks for it. */
    public SynodBounds fastDisk() {
        return new SynodBounds(group, proposers, attempts, crashes, false, refusals, notices, reads);
    }

    /** Each {@code Rejected} is lost. */
    public SynodBounds withoutRefusals() {
        return new SynodBounds(group, proposers, attempts, crashes, slowDisk, false, notices, reads);
    }

    /** Each {@code Chosen} is lost. */
    public SynodBounds withoutNotices() {
        return new SynodBounds(group, proposers, attempts, crashes, slowDisk, refusals, false, reads);
    }

    /** Attempts may be reads. */
    public SynodBounds withReads() {
        return new SynodBounds(group, proposers, attempts, crashes, slowDisk, refusals, notices, true);
    }

    /** One line. */
    @Override
    public String toString() {
        return "N = " + group.voters().size() + ", " + group.quorums() + ", " + attempts + " ballots by " + proposers
                + " proposers, " + crashes + " crashes, " + (slowDisk ? "slow" : "fast") + " disk"
                + (refusals ? "" : ", refusals lost") + (notices ? "" : ", notices lost") + (reads ? ", reads" : "");
    }
}
