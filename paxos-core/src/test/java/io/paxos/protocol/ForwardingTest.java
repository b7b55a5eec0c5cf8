// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.D;
import static io.paxos.protocol.Given.STRANGER;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Stepper.acceptsTo;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message.CanvassReply;
import io.paxos.message.Message.Forward;
import io.paxos.message.Message.ForwardRefused;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.RefusalReason;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Commands on their way to a leader. Catches: a second relay hop, a forward sent back where it came from, a refusal that
 * never reaches the session it is for, commands taken although they do not all fit.
 */
class ForwardingTest {

    private static final Ballot LEADER = ballot(5, B);

    private static Command of(MemberId owner, long sequence) {
        return new Command(Command.Kind.COMMAND, SessionId.ofNode(owner), 1, sequence, 0, new byte[] {1});
    }

    /** Four members; A hears that leader itself. */
    private static Stepper following() {
        Stepper a = Stepper.of(memory(A, members(4)).known(3, 0));
        a.at(0);
        a.hear(B, new Heartbeat(LEADER, 1, true, 0));
        return a;
    }

    @Test
    void commandsGoToTheLeaderThatIsHeard() {
        wanted().now(B, new Forward(1, List.of(of(A, 1), of(A, 2))))
                .of(following().submit(of(A, 1), of(A, 2)));
    }

    @Test
    void withoutALeaderCommandsAreRefused() {
        Stepper a = Stepper.of(memory(A, members(4)));
        wanted().notice(new Notice.CommandsRefused(SessionId.ofNode(A), 7, RefusalReason.NO_LEADER))
                .of(a.submit(of(A, 7), of(A, 8)));
        a.stand(B, C);
        wanted().notice(new Notice.CommandsRefused(SessionId.ofNode(A), 7, RefusalReason.NO_LEADER))
                .of(a.submit(of(A, 7)));
    }

    /** C sees A, B sees A, B and C do not see each other: C's commands go through A. */
    @Test
    void aLeaderKnownThroughARefusedCanvassIsReachedOverThatMember() {
        Stepper c = Stepper.of(memory(C, members(4)));
        long nonce = c.canvass().nonce();
        c.hear(A, new CanvassReply(nonce, false, LEADER, LEADER, 0));
        wanted().now(A, new Forward(1, List.of(of(C, 1)))).of(c.submit(of(C, 1)));
        // who itself hears the leader through another is no relay
        wanted().now(D, new ForwardRefused(RefusalReason.NO_LEADER, 4, D, Ballot.NONE, 0))
                .of(c.hear(D, new Forward(1, List.of(of(D, 4)))));
    }

    @Test
    void aRelayPassesOnOnceAndNoFurther() {
        Stepper a = following();
        wanted().now(B, new Forward(0, List.of(of(C, 4)))).of(a.hear(C, new Forward(1, List.of(of(C, 4)))));
        wanted().now(D, new ForwardRefused(RefusalReason.NO_LEADER, 4, C, LEADER, 3))
                .of(a.hear(D, new Forward(0, List.of(of(C, 4)))));
    }

    @Test
    void nothingIsRelayedBackToTheLeaderItCameFrom() {
        wanted().now(B, new ForwardRefused(RefusalReason.NO_LEADER, 4, B, LEADER, 3))
                .of(following().hear(B, new Forward(1, List.of(of(B, 4)))));
    }

    @Test
    void withoutALeaderAForwardIsRefused() {
        Stepper a = Stepper.of(memory(A, members(4)));
        wanted().now(C, new ForwardRefused(RefusalReason.NO_LEADER, 4, C, Ballot.NONE, 0))
                .of(a.hear(C, new Forward(1, List.of(of(C, 4), of(C, 5)))));
        wanted().of(a.hear(STRANGER, new Forward(1, List.of(of(C, 4)))));
    }

    @Test
    void aLeaderProposesWhatIsForwarded() {
        Stepper a = Stepper.of(memory(A, members(3)));
        Ballot mine = a.lead(B);
        Effects taken = a.hear(C, new Forward(0, List.of(of(C, 4), of(C, 5))));
        assertEquals(
                List.of(new Proposal(2, mine, new Batch(0, 0, 0, List.of(of(C, 4), of(C, 5))).encode())),
                acceptsTo(B, taken));
    }

    @Test
    void aLeaderThatIsFullRefusesTheWholeForward() {
        Stepper a = Stepper.of(memory(A, members(3)), new Limits(1, 1_024, 4, 1_024, 1_024, 4, 4));
        Ballot mine = a.lead(B);
        Command big = new Command(Command.Kind.COMMAND, SessionId.ofNode(C), 1, 9, 0, new byte[900]);
        wanted().of(a.hear(C, new Forward(0, List.of(big))));
        wanted().now(C, new ForwardRefused(RefusalReason.OVERLOADED, 10, C, mine, 0))
                .of(a.hear(C, new Forward(0, List.of(of(C, 10), of(C, 11), of(C, 12), big))));
        assertEquals(big.encodedLength(), a.replica.status().pendingBytes());
    }

    @Test
    void aRefusalIsForTheOwnSessionOrIsRelayedToItsOrigin() {
        Stepper a = following();
        ForwardRefused own = new ForwardRefused(RefusalReason.OVERLOADED, 4, A, LEADER, 0);
        wanted().notice(new Notice.CommandsRefused(SessionId.ofNode(A), 4, RefusalReason.OVERLOADED))
                .of(a.hear(B, own));
        ForwardRefused others = new ForwardRefused(RefusalReason.OVERLOADED, 4, C, LEADER, 0);
        wanted().now(C, others).of(a.hear(B, others));
        wanted().of(a.hear(C, others));
        wanted().of(a.hear(B, new ForwardRefused(RefusalReason.OVERLOADED, 4, STRANGER, LEADER, 0)));
    }
}
