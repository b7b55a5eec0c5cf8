// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.Promise;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import io.paxos.model.VoterSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Collects the pages of promises of one attempt, and answers the one question of phase 1: what must be proposed in each
 * slot? The value rule (Paxos Made Simple, section 2.2): the value of the highest-ballot vote that a promise quorum
 * reports; free only if none reports any. A value reported as chosen overrides every ballot.
 *
 * <p>Pure bookkeeping. A page counts once, in order, for its sender alone; pages of other ballots or attempts never reach
 * this class. A member counts for a slot when all its pages up to the last are here and none names the slot unknown.
 */
final class PromiseTally {

    private final Ballot ballot;
    private final long attempt;
    private final long from;
    private final Memberships memberships;
    private final TreeMap<MemberId, Long> nextPage = new TreeMap<>();
    private final TreeSet<MemberId> complete = new TreeSet<>();
    private final TreeMap<Long, Proposal> highestVotes = new TreeMap<>();
    private final TreeMap<Long, Proposal> chosen = new TreeMap<>();
    private final List<UnknownAt> unknown = new ArrayList<>();
    private long prefix;

    private record UnknownAt(MemberId member, SlotRange slots) {}

    PromiseTally(Ballot ballot, long attempt, long from, Memberships memberships) {
        this.ballot = ballot;
        this.attempt = attempt;
        this.from = from;
        this.memberships = memberships;
    }

    /** Counts a page. Returns whether it was the one expected; a duplicate or a page out of order changes nothing. */
    boolean add(MemberId member, Promise page) {
        boolean ours = page.ballot().equals(ballot) && page.attempt() == attempt;
        if (!ours || complete.contains(member) || page.covered().first() != nextPage(member)) {
            return false;
        }
        for (Proposal vote : page.votes()) {
            highestVotes.merge(vote.slot(), vote, PromiseTally::higher);
        }
        for (Proposal value : page.chosen()) {
            chosen.putIfAbsent(value.slot(), value);
        }
        for (SlotRange range : page.unknown()) {
            unknown.add(new UnknownAt(member, range));
        }
        prefix = Math.max(prefix, Math.max(page.knownChosen(), page.floor()));
        if (page.isLast()) {
            complete.add(member);
        } else {
            nextPage.put(member, page.covered().last() + 1);
        }
        return true;
    }

    private static Proposal higher(Proposal a, Proposal b) {
        if (a.ballot().equals(b.ballot())) {
            InvariantViolation.require(a.value().equals(b.value()), "two values at one ballot", a, b);
        }
        return b.ballot().isAbove(a.ballot()) ? b : a;
    }

    /** First slot of the page that this member has to send next. */
    long nextPage(MemberId member) {
        return nextPage.getOrDefault(member, from);
    }

    boolean isComplete(MemberId member) {
        return complete.contains(member);
    }

    /** Everyone whose report is whole. */
    SortedSet<MemberId> completeMembers() {
        return new TreeSet<>(complete);
    }

    /**
     * Whether every slot from the first one asked for has a phase-1 quorum of promises, or is known chosen. It is enough
     * to look where the answer may change: above the prefix, behind each chosen slot, and at the ends of the unknown
     * ranges.
     */
    boolean hasQuorum() {
        TreeSet<Long> edges = new TreeSet<>();
        edges.add(Math.max(from, prefix + 1));
        for (long slot : chosen.keySet()) {
            edges.add(slot + 1);
        }
        for (UnknownAt each : unknown) {
            edges.add(each.slots().first());
            if (each.slots().last() < Slots.MAX) {
                edges.add(each.slots().last() + 1);
            }
        }
        for (long slot : edges) {
            if (slot > prefix && !chosen.containsKey(slot) && !memberships.isPhase1Quorum(slot, promisedFor(slot))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The lowest slot that lacks a quorum only because members that reported in full do not know what they voted for in
     * it; 0 if there is none. Nobody can propose there until one of them, or another member, knows.
     */
    long undecidable() {
        long lowest = 0;
        for (UnknownAt each : unknown) {
            long slot = Math.max(each.slots().first(), prefix + 1);
            while (chosen.containsKey(slot)) {
                slot++;
            }
            boolean undecided = each.slots().contains(slot)
                    && memberships.isPhase1Quorum(slot, reportedFor(slot))
                    && !memberships.isPhase1Quorum(slot, promisedFor(slot));
            if (undecided && (lowest == 0 || slot < lowest)) {
                lowest = slot;
            }
        }
        return lowest;
    }

    private VoterSet reportedFor(long slot) {
        VoterSet set = VoterSet.EMPTY;
        for (MemberId member : complete) {
            set = memberships.add(slot, set, member);
        }
        return set;
    }

    private VoterSet promisedFor(long slot) {
        VoterSet set = reportedFor(slot);
        for (UnknownAt each : unknown) {
            if (each.slots().contains(slot)) {
                set = set.without(memberships.add(slot, VoterSet.EMPTY, each.member()));
            }
        }
        return set;
    }

    /** Everything up to here is known chosen by somebody, or in somebody's snapshot: to be fetched, never free. */
    long prefix() {
        return prefix;
    }

    /** Highest slot above the prefix that anybody reported, or the prefix. */
    long highestReported() {
        long highest = Math.max(prefix, from - 1);
        if (!highestVotes.isEmpty()) {
            highest = Math.max(highest, highestVotes.lastKey());
        }
        if (!chosen.isEmpty()) {
            highest = Math.max(highest, chosen.lastKey());
        }
        return highest;
    }

    /** The values reported as chosen, by slot. */
    SortedMap<Long, Proposal> chosen() {
        return chosen;
    }

    /** The highest-ballot vote reported for each slot that has any. */
    SortedMap<Long, Proposal> highestVotes() {
        return highestVotes;
    }
}
