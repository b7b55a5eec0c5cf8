// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.Value;
import io.paxos.model.VoterSet;
import io.paxos.synod.Effects.Envelope;
import io.paxos.synod.SynodMessage.Accepted;
import io.paxos.synod.SynodMessage.Chosen;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The learner of Paxos Made Simple, section 2.3. A value is chosen when a phase-2 quorum voted for it at <em>one</em>
 * ballot; nobody needs to know. The learner counts for one ballot at a time, the highest it heard of.
 *
 * @param group who votes, and what a quorum is
 * @param ballot whose votes are counted, or {@link Ballot#NONE}
 * @param votes who voted at it
 * @param chosen the chosen value once it is known; never changes
 */
public record Learner(
        Membership group,
        Ballot ballot,
        VoterSet votes,
        @Nullable Value chosen) {

    static Learner ignorant(Membership group) {
        return new Learner(group, Ballot.NONE, VoterSet.EMPTY, null);
    }

    Step<Learner> onAccepted(MemberId self, MemberId from, Accepted accepted) {
        if (chosen != null || ballot.isAbove(accepted.ballot())) {
            return new Step<>(this, Effects.NONE);
        }
        VoterSet counted = ballot.equals(accepted.ballot()) ? votes : VoterSet.EMPTY;
        VoterSet voters = group.add(counted, from);
        if (!group.isPhase2Quorum(voters)) {
            return new Step<>(new Learner(group, accepted.ballot(), voters, null), Effects.NONE);
        }
        Step<Learner> learnt = learn(accepted.value());
        return new Step<>(learnt.next(), Effects.now(toOthers(self, new Chosen(accepted.ballot(), accepted.value()))));
    }

    Step<Learner> onChosen(Chosen notice) {
        return learn(notice.value());
    }

    private Step<Learner> learn(Value value) {
        if (chosen != null && !chosen.equals(value)) {
            throw new IllegalStateException("two values are chosen: " + chosen + " and " + value);
        }
        return new Step<>(new Learner(group, Ballot.NONE, VoterSet.EMPTY, value), Effects.NONE);
    }

    private List<Envelope> toOthers(MemberId self, SynodMessage message) {
        List<Envelope> envelopes = new ArrayList<>();
        for (MemberId member : group.voters()) {
            if (!member.equals(self)) {
                envelopes.add(new Envelope(member, message));
            }
        }
        return envelopes;
    }
}
