// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.Founding;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.model.VoterSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks on from outside, whatever the expected output says:
 *
 * <ul>
 *   <li><b>chosen once</b>: the value of a slot for which a phase-2 quorum has durable votes at one ballot never differs
 *       from that of another such ballot, and every later proposal for the slot repeats it (Paxos Made Simple, P2b);
 *   <li><b>agreement</b>: what a member hands out for a slot is the chosen value;
 *   <li><b>no message outruns the disk</b>: what a message reveals of promises, votes and foundings would survive a crash
 *       of its sender at the moment it leaves.
 * </ul>
 */
final class Observer {

    private static final class Votes {
        final Value value;
        VoterSet voters = VoterSet.EMPTY;

        Votes(Value value) {
            this.value = value;
        }
    }

    private final TreeMap<Long, TreeMap<Ballot, Votes>> votes = new TreeMap<>();
    private final TreeMap<Long, Proposal> chosen = new TreeMap<>();
    private @Nullable Founding activated;

    /** The one activated founding. */
    private Founding founding() {
        Founding founding = activated;
        if (founding == null) {
            throw new Violation("no founding was activated yet");
        }
        return founding;
    }

    void forced(MemberId member, Recollection durable, DurableRecord each) {
        if (each instanceof DurableRecord.FoundingActivated) {
            Founding theirs = durable.founding();
            require(theirs != null, member + " activated a founding it did not adopt");
            require(activated == null || activated.equals(theirs), "two foundings are active: " + theirs);
            activated = theirs;
        } else if (each instanceof DurableRecord.Accepted accepted) {
            require(durable.isActivated(), member + " votes before the founding is active");
            count(member, accepted.proposal());
        } else if (each instanceof DurableRecord.Promised) {
            require(durable.isActivated(), member + " promises before the founding is active");
        }
    }

    private void count(MemberId member, Proposal vote) {
        Votes counted = votes.computeIfAbsent(vote.slot(), unused -> new TreeMap<>())
                .computeIfAbsent(vote.ballot(), unused -> new Votes(vote.value()));
        require(
                counted.value.equals(vote.value()),
                "two values at ballot " + vote.ballot() + " in slot " + vote.slot());
        counted.voters = founding().membership().add(counted.voters, member);
        if (founding().membership().isPhase2Quorum(counted.voters)) {
            Proposal before = chosen.putIfAbsent(vote.slot(), vote);
            require(before == null || before.value().equals(vote.value()), "two values chosen in slot " + vote.slot());
        }
    }

    void handedOut(MemberId member, Proposal proposal) {
        Proposal known = chosen.get(proposal.slot());
        require(known != null, member + " hands out slot " + proposal.slot() + ", which is not chosen");
        require(
                known != null && known.value().equals(proposal.value()),
                member + " hands out another value for slot " + proposal.slot() + " than the chosen one");
    }

    /** A message leaves its sender, whose disk would remember this much after a crash. */
    void leaves(MemberId from, Recollection durable, Message message) {
        if (message instanceof Message.Prepare prepare) {
            requirePromised(from, durable, prepare.ballot(), message);
        } else if (message instanceof Message.Promise promise) {
            requirePromised(from, durable, promise.ballot(), message);
            requireWholeReport(from, durable, promise);
        } else if (message instanceof Message.Accept accept) {
            requirePromised(from, durable, accept.proposal().ballot(), message);
            Proposal known = chosen.get(accept.proposal().slot());
            require(
                    known == null
                            || known.ballot().isAbove(accept.proposal().ballot())
                            || known.value().equals(accept.proposal().value()),
                    from + " proposes another value than the chosen one: " + message);
        } else if (message instanceof Message.Accepted accepted) {
            requirePromised(from, durable, accepted.promised(), message);
            for (long slot = accepted.slots().first(); slot <= accepted.slots().last(); slot++) {
                Proposal vote = durable.votes().get(slot);
                require(
                        vote != null && !accepted.ballot().isAbove(vote.ballot()),
                        from + " reveals a vote that is not durable: " + message);
            }
        } else if (message instanceof Message.Rejected rejected) {
            requirePromised(from, durable, rejected.promised(), message);
        } else if (message instanceof Message.HeartbeatAck ack) {
            requirePromised(from, durable, ack.promised(), message);
        } else if (message instanceof Message.CanvassReply reply) {
            requirePromised(from, durable, reply.promised(), message);
        } else if (message instanceof Message.FoundingOffer
                || message instanceof Message.FoundingAdopted
                || message instanceof Message.FoundingActivation) {
            require(durable.founding() != null, from + " reveals an adoption that is not durable: " + message);
        }
        if (message instanceof Message.FoundingActivation) {
            require(durable.isActivated(), from + " reveals an activation that is not durable");
        }
    }

    private static void requirePromised(MemberId from, Recollection durable, Ballot ballot, Message message) {
        require(!ballot.isAbove(durable.promised()), from + " reveals a promise that is not durable: " + message);
    }

    /** What a promise reports is durable, and no older durable vote of its interval is left out. */
    private static void requireWholeReport(MemberId from, Recollection durable, Message.Promise promise) {
        for (Proposal vote : promise.votes()) {
            Proposal remembered = durable.votes().get(vote.slot());
            require(
                    remembered != null && !vote.ballot().isAbove(remembered.ballot()),
                    from + " reports a vote that is not durable: " + vote);
        }
        SlotRange covered = promise.covered();
        for (Proposal remembered : durable.votes().values()) {
            long slot = remembered.slot();
            boolean owed = covered.contains(slot)
                    && slot > promise.knownChosen()
                    && promise.ballot().isAbove(remembered.ballot());
            boolean reported = promise.votes().contains(remembered)
                    || promise.chosen().stream().anyMatch(each -> each.slot() == slot);
            require(!owed || reported, from + " promises without reporting its vote " + remembered);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Violation(otherwise);
        }
    }
}
