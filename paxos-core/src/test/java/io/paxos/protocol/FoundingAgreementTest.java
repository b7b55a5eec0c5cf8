// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.FOUNDING;
import static io.paxos.protocol.Given.MAJORITY;
import static io.paxos.protocol.Given.STRANGER;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.fresh;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.FoundingActivation;
import io.paxos.message.Message.FoundingAdopted;
import io.paxos.message.Message.FoundingGreeting;
import io.paxos.message.Message.FoundingOffer;
import io.paxos.message.Message.FoundingRefusal;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.RefusalReason;
import io.paxos.model.DurableRecord;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import io.paxos.protocol.ReplicaStatus.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Each step of a founding, and each way in which it must not go on. Catches: an adoption or activation told before it is
 * forced, a second adoption, activation without one of the members, a wiped member or founder taken for the old one, votes
 * before the activation is durable (hazards S1, S18).
 */
class FoundingAgreementTest {

    private static final Membership THREE = members(3);
    private static final FoundingPlan PLAN = Given.plan(THREE);
    private static final Founding OURS = new Founding(FOUNDING, THREE);
    private static final FoundingId OTHER_ID = new FoundingId(9, 9);
    private static final MemberId NEW_A = new MemberId(A.node(), new Incarnation(0x11));
    private static final MemberId NEW_C = new MemberId(C.node(), new Incarnation(0x33));

    private static Stepper start(Given.Memory memory) {
        return new Stepper(memory.state(), PLAN, Limits.DEFAULT, Stepper.SEED);
    }

    private static FoundingGreeting greeting(FoundingId adopted) {
        return new FoundingGreeting(adopted, PLAN.checksum());
    }

    private static Given.Memory adopted(MemberId self) {
        return fresh(self).after(List.of(new DurableRecord.FoundingAdopted(OURS)));
    }

    private static String stop(Effects effects) {
        assertEquals(1, effects.notices().size(), "one notice: " + effects);
        String reason = ((Notice.MustStop) effects.notices().get(0)).reason();
        wanted().notice(new Notice.MustStop(reason)).of(effects);
        return reason;
    }

    // ---- the founder -----------------------------------------------------------------------------------------

    @Test
    void aFounderGreetsUntilItHasHeardEveryNodeThenMintsAndOffersBehindTheForce() {
        Stepper a = start(fresh(A));
        wanted().afterWrites(B, greeting(FoundingId.NONE))
                .afterWrites(C, greeting(FoundingId.NONE))
                .of(a.at(0));
        wanted().of(a.at(99));
        wanted().afterWrites(B, greeting(FoundingId.NONE))
                .afterWrites(C, greeting(FoundingId.NONE))
                .of(a.at(100));
        wanted().of(a.hear(B, greeting(FoundingId.NONE)));
        assertEquals(List.of(C.node()), a.replica.status().waitingFor());
        wanted().write(new DurableRecord.FoundingAdopted(OURS))
                .afterWrites(B, new FoundingOffer(OURS))
                .afterWrites(C, new FoundingOffer(OURS))
                .afterWrites(A, new FoundingAdopted(FOUNDING))
                .of(a.hear(C, greeting(FoundingId.NONE)));
        assertEquals(Role.FOUNDING, a.replica.status().role());
        assertEquals(FOUNDING, a.replica.status().founding());
    }

    @Test
    void aFounderActivatesOnlyWhenEveryMemberAdoptedItselfIncluded() {
        Stepper a = start(adopted(A));
        wanted().of(a.hear(B, new FoundingAdopted(FOUNDING)));
        wanted().of(a.hear(B, new FoundingAdopted(FOUNDING)));
        wanted().of(a.hear(A, new FoundingAdopted(FOUNDING)));
        assertEquals(List.of(C.node()), a.replica.status().waitingFor());
        wanted().of(a.hear(NEW_C, new FoundingAdopted(FOUNDING)));
        wanted().of(a.hear(C, new FoundingAdopted(OTHER_ID)));
        wanted().of(a.hear(STRANGER, new FoundingAdopted(FOUNDING)));
        wanted().write(new DurableRecord.FoundingActivated(FOUNDING))
                .afterWrites(A, new FoundingActivation(FOUNDING))
                .afterWrites(B, new FoundingActivation(FOUNDING))
                .afterWrites(C, new FoundingActivation(FOUNDING))
                .of(a.hear(C, new FoundingAdopted(FOUNDING)));
        assertEquals(Role.FOUNDING, a.replica.status().role(), "not before the force");
        wanted().notice(new Notice.FoundingActivated(FOUNDING)).of(a.force());
        assertEquals(Role.FOLLOWER, a.replica.status().role());
        wanted().of(a.hear(C, new FoundingAdopted(FOUNDING)));
    }

    @Test
    void aFounderThatCrashedBehindItsAdoptionOffersTheSameFoundingAgain() {
        Stepper a = start(adopted(A));
        wanted().afterWrites(B, greeting(FOUNDING))
                .afterWrites(C, greeting(FOUNDING))
                .afterWrites(B, new FoundingOffer(OURS))
                .afterWrites(C, new FoundingOffer(OURS))
                .afterWrites(A, new FoundingAdopted(FOUNDING))
                .of(a.at(0));
        a.force();
        a.hear(B, new FoundingAdopted(FOUNDING));
        wanted().afterWrites(B, greeting(FOUNDING))
                .afterWrites(C, greeting(FOUNDING))
                .afterWrites(C, new FoundingOffer(OURS))
                .of(a.at(100));
    }

    @Test
    void aSingleNodeFoundsItselfTheSameWay() {
        Membership one = members(1);
        Founding founding = new Founding(FOUNDING, one);
        Stepper a = new Stepper(fresh(A).state(), Given.plan(one), Limits.DEFAULT, Stepper.SEED);
        wanted().write(new DurableRecord.FoundingAdopted(founding))
                .afterWrites(A, new FoundingAdopted(FOUNDING))
                .of(a.at(0));
        wanted().write(new DurableRecord.FoundingActivated(FOUNDING))
                .afterWrites(A, new FoundingActivation(FOUNDING))
                .of(a.hear(A, new FoundingAdopted(FOUNDING)));
        wanted().notice(new Notice.FoundingActivated(FOUNDING)).of(a.hear(A, new FoundingActivation(FOUNDING)));
    }

    // ---- the other members -----------------------------------------------------------------------------------

    @Test
    void aMemberAdoptsWhatTheFounderOffersAndSaysSoBehindTheForce() {
        Stepper b = start(fresh(B));
        wanted().write(new DurableRecord.FoundingAdopted(OURS))
                .afterWrites(A, new FoundingAdopted(FOUNDING))
                .of(b.hear(A, new FoundingOffer(OURS)));
        wanted().afterWrites(A, new FoundingAdopted(FOUNDING)).of(b.hear(A, new FoundingOffer(OURS)));
        assertEquals(Role.FOUNDING, b.replica.status().role());
    }

    @Test
    void aMemberThatHeardAllStillWaitsForTheFounder() {
        Stepper b = start(fresh(B));
        b.hear(A, greeting(FoundingId.NONE));
        wanted().of(b.hear(C, greeting(FoundingId.NONE)));
        assertEquals(List.of(A.node()), b.replica.status().waitingFor());
    }

    @Test
    void offersOfOthersThanTheFounderAreNotAdopted() {
        Stepper b = start(fresh(B));
        wanted().of(b.hear(C, new FoundingOffer(OURS)));
        wanted().of(b.hear(NEW_A, new FoundingOffer(OURS)));
        assertEquals(FoundingId.NONE, b.replica.status().founding());
    }

    @Test
    void anActivationIsWrittenAndCountsBehindItsForceWhoeverRelaysIt() {
        for (MemberId relay : List.of(A, C)) {
            Stepper b = start(adopted(B));
            wanted().write(new DurableRecord.FoundingActivated(FOUNDING))
                    .afterWrites(B, new FoundingActivation(FOUNDING))
                    .of(b.hear(relay, new FoundingActivation(FOUNDING)));
            wanted().of(b.hear(A, new FoundingActivation(FOUNDING)));
            assertEquals(Role.FOUNDING, b.replica.status().role());
            wanted().notice(new Notice.FoundingActivated(FOUNDING)).of(b.force());
            assertEquals(Role.FOLLOWER, b.replica.status().role());
        }
    }

    @Test
    void anActivationCountsForNobodyWhoDidNotAdopt() {
        Stepper b = start(fresh(B));
        wanted().of(b.hear(A, new FoundingActivation(FOUNDING)));
        Stepper adopted = start(adopted(B));
        wanted().of(adopted.hear(NEW_A, new FoundingActivation(FOUNDING)));
        assertEquals(Role.FOUNDING, adopted.replica.status().role());
    }

    @Test
    void nobodyPromisesVotesOrAnswersBeforeItsActivationIsDurable() {
        Stepper b = start(adopted(B));
        b.hear(A, new FoundingActivation(FOUNDING));
        wanted().of(b.hear(A, new Prepare(ballot(1, A), 7, 1)));
        wanted().of(b.hear(A, new Accept(Given.proposal(1, ballot(1, A), "x"))));
        wanted().of(b.hear(A, new Canvass(7, 0)));
        wanted().notice(new Notice.CommandsRefused(SessionId.ofNode(A), 1, RefusalReason.NO_LEADER))
                .of(b.submit(Given.command(1, "x")));
        b.force();
        assertEquals(1, b.hear(A, new Prepare(ballot(1, A), 7, 1)).writes().size());
    }

    @Test
    void whoeverRestartsActivatedVotesAtOnce() {
        Stepper b = start(memory(B, THREE));
        assertEquals(Role.FOLLOWER, b.replica.status().role());
        wanted().of(b.at(0));
        assertEquals(1, b.hear(A, new Prepare(ballot(1, A), 7, 1)).writes().size());
    }

    // ---- late comers and strangers ---------------------------------------------------------------------------

    @Test
    void aMemberThatMissedTheActivationIsToldByAnyActivatedOne() {
        Stepper b = start(memory(B, THREE));
        wanted().afterWrites(C, new FoundingActivation(FOUNDING)).of(b.hear(C, greeting(FOUNDING)));
    }

    /** C was wiped and comes back as another incarnation: it counts nowhere, and is told so. */
    @Test
    void aWipedMemberIsRefusedByTheActivated() {
        Stepper b = start(memory(B, THREE));
        wanted().afterWrites(NEW_C, new FoundingRefusal(FOUNDING)).of(b.hear(NEW_C, greeting(FoundingId.NONE)));
        wanted().afterWrites(C, new FoundingRefusal(FOUNDING)).of(b.hear(C, greeting(FoundingId.NONE)));
        wanted().afterWrites(C, new FoundingRefusal(FOUNDING)).of(b.hear(C, greeting(OTHER_ID)));
        wanted().afterWrites(STRANGER, new FoundingRefusal(FOUNDING)).of(b.hear(STRANGER, greeting(FOUNDING)));
        wanted().of(b.hear(NEW_C, new Prepare(ballot(1, NEW_C), 7, 1)));

        Stepper wiped = start(fresh(NEW_C));
        wanted().notice(new Notice.Refused(B, FOUNDING)).of(wiped.hear(B, new FoundingRefusal(FOUNDING)));
        wanted().of(b.hear(C, new FoundingRefusal(OTHER_ID)));
    }

    /** The wiped founder founds anew; whoever is activated refuses, and without all of them it never activates. */
    @Test
    void aWipedFounderFoundsNothing() {
        Founding second =
                new Founding(OTHER_ID, new Membership(1, List.of(NEW_A, B, C), List.of(), MAJORITY, Given.ALPHA));
        Stepper b = start(memory(B, THREE));
        wanted().afterWrites(NEW_A, new FoundingRefusal(FOUNDING)).of(b.hear(NEW_A, new FoundingOffer(second)));
        wanted().afterWrites(NEW_A, new FoundingRefusal(FOUNDING)).of(b.hear(NEW_A, new FoundingActivation(OTHER_ID)));

        Stepper waiting = start(adopted(B));
        assertEquals(
                NEW_A + " speaks of founding " + OTHER_ID + " but this node adopted " + FOUNDING
                        + ": two foundings are in conflict",
                stop(waiting.hear(NEW_A, new FoundingOffer(second))));

        Stepper founder = start(fresh(NEW_A));
        assertEquals(
                B + " adopted founding " + FOUNDING
                        + " but this node is the founder and remembers none: two foundings are in conflict",
                stop(founder.hear(B, greeting(FOUNDING))));
    }

    // ---- what must stop --------------------------------------------------------------------------------------

    @Test
    void aMemberFormattedAnewBeforeTheActivationStopsTheFounding() {
        assertEquals(
                NEW_C + " was formatted anew after founding " + FOUNDING
                        + " was adopted; no vote was cast in it yet: format every founding member anew",
                stop(start(adopted(A)).hear(NEW_C, greeting(FoundingId.NONE))));
        assertEquals(
                "founding " + FOUNDING + " of " + A + " names another incarnation of this node than " + NEW_C
                        + ": this directory was formatted anew after the founder heard of it",
                stop(start(fresh(NEW_C)).hear(A, new FoundingOffer(OURS))));
    }

    @Test
    void membersThatAreConfiguredDifferentlyStop() {
        stop(start(fresh(B)).hear(A, new FoundingGreeting(FoundingId.NONE, PLAN.checksum() + 1)));
        assertEquals(
                STRANGER + " greets as a founding voter but is not among the founding voters [n1, n2, n3]",
                stop(start(fresh(B)).hear(STRANGER, greeting(FoundingId.NONE))));
        Founding otherAlpha = new Founding(FOUNDING, members(3, MAJORITY, 7));
        assertEquals(
                A + " founds with another plan than this node's: " + PLAN,
                stop(start(fresh(B)).hear(A, new FoundingOffer(otherAlpha))));
    }

    @Test
    void twoAdoptedFoundingsAreAConflict() {
        stop(start(adopted(B)).hear(C, greeting(OTHER_ID)));
        stop(start(adopted(B)).hear(A, new FoundingActivation(OTHER_ID)));
        wanted().of(start(fresh(B)).hear(C, greeting(OTHER_ID)));
    }

    @Test
    void whoIsWaitedForIsNamed() {
        Stepper a = start(fresh(A));
        assertEquals(List.of(new NodeId(2), new NodeId(3)), a.replica.status().waitingFor());
        a.hear(B, greeting(FoundingId.NONE));
        a.hear(C, greeting(FoundingId.NONE));
        assertEquals(
                List.of(new NodeId(1), new NodeId(2), new NodeId(3)),
                a.replica.status().waitingFor(),
                "who has not confirmed");
    }
}
