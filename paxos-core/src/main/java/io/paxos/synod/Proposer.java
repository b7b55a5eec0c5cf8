// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.Value;
import io.paxos.model.VoterSet;
import io.paxos.synod.Effects.Envelope;
import io.paxos.synod.SynodMessage.Accept;
import io.paxos.synod.SynodMessage.Prepare;
import io.paxos.synod.SynodMessage.Promise;
import io.paxos.synod.SynodMessage.Rejected;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proposer of Paxos Made Simple, section 2.2: one attempt at a time, each at a ballot that is never used again.
 *
 * <pre>
 *   IDLE ──begin: a round above all seen──▶ PREPARING ──promises of a phase-1 quorum──▶ PROPOSING  the value of the highest
 *    ▲                                         │                                              vote reported, else the wish
 *    │                                         └── no vote reported, and no wish ─────▶ FOUND_EMPTY
 *    └── Rejected at its ballot ── from anywhere; begin works from anywhere, too
 * </pre>
 *
 * @param group who votes, and what a quorum is
 * @param phase where the attempt is
 * @param ballot of the last attempt since the start, or {@link Ballot#NONE}
 * @param highestSeen highest ballot heard of in a refusal
 * @param value while preparing the wish, null for a read; from then on what is proposed
 * @param promised who promised {@code ballot}; empty unless preparing
 * @param highest the highest vote those reported, or null
 */
public record Proposer(
        Membership group,
        Phase phase,
        Ballot ballot,
        Ballot highestSeen,
        @Nullable Value value,
        VoterSet promised,
        @Nullable Vote highest) {

    /** Where an attempt is. */
    public enum Phase {
        /** No attempt, or it was refused. */
        IDLE,
        /** Asking for promises. */
        PREPARING,
        /** Asked for votes; the learner counts them. */
        PROPOSING,
        /** A read that found no vote. */
        FOUND_EMPTY
    }

    static Proposer idle(Membership group) {
        return new Proposer(group, Phase.IDLE, Ballot.NONE, Ballot.NONE, null, VoterSet.EMPTY, null);
    }

    /** Asks everyone but itself. The own promise must be forced first: a proposer that forgot its ballot could reuse it. */
    Step<Proposer> begin(MemberId self, Ballot promisedHere, @Nullable Value wish) {
        Ballot known = Ballot.max(ballot, Ballot.max(highestSeen, promisedHere));
        Ballot next = new Ballot(known.round() + 1, self);
        Effects ask = Effects.afterWrites(toOthers(self, new Prepare(next)));
        return new Step<>(new Proposer(group, Phase.PREPARING, next, highestSeen, wish, VoterSet.EMPTY, null), ask);
    }

    Step<Proposer> onPromise(MemberId self, MemberId from, Promise promise) {
        if (phase != Phase.PREPARING || !promise.ballot().equals(ballot)) {
            return new Step<>(this, Effects.NONE);
        }
        VoterSet promisers = group.add(promised, from);
        Vote vote = higher(highest, promise.vote());
        if (!group.isPhase1Quorum(promisers)) {
            return new Step<>(new Proposer(group, phase, ballot, highestSeen, value, promisers, vote), Effects.NONE);
        }
        Value safe = vote != null ? vote.value() : value;
        if (safe == null) {
            return new Step<>(ended(Phase.FOUND_EMPTY, null), Effects.NONE);
        }
        return new Step<>(ended(Phase.PROPOSING, safe), Effects.now(toOthers(self, new Accept(ballot, safe))));
    }

    Step<Proposer> onRejected(Rejected rejected) {
        Proposer informed = new Proposer(
                group, phase, ballot, Ballot.max(highestSeen, rejected.promised()), value, promised, highest);
        boolean mine = phase != Phase.FOUND_EMPTY && rejected.ballot().equals(ballot);
        return new Step<>(mine ? informed.ended(Phase.IDLE, null) : informed, Effects.NONE);
    }

    private static @Nullable Vote higher(@Nullable Vote a, @Nullable Vote b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return b.ballot().isAbove(a.ballot()) ? b : a;
    }

    /** Phase 1 is over: its tally has done its work. */
    private Proposer ended(Phase next, @Nullable Value proposed) {
        return new Proposer(group, next, ballot, highestSeen, proposed, VoterSet.EMPTY, null);
    }

    private List<Envelope> toOthers(MemberId self, SynodMessage message) {
        List<Envelope> envelopes = new ArrayList<>();
        for (MemberId voter : group.voters()) {
            if (!voter.equals(self)) {
                envelopes.add(new Envelope(voter, message));
            }
        }
        return envelopes;
    }
}
