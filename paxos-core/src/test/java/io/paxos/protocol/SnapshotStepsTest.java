// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.proposal;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Given.slots;
import static io.paxos.protocol.Stepper.messageIn;
import static io.paxos.protocol.Stepper.messagesIn;
import static io.paxos.protocol.Stepper.prepareIn;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.message.Message.Accept;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.ChosenNotice;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.Proposal;
import io.paxos.model.Slots;
import io.paxos.protocol.Event.SnapshotInstalled;
import io.paxos.protocol.Event.SnapshotTaken;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Floors and installs, as the core sees them. Catches: a floor that goes back or above what is known; a slot at or below a
 * floor proposed in, voted in, or handed out again; what stands above a snapshot taken for more than it is (hazards R1, R2,
 * S22; fault cases 23 and 41).
 */
class SnapshotStepsTest {

    private static final Ballot OLD = ballot(1, B);

    private static Proposal x(long slot) {
        return proposal(slot, OLD, "x" + slot);
    }

    private static Promise promised(Stepper a, Ballot ballot, long from) {
        return messageIn(a.hear(B, new Prepare(ballot, 5, from)).sendAfterWrites(), Promise.class);
    }

    // ---- trimming --------------------------------------------------------------------------------------------

    @Test
    void aFloorIsWrittenSaidInPromisesAndNeverGoesBack() {
        Stepper a = Stepper.of(memory(A, members(3)).known(9, 0));
        wanted().write(new DurableRecord.Trimmed(6)).of(a.step(new SnapshotTaken(6)));
        wanted().of(a.step(new SnapshotTaken(6)));
        wanted().of(a.step(new SnapshotTaken(4)));
        Promise page = promised(a, ballot(2, B), 1);
        assertEquals(6, page.floor());
        assertEquals(9, page.knownChosen());
    }

    @Test
    void aFloorAboveWhatIsKnownIsABug() {
        Stepper a = Stepper.of(memory(A, members(3)).known(9, 0));
        assertThrows(IllegalStateException.class, () -> a.step(new SnapshotTaken(10)));
    }

    @Test
    void whatIsAtOrBelowTheFloorIsNotServed() {
        Stepper a = Stepper.of(memory(A, members(3)).known(9, 0));
        a.step(new SnapshotTaken(6));
        wanted().now(B, new CatchUpPage(7, 6, List.of(), 6, 9)).of(a.hear(B, new CatchUpRequest(7, slots(6, 8), 5)));
        wanted().notice(new Notice.CatchUpRead(B.node(), 7, slots(7, 8)))
                .of(a.hear(B, new CatchUpRequest(7, slots(7, 8), 6)));
    }

    /** What is lost at or below a floor is needed by nobody: a snapshot has it. */
    @Test
    void aHoleBelowTheFloorIsForgottenAndOneThatReachesAboveItIsCut() {
        Stepper a = Stepper.of(memory(A, members(3)).known(9, 0).unknown(slots(2, 3), slots(5, 8)));
        a.step(new SnapshotTaken(6));
        a.hear(B, new HeartbeatAck(ballot(1, A), 1, OLD, Ballot.NONE, 9, true));
        Effects asks = a.at(Timing.DEFAULT.heartbeatMillis());
        assertEquals(
                slots(7, 8), messageIn(asks.sendNow(), CatchUpRequest.class).slots());
    }

    // ---- falling behind --------------------------------------------------------------------------------------

    private static Effects answered(Stepper a, long floor) {
        Effects asked = a.hear(B, new ChosenNotice(OLD, slot(1), 20));
        long nonce = messageIn(asked.sendNow(), CatchUpRequest.class).nonce();
        return a.hear(B, new CatchUpPage(nonce, 1, List.of(), floor, 20));
    }

    @Test
    void aPageFromAboveItsFloorSaysThatASnapshotIsNeeded() {
        Stepper a = Stepper.of(memory(A, members(3)));
        assertEquals(
                List.of(new Notice.SnapshotNeeded(B.node(), 12)),
                answered(a, 12).notices());
        assertEquals(List.of(), answered(Stepper.of(memory(A, members(3))), 0).notices());
    }

    /** The hole is at or below the floor of whoever is asked: its log has the value no more. */
    @Test
    void aHoleBelowAnothersFloorNeedsASnapshotToo() {
        Stepper a = Stepper.of(memory(A, members(3)).known(9, 0).unknown(slot(3)));
        Effects asks = a.hear(B, new HeartbeatAck(ballot(1, A), 1, OLD, Ballot.NONE, 9, true));
        long nonce = messageIn(asks.sendNow(), CatchUpRequest.class).nonce();
        wanted().notice(new Notice.SnapshotNeeded(B.node(), 5))
                .of(a.hear(B, new CatchUpPage(nonce, 3, List.of(), 5, 9)));
    }

    // ---- installing ------------------------------------------------------------------------------------------

    @Test
    void anInstallMovesThePrefixAndTheFloorInOneStep() {
        Stepper a = Stepper.of(memory(A, members(3)));
        wanted().write(new DurableRecord.Trimmed(12), new DurableRecord.KnownChosen(12))
                .of(a.step(new SnapshotInstalled(12, 777)));
        assertEquals(12, a.replica.status().knownChosen());
        assertEquals(12, promised(a, ballot(2, B), 1).floor());
    }

    /** Slots 11 to 14 have votes, 13 and 15 are known chosen; a snapshot of 12 comes. */
    @Test
    void whatStandsAboveTheSnapshotStaysWhatItWas() {
        Stepper a = Stepper.of(
                memory(A, members(3)).known(3, 0).votes(x(11), x(12), x(14)).chosen(x(13), x(15)));
        Effects installed = a.step(new SnapshotInstalled(12, 777));
        wanted().write(new DurableRecord.Trimmed(12), new DurableRecord.KnownChosen(13))
                .chosen(x(13))
                .of(installed);
        Promise page = promised(a, ballot(2, B), 1);
        assertEquals(List.of(x(14)), page.votes());
        assertEquals(List.of(x(15)), page.chosen());
        assertEquals(13, page.knownChosen());
    }

    @Test
    void nothingAtOrBelowTheSnapshotIsVotedForLearntOrHandedOutAgain() {
        Stepper a = Stepper.of(memory(A, members(3)));
        a.step(new SnapshotInstalled(12, 777));
        Ballot ballot = ballot(2, B);
        Effects refused = a.hear(B, new Accept(proposal(12, ballot, "y")));
        assertEquals(List.of(), refused.writes());
        wanted().of(a.hear(B, new ChosenNotice(OLD, slots(3, 12), 12)));
        Effects next = a.hear(B, new Accept(proposal(13, ballot, "y")));
        assertEquals(List.of(new DurableRecord.Accepted(proposal(13, ballot, "y"))), next.writes());
        wanted().chosen(proposal(13, ballot, "y")).of(a.hear(B, new ChosenNotice(ballot, slot(13), 13)));
    }

    /** The state was behind, and the log was not: a member that lost its snapshots. */
    @Test
    void aSnapshotBelowTheKnownPrefixMovesTheFloorAlone() {
        Stepper a = Stepper.of(memory(A, members(3)).known(20, 0));
        wanted().write(new DurableRecord.Trimmed(12)).of(a.step(new SnapshotInstalled(12, 777)));
        assertEquals(20, a.replica.status().knownChosen());
    }

    // ---- a candidate below another's floor -------------------------------------------------------------------

    /** B and C trimmed up to 8, and C voted in 10. A knows nothing: it leads, and proposes from 9 on, once it has 8. */
    @Test
    void aCandidateBehindAFloorInstallsFirstAndNeverProposesAtOrBelowIt() {
        Stepper a = Stepper.of(memory(A, members(3)));
        Effects stands = a.stand(B);
        Prepare prepare = prepareIn(stands);
        a.force();
        Effects elected = a.hear(
                B,
                new Promise(
                        prepare.ballot(),
                        prepare.attempt(),
                        slots(1, Slots.MAX),
                        8,
                        8,
                        List.of(x(10)),
                        List.of(),
                        List.of()));
        assertEquals(List.of(), messagesIn(elected.sendNow(), Accept.class));
        assertEquals(ReplicaStatus.Role.RECOVERING, a.replica.status().role());
        long nonce = messageIn(elected.sendNow(), CatchUpRequest.class).nonce();
        Effects floor = a.hear(B, new CatchUpPage(nonce, 1, List.of(), 8, 8));
        assertEquals(List.of(new Notice.SnapshotNeeded(B.node(), 8)), floor.notices());
        assertEquals(List.of(), messagesIn(floor.sendNow(), Accept.class));
        Effects leads = a.step(new SnapshotInstalled(8, 777));
        assertEquals(
                List.of(9L, 10L, 11L),
                messagesIn(leads.sendNow(), Accept.class).stream()
                        .map(accept -> accept.proposal().slot())
                        .distinct()
                        .toList());
        assertEquals(
                x(10).value(),
                messagesIn(leads.sendNow(), Accept.class).stream()
                        .filter(accept -> accept.proposal().slot() == 10)
                        .findFirst()
                        .orElseThrow()
                        .proposal()
                        .value());
    }
}
