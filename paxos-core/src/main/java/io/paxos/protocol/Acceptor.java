// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.message.Message.Rejected;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import java.util.ArrayList;
import java.util.List;

/**
 * The acceptor of Paxos Made Simple (section 2.2), for all slots at once: one durable promise, and per slot the last
 * vote.
 *
 * <pre>
 *   promised b ──Prepare(b' > b)──▶ promised b'       answers a page of promises
 *              ──Prepare(b), same attempt──▶ same      answers the page asked for (retransmission, next page)
 *              ──Prepare(b' < b), or another attempt at b──▶ same     answers Rejected
 *              ──Accept(b' ≥ b, slot, value)──▶ promised b', voted    answers Accepted
 *              ──Accept(b' < b, …)──▶ same             answers Rejected
 * </pre>
 *
 * <p>Every answer reveals a promise or a vote and therefore waits for the writes of this and all earlier steps. While there
 * is no room to write ({@link Fitness}) it is silent, as if it were down.
 */
final class Acceptor {

    /**
     * No attempt goes this many rounds above what anybody promised. A ballot that does is poison: promised, it would bring
     * every later one nearer to the last round there is (hazard P9).
     */
    static final long ROUND_JUMP_MAX = 1L << 40;

    private final MemberId self;
    private final Limits limits;
    private final OpenVotes votes;
    private final Learner learner;
    private final FollowedLeader followed;
    private final Fitness fitness;
    private final Holes holes;
    private final List<SlotRange> unknown;
    private Ballot promised;
    private long attempt;

    Acceptor(
            DurableState remembered,
            Limits limits,
            OpenVotes votes,
            Learner learner,
            FollowedLeader followed,
            Fitness fitness,
            Holes holes) {
        this.self = remembered.self();
        this.limits = limits;
        this.votes = votes;
        this.learner = learner;
        this.followed = followed;
        this.fitness = fitness;
        this.holes = holes;
        this.promised = remembered.promised();
        this.attempt = remembered.attempt();
        this.unknown = new ArrayList<>(remembered.unknown());
    }

    Ballot promised() {
        return promised;
    }

    /** Phase 1. Returns whether the promise was raised. */
    boolean onPrepare(MemberId from, Prepare prepare, Outbox out) {
        Ballot ballot = prepare.ballot();
        if (!ballot.owner().equals(from)) {
            return false; // nobody prepares another member's ballot
        }
        if (!fitness.mayVote()) {
            return false; // there is no room to write a promise down, and what is not written is not said
        }
        boolean raises = ballot.isAbove(promised) && !isPoison(ballot);
        boolean sameAttempt = ballot.equals(promised) && (attempt == 0 || attempt == prepare.attempt());
        if (!raises && !sameAttempt) {
            reject(from, ballot, prepare.attempt(), prepare.from(), out);
            return false;
        }
        if (raises || attempt == 0) {
            promised = ballot;
            attempt = prepare.attempt();
            out.write(new DurableRecord.Promised(promised, attempt));
        }
        out.sendAfterWrites(from.node(), page(prepare));
        return raises;
    }

    /**
     * One bounded page of the report. Votes at or below the known-chosen prefix are left out: the page states the
     * prefix, and the proposer fetches what it covers. What cannot be fetched here is not claimed: from the first
     * {@linkplain Holes hole} on, the slots are reported as unknown instead.
     */
    private Promise page(Prepare prepare) {
        List<Proposal> reportedVotes = new ArrayList<>();
        List<Proposal> reportedChosen = new ArrayList<>();
        long last = Slots.MAX;
        long bytes = 0;
        long slot = nextReported(Math.max(prepare.from(), learner.knownChosen() + 1));
        long lastReported = 0;
        while (slot != 0) {
            Proposal chosen = learner.knownFrom(slot).get(slot);
            Proposal vote = votes.in(slot);
            Proposal reported = chosen != null ? chosen : vote;
            if (reported == null) {
                throw new InvariantViolation("slot " + slot + " is reported with neither vote nor value");
            }
            int count = reportedVotes.size() + reportedChosen.size();
            bytes += reported.value().length();
            if (count > 0 && (count >= limits.pageSlotsMax() || bytes > limits.pageBytesMax())) {
                last = lastReported;
                break;
            }
            (chosen != null ? reportedChosen : reportedVotes).add(reported);
            lastReported = slot;
            slot = nextReported(slot + 1);
        }
        SlotRange covered = new SlotRange(prepare.from(), last);
        long prefix = holes.prefixFor(prepare.from(), learner.knownChosen());
        return new Promise(
                prepare.ballot(),
                prepare.attempt(),
                covered,
                learner.floor(),
                prefix,
                reportedVotes,
                reportedChosen,
                unknownWithin(covered, prefix));
    }

    /** The first slot from here on that has a vote or a known value, or 0. */
    private long nextReported(long from) {
        var vote = votes.from(from);
        var chosen = learner.knownFrom(from);
        long first = vote.isEmpty() ? Long.MAX_VALUE : vote.firstKey();
        first = chosen.isEmpty() ? first : Math.min(first, chosen.firstKey());
        return first == Long.MAX_VALUE ? 0 : first;
    }

    /** Unknown slots that the page covers. A value known chosen ends a slot's being unknown, wherever it came from. */
    private List<SlotRange> unknownWithin(SlotRange covered, long prefix) {
        learner.knownFrom(1).keySet().forEach(this::known);
        long lowest = Math.max(covered.first(), learner.knownChosen() + 1);
        List<SlotRange> clipped = new ArrayList<>();
        long notVouchedFor = Math.max(covered.first(), prefix + 1);
        if (notVouchedFor < lowest) {
            clipped.add(new SlotRange(notVouchedFor, Math.min(learner.knownChosen(), covered.last())));
        }
        for (SlotRange range : unknown) {
            long first = Math.max(range.first(), lowest);
            long last = Math.min(range.last(), covered.last());
            if (first <= last) {
                clipped.add(new SlotRange(first, last));
            }
        }
        return clipped;
    }

    /** Phase 2. */
    void onAccept(MemberId from, Accept accept, Outbox out) {
        Proposal proposal = accept.proposal();
        Ballot ballot = proposal.ballot();
        if (!ballot.owner().equals(from)) {
            return; // nobody proposes at another member's ballot
        }
        if (!fitness.mayVote()) {
            return; // no room for a vote
        }
        if (promised.isAbove(ballot) || isPoison(ballot)) {
            reject(from, ballot, 0, proposal.slot(), out);
            return;
        }
        Proposal vote = votes.in(proposal.slot());
        if (vote != null && vote.ballot().equals(ballot)) {
            InvariantViolation.require(
                    vote.value().equals(proposal.value()), "two values at one ballot", vote, proposal);
        } else if (learner.knows(proposal.slot())) {
            // Voting would be wrong: if the slot was chosen at a ballot above this one, the value may differ.
            reject(from, ballot, 0, proposal.slot(), out);
            return;
        } else if (vote == null && isFull() && proposal.slot() > learner.knownChosen() + 1) {
            return; // the leader repeats it when the prefix has moved on; the slot that moves it always finds room
        } else {
            vote(proposal, out);
        }
        SlotRange slot = new SlotRange(proposal.slot(), proposal.slot());
        out.sendAfterWrites(from.node(), new Accepted(ballot, slot, promised, learner.knownChosen()));
    }

    /** Whether it voted for that at its ballot; the vote may not be durable yet. */
    boolean hasVoted(Proposal proposal) {
        Proposal vote = votes.in(proposal.slot());
        return vote != null && vote.ballot().equals(proposal.ballot());
    }

    /** Whether it remembers a vote in that slot, at that ballot or above, or says that it does not know. */
    boolean answersFor(long slot, Ballot ballot) {
        Proposal vote = votes.in(slot);
        return (vote != null && !ballot.isAbove(vote.ballot()))
                || unknown.stream().anyMatch(range -> range.contains(slot));
    }

    private boolean isFull() {
        return votes.count() >= limits.openVotesMax() || votes.bytes() >= limits.openVotesBytesMax();
    }

    private boolean isPoison(Ballot ballot) {
        return ballot.round() - promised.round() > ROUND_JUMP_MAX;
    }

    private void vote(Proposal proposal, Outbox out) {
        InvariantViolation.require(
                !promised.isAbove(proposal.ballot()), "a vote below the promise", promised, proposal);
        if (proposal.ballot().isAbove(promised)) {
            promised = proposal.ballot();
            attempt = 0;
        }
        votes.put(proposal);
        known(proposal.slot());
        out.write(new DurableRecord.Accepted(proposal));
    }

    /** A fresh vote, or the chosen value, ends a slot's being unknown. */
    private void known(long slot) {
        for (int i = 0; i < unknown.size(); i++) {
            SlotRange range = unknown.get(i);
            if (range.contains(slot)) {
                unknown.remove(i);
                if (slot < range.last()) {
                    unknown.add(i, new SlotRange(slot + 1, range.last()));
                }
                if (range.first() < slot) {
                    unknown.add(i, new SlotRange(range.first(), slot - 1));
                }
                return;
            }
        }
    }

    private void reject(MemberId from, Ballot ballot, long attempt, long slot, Outbox out) {
        out.sendAfterWrites(
                from.node(),
                new Rejected(
                        ballot, attempt, slot, promised, followed.liveBallot(out.nowMillis()), learner.knownChosen()));
    }

    MemberId self() {
        return self;
    }
}
