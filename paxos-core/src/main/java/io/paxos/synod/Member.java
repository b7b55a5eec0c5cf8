// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.Value;
import io.paxos.synod.Proposer.Phase;
import io.paxos.synod.SynodMessage.Accept;
import io.paxos.synod.SynodMessage.Accepted;
import io.paxos.synod.SynodMessage.Chosen;
import io.paxos.synod.SynodMessage.Prepare;
import io.paxos.synod.SynodMessage.Promise;
import io.paxos.synod.SynodMessage.Rejected;
import org.jspecify.annotations.Nullable;

/**
 * One member in its three roles, as a value. It decides nothing itself: it hands each message to the role it is for, and
 * what its own proposer asks to its own acceptor, whose answer comes back as a message, after the force.
 *
 * @param self who this is
 * @param acceptor promises and votes
 * @param proposer finds the value that may be proposed
 * @param learner counts votes
 */
public record Member(MemberId self, Acceptor acceptor, Proposer proposer, Learner learner) {

    /**
     * A member as it starts, for the first time or after a crash.
     *
     * @param self one of the group's voters
     * @param group who votes, and what a quorum is
     * @param remembered what the disk holds; {@link Memory#BLANK} the first time
     */
    public static Member start(MemberId self, Membership group, Memory remembered) {
        if (!group.isVoter(self)) {
            throw new IllegalArgumentException("member: " + self + " is not one of the voters " + group.voters());
        }
        Vote vote = remembered.vote();
        if (vote != null && vote.ballot().isAbove(remembered.promised())) {
            throw new IllegalArgumentException("memory: the vote's ballot " + vote.ballot()
                    + " is outside the allowed range up to the promise " + remembered.promised());
        }
        return new Member(self, new Acceptor(remembered), Proposer.idle(group), Learner.ignorant(group));
    }

    /**
     * Begins an attempt at a new ballot, whatever became of the last one. Nothing to do if the chosen value is known.
     *
     * @param wish what to propose if phase 1 finds no vote; null to find out only
     */
    public Step<Member> begin(@Nullable Value wish) {
        if (learner.chosen() != null) {
            return new Step<>(this, Effects.NONE);
        }
        Step<Proposer> begun = proposer.begin(self, acceptor.memory().promised(), wish);
        Prepare own = new Prepare(begun.next().ballot());
        Step<Acceptor> promised = acceptor.onPrepare(self, own);
        return new Step<>(
                new Member(self, promised.next(), begun.next(), learner),
                promised.effects().and(begun.effects()));
    }

    /**
     * Takes a message, perhaps late, twice or out of order; from this member itself, too. Nobody but voters is heard.
     *
     * @throws IllegalStateException if two values turn out to be chosen; this member must then stop
     */
    public Step<Member> onMessage(MemberId from, SynodMessage message) {
        if (!proposer.group().isVoter(from)) {
            return new Step<>(this, Effects.NONE);
        }
        if (message instanceof Prepare prepare) {
            return isOwn(prepare.ballot(), from) ? with(acceptor.onPrepare(from, prepare)) : ignore();
        } else if (message instanceof Accept accept) {
            return isOwn(accept.ballot(), from) ? with(acceptor.onAccept(from, accept)) : ignore();
        } else if (message instanceof Promise promise) {
            return withProposer(proposer.onPromise(self, from, promise));
        } else if (message instanceof Rejected rejected) {
            return withProposer(proposer.onRejected(rejected));
        } else if (message instanceof Accepted accepted) {
            return withLearner(learner.onAccepted(self, from, accepted));
        } else if (message instanceof Chosen chosen) {
            return withLearner(learner.onChosen(chosen));
        }
        throw new IllegalStateException("no role for " + message);
    }

    /** Nobody asks at another member's ballot. */
    private static boolean isOwn(Ballot ballot, MemberId from) {
        return ballot.owner().equals(from);
    }

    /** The value now known to be chosen, or null. */
    public @Nullable Value chosen() {
        return learner.chosen();
    }

    private Step<Member> ignore() {
        return new Step<>(this, Effects.NONE);
    }

    private Step<Member> with(Step<Acceptor> step) {
        return new Step<>(new Member(self, step.next(), proposer, learner), step.effects());
    }

    private Step<Member> withLearner(Step<Learner> step) {
        return new Step<>(new Member(self, acceptor, proposer, step.next()), step.effects());
    }

    /** The others are asked to vote at once; the own acceptor is asked in the same step, and its vote waits for the disk. */
    private Step<Member> withProposer(Step<Proposer> step) {
        Proposer next = step.next();
        Value value = next.value();
        boolean begins = proposer.phase() == Phase.PREPARING && next.phase() == Phase.PROPOSING;
        if (!begins || value == null) {
            return new Step<>(new Member(self, acceptor, next, learner), step.effects());
        }
        Step<Acceptor> voted = acceptor.onAccept(self, new Accept(next.ballot(), value));
        return new Step<>(
                new Member(self, voted.next(), next, learner), step.effects().and(voted.effects()));
    }
}
