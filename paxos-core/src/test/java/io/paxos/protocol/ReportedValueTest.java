// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message;
import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.CanvassReply;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import io.paxos.model.Value;
import io.paxos.protocol.Effects.Envelope;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A value reported as chosen in phase 1 is never replaced, not even where the new leader has no room to remember it as
 * chosen. Story: B reports slots 3 and 5 as chosen; A can keep one value above its prefix, drops that of slot 5, takes
 * the slot for a hole, and proposes a no-op over a chosen value.
 */
final class ReportedValueTest {

    private static final MemberId A = new MemberId(new NodeId(1), new Incarnation(0xA));
    private static final MemberId B = new MemberId(new NodeId(2), new Incarnation(0xB));
    private static final MemberId C = new MemberId(new NodeId(3), new Incarnation(0xC));
    private static final Ballot OLD = new Ballot(1, C);
    private static final Limits ONE_OF_EACH = new Limits(1, 1_024, 1, 1_024, 4_096, 64, 1);

    @Test
    void chosenValueThatCannotBeRememberedIsProposedAgain() {
        QuorumSystem majority = new QuorumSystem.Majority();
        FoundingPlan plan = new FoundingPlan(List.of(A.node(), B.node(), C.node()), majority, 64);
        Founding founding =
                new Founding(new FoundingId(1, 1), new Membership(1, List.of(A, B, C), List.of(), majority, 64));
        DurableState remembered =
                new DurableState(A, 2, founding, true, Ballot.NONE, 0, 0, 0, 0, List.of(), List.of(), List.of());
        Replica a = new Replica(remembered, plan, FoundingId.NONE, Timing.DEFAULT, ONE_OF_EACH, 1);
        Value third = Batch.noOp(33).encode();
        Value fifth = Batch.noOp(55).encode();

        Map<Long, Value> proposed = new TreeMap<>();
        ArrayDeque<Envelope> inbox = new ArrayDeque<>();
        a.step(new Event.TimeIsNow(0));
        take(a.step(new Event.TimeIsNow(1_000)), inbox, proposed);
        while (!inbox.isEmpty()) {
            Envelope next = inbox.remove();
            if (next.to().equals(A.node())) {
                take(a.step(new Event.MessageArrived(A, next.message())), inbox, proposed);
            } else if (next.to().equals(B.node())) {
                Message answer = answerOfB(next.message(), third, fifth);
                if (answer != null) {
                    take(a.step(new Event.MessageArrived(B, answer)), inbox, proposed);
                }
            }
        }

        assertEquals(fifth, proposed.get(5L), "what A proposed in slot 5");
        assertEquals(List.of(1L, 2L, 4L, 5L, 6L), List.copyOf(proposed.keySet()));
    }

    private static @Nullable Message answerOfB(Message message, Value third, Value fifth) {
        if (message instanceof Canvass canvass) {
            return new CanvassReply(canvass.nonce(), true, OLD, Ballot.NONE, 0);
        }
        if (message instanceof Prepare prepare) {
            List<Proposal> chosen = List.of(new Proposal(3, OLD, third), new Proposal(5, OLD, fifth));
            SlotRange all = new SlotRange(prepare.from(), Slots.MAX);
            return new Promise(prepare.ballot(), prepare.attempt(), all, 0, 0, List.of(), chosen, List.of());
        }
        if (message instanceof Accept accept) {
            Proposal proposal = accept.proposal();
            SlotRange slot = new SlotRange(proposal.slot(), proposal.slot());
            return new Accepted(proposal.ballot(), slot, proposal.ballot(), 0);
        }
        return null;
    }

    private static void take(Effects effects, ArrayDeque<Envelope> inbox, Map<Long, Value> proposed) {
        inbox.addAll(effects.sendNow());
        inbox.addAll(effects.sendAfterWrites());
        for (Envelope each : effects.sendNow()) {
            if (each.message() instanceof Accept accept) {
                proposed.put(accept.proposal().slot(), accept.proposal().value());
            }
        }
    }
}
