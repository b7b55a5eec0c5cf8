// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.D;
import static io.paxos.protocol.Given.E;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.command;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.noOp;
import static io.paxos.protocol.Given.proposal;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Given.slots;
import static io.paxos.protocol.Stepper.acceptsTo;
import static io.paxos.protocol.Stepper.messageIn;
import static io.paxos.protocol.Stepper.messagesIn;
import static io.paxos.protocol.Stepper.nothing;
import static io.paxos.protocol.Stepper.prepareIn;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Rejected;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.protocol.ReplicaStatus.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a leader that is refused, or whose own acceptor promises another. Catches, among others: a refusal by
 * somebody without a live leader taken for the end.
 */
class RefusedLeaderTest {

    private final Stepper a = Stepper.of(memory(A, members(3)));

    @Test
    void aRefusalOfAnotherAttemptDoesNotEndThisOne() {
        Prepare prepare = prepareIn(a.stand(B));
        a.hear(C, new Rejected(prepare.ballot(), prepare.attempt() + 1, 1, ballot(9, C), Ballot.NONE, 0));
        a.hear(C, new Rejected(ballot(1, B), prepare.attempt(), 1, ballot(9, C), Ballot.NONE, 0));
        assertEquals(Role.PREPARING, a.replica.status().role());
        a.hear(C, new Rejected(prepare.ballot(), prepare.attempt(), 1, ballot(9, C), Ballot.NONE, 0));
        assertEquals(Role.FOLLOWER, a.replica.status().role());
    }

    @Test
    void aLeaderWhoseAcceptorPromisesAnotherStopsInTheSameStep() {
        Ballot mine = a.lead(B);
        a.submit(command(1, "x"));
        Effects promised = a.hear(C, new Prepare(ballot(2, C), 77, 1));
        assertEquals(List.of(), promised.sendNow());
        assertEquals(List.of(new Notice.LeaderChanged(Ballot.NONE, false)), promised.notices());
        assertEquals(Role.FOLLOWER, a.replica.status().role());

        wanted().of(a.votes(B, mine, slots(1, 2)));
        wanted().of(a.votes(C, mine, slots(1, 2)));
    }

    /** B promised 9.C to a candidate that vanished, and follows A: A must come back above it by itself. */
    @Test
    void aLeaderStandsAgainAboveAStrandedPromiseWithoutACanvass() {
        Ballot mine = a.lead(B);
        wanted().of(a.hear(B, new HeartbeatAck(mine, 1, ballot(9, C), mine, 0, true)));

        Effects again = a.later(50);
        Prepare prepare = prepareIn(again);
        assertEquals(new Prepare(ballot(10, A), prepare.attempt(), 1), prepare);
        assertEquals(List.of(), again.sendNow());
        assertEquals(List.of(new Notice.LeaderChanged(Ballot.NONE, false)), again.notices());
    }

    @Test
    void aRefusedAcceptBringsALeaderBackJustAsWell() {
        Ballot mine = a.lead(B);
        wanted().of(a.hear(B, new Rejected(mine, 0, 1, ballot(9, C), Ballot.NONE, 0)));
        assertEquals(ballot(10, A), prepareIn(a.later(50)).ballot());
    }

    /** Its window is full of slots that nobody will choose, and commands wait behind it: they wait on. */
    @Test
    void commandsThatWaitForPlacesWaitWhileTheLeaderStandsAgain() {
        Stepper leader =
                Stepper.of(memory(A, members(3)), new Limits(1, 1 << 20, 4_096, 32L << 20, 2 << 20, 1_024, 8_192));
        Ballot mine = leader.lead(B);
        wanted().of(leader.submit(command(1, "waits")));
        leader.hear(B, new HeartbeatAck(mine, 1, ballot(9, C), mine, 0, true));

        Effects again = leader.later(50);
        assertEquals(ballot(10, A), prepareIn(again).ballot());
        assertEquals(List.of(new Notice.LeaderChanged(Ballot.NONE, false)), again.notices());
        assertEquals(
                command(1, "waits").encodedLength(), leader.replica.status().pendingBytes());

        Ballot anew = prepareIn(again).ballot();
        leader.force();
        leader.hear(B, nothing(prepareIn(again)));
        List<Proposal> proposed = new ArrayList<>();
        for (long open = 1; open <= 3; open++) {
            leader.force();
            proposed.addAll(acceptsTo(C, leader.votes(B, anew, slot(open))));
        }
        assertEquals(List.of(new Proposal(2, anew, noOp(0)), proposal(3, anew, "waits")), unstamped(proposed));
    }

    /**
     * The accepts of slot 2 are lost and A's own vote is not forced yet when A stands again; B, C and D promise, so slot 2
     * is free for a no-op. Were the command still held to have its place, its session would ask for it in vain.
     */
    @Test
    void aCommandWhoseSlotWasLostWhileTheLeaderStoodAgainIsTakenAgain() {
        Stepper leader = Stepper.of(memory(A, members(5)));
        Ballot mine = leader.lead(B, C);
        leader.submit(command(1, "lost"));
        leader.hear(B, new HeartbeatAck(mine, 1, ballot(9, C), mine, 0, true));
        Prepare prepare = prepareIn(leader.later(50));
        for (MemberId each : List.of(B, C, D)) {
            leader.hear(each, nothing(prepare));
        }
        List<Proposal> proposed = acceptsTo(E, leader.submit(command(1, "lost")));
        assertEquals(List.of(proposal(2, prepare.ballot(), "lost")), unstamped(proposed));
    }

    private static List<Proposal> unstamped(List<Proposal> proposals) {
        return proposals.stream()
                .map(each -> new Proposal(
                        each.slot(),
                        each.ballot(),
                        new Batch(0, 0, 0, Batch.decode(each.value()).commands()).encode()))
                .toList();
    }

    @Test
    void aLeaderResignsForALiveLeaderAboveIt() {
        Ballot mine = a.lead(B);
        wanted().notice(new Notice.LeaderChanged(Ballot.NONE, false))
                .of(a.hear(B, new HeartbeatAck(mine, 1, ballot(9, C), ballot(9, C), 0, true)));
        assertEquals(Role.FOLLOWER, a.replica.status().role());
        assertEquals(List.of(), messagesIn(a.later(50).sendAfterWrites(), Prepare.class));
    }

    @Test
    void aSlotThatSomebodyKnowsChosenIsFetchedAndTheLeaderStays() {
        Ballot mine = a.lead(B);
        Effects refused = a.hear(B, new Rejected(mine, 0, 1, mine, Ballot.NONE, 1));
        CatchUpRequest request = messageIn(refused.sendNow(), CatchUpRequest.class);
        wanted().now(B, new CatchUpRequest(request.nonce(), slot(1), 0)).of(refused);

        Proposal own = new Proposal(1, mine, noOp(0));
        wanted().chosen(own).of(a.hear(B, new CatchUpPage(request.nonce(), 1, List.of(own), 0, 1)));
        assertEquals(Role.LEADING, a.replica.status().role());
    }

    /** It slept through phase 1: its acknowledgement counts only when it has promised. */
    @Test
    void aMemberBelowTheLeadersBallotIsAskedForItsPromise() {
        Prepare prepare = prepareIn(a.stand(B));
        a.force();
        a.hear(B, nothing(prepare));
        wanted().now(C, new Prepare(prepare.ballot(), prepare.attempt(), 1))
                .of(a.hear(C, new HeartbeatAck(prepare.ballot(), 1, Ballot.NONE, prepare.ballot(), 0, true)));
    }
}
