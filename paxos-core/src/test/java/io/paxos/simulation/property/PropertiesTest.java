// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Position;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.Value;
import io.paxos.simulation.trace.TraceEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Forged traces: each property lets a good one pass, and rejects at least one that is bad in its way only. */
class PropertiesTest {

    private static final MemberId A = member(1);
    private static final MemberId B = member(2);
    private static final MemberId C = member(3);
    private static final Value V = Batch.noOp(1).encode();
    private static final Value W = Batch.noOp(2).encode();
    private static final Ballot ONE = new Ballot(1, A);
    private static final Ballot TWO = new Ballot(2, B);
    private static final TraceEvent.Bounds BOUNDS = new TraceEvent.Bounds(4, 1_000, 10, 2_000, 3_000, 500, 600);
    private static final TraceEvent BEGAN = new TraceEvent.RunBegan(
            0, new Membership(1, List.of(A, B, C), List.of(), new QuorumSystem.Majority(), 8), 450, BOUNDS);

    private static MemberId member(int number) {
        return member(number, number);
    }

    private static MemberId member(int number, long incarnation) {
        return new MemberId(new NodeId(number), new Incarnation(incarnation));
    }

    // ---- small events ---------------------------------------------------------------------------------------

    private static TraceEvent applied(MemberId node, long boot, long slot, Value value, long chain) {
        return new TraceEvent.Applied(5, node.node(), boot, new Proposal(slot, ONE, value), chain);
    }

    private static TraceEvent applied(MemberId node, long slot, Value value) {
        return applied(node, 1, slot, value, slot);
    }

    private static TraceEvent executed(MemberId node, long operation, long slot, int result) {
        return new TraceEvent.Executed(5, node.node(), 1, operation, new Position(slot, 0), result);
    }

    private static TraceEvent asked(long atMillis, long operation) {
        return new TraceEvent.ClientInvoked(1_000 * atMillis, operation, 1, A.node(), "x");
    }

    private static TraceEvent answered(long atMillis, long operation, TraceEvent.Answer answer) {
        return new TraceEvent.ClientAnswered(1_000 * atMillis, operation, 1, A.node(), answer, "x");
    }

    private static TraceEvent forced(MemberId member, DurableRecord... records) {
        return new TraceEvent.Forced(5, member, List.of(records));
    }

    private static DurableRecord vote(long slot, Ballot ballot, Value value) {
        return new DurableRecord.Accepted(new Proposal(slot, ballot, value));
    }

    private static TraceEvent chosen(long slot, Ballot ballot, Value value) {
        return new TraceEvent.Chosen(5, new Proposal(slot, ballot, value));
    }

    private static TraceEvent started(MemberId self, long boot, Ballot promised, long knownChosen, Proposal... votes) {
        return new TraceEvent.Started(
                5,
                new DurableState(
                        self, boot, null, false, promised, 0, 0, knownChosen, 0, List.of(votes), List.of(), List.of()));
    }

    private static TraceEvent ended(MemberId... live) {
        return new TraceEvent.RunEnded(
                9_000_000, Arrays.stream(live).map(MemberId::node).toList());
    }

    // ---- judging --------------------------------------------------------------------------------------------

    private static Judges judge(Property property, TraceEvent... events) {
        Judges judges = new Judges(List.of(property));
        for (TraceEvent event : events) {
            judges.observe(event);
        }
        return judges;
    }

    private static void passes(Property property, TraceEvent... events) {
        Judges judges = judge(property, events);
        assertNull(judges.violation(), String.valueOf(judges.violation()));
    }

    /** All events but the last are fine; the last one is rejected. */
    private static void rejectsTheLast(Property property, TraceEvent... events) {
        Judges judges = new Judges(List.of(property));
        for (int i = 0; i < events.length; i++) {
            assertNull(judges.violation(), String.valueOf(judges.violation()));
            judges.observe(events[i]);
        }
        assertNotNull(judges.violation());
        assertEquals(property.name(), judges.violation().property());
    }

    // ---- one a property -------------------------------------------------------------------------------------

    @Test
    void agreementRejectsTwoValuesInOneSlot() {
        passes(new Agreement(), applied(A, 1, V), applied(B, 1, V), applied(A, 2, 1, V, 1), applied(A, 2, W));
        rejectsTheLast(new Agreement(), applied(A, 1, V), applied(B, 1, W));
        rejectsTheLast(new Agreement(), applied(A, 1, V), applied(A, 2, 1, W, 1));
    }

    @Test
    void validityRejectsWhatNobodyAskedFor() {
        passes(new Validity(), asked(1, 7), executed(A, 7, 1, 0), executed(B, 7, 1, 0));
        rejectsTheLast(new Validity(), asked(1, 7), executed(A, 8, 1, 0));
    }

    @Test
    void chosenOnlyByQuorumRejectsWhatTheObserverDidNotSeeChosen() {
        passes(new ChosenOnlyByQuorum(), chosen(1, ONE, V), applied(B, 1, V));
        rejectsTheLast(new ChosenOnlyByQuorum(), applied(B, 1, V));
        rejectsTheLast(new ChosenOnlyByQuorum(), chosen(1, ONE, V), applied(B, 1, W));
        rejectsTheLast(
                new ChosenOnlyByQuorum(),
                chosen(1, ONE, V),
                forced(B, new DurableRecord.Chosen(new Proposal(1, ONE, W))));
        rejectsTheLast(
                new ChosenOnlyByQuorum(),
                chosen(1, ONE, V),
                chosen(3, ONE, V),
                forced(B, new DurableRecord.KnownChosen(1)),
                forced(B, new DurableRecord.KnownChosen(3)));
    }

    @Test
    void chosenNeverChangesRejectsASecondValueAndAVoteForOne() {
        passes(new ChosenNeverChanges(), chosen(1, ONE, V), chosen(1, TWO, V), forced(C, vote(1, TWO, V)));
        passes(new ChosenNeverChanges(), chosen(1, TWO, V), forced(C, vote(1, ONE, W)));
        rejectsTheLast(new ChosenNeverChanges(), chosen(1, ONE, V), chosen(1, TWO, W));
        rejectsTheLast(new ChosenNeverChanges(), chosen(1, ONE, V), forced(C, vote(1, TWO, W)));
    }

    @Test
    void oneValuePerBallotRejectsTwo() {
        passes(new OneValuePerBallot(), forced(A, vote(1, ONE, V), vote(2, ONE, W)), forced(B, vote(1, ONE, V)));
        rejectsTheLast(new OneValuePerBallot(), forced(A, vote(1, ONE, V)), forced(B, vote(1, ONE, W)));
    }

    @Test
    void nothingGoesBackRejectsLowerPromisesVotesMarksAndForgetfulStarts() {
        DurableRecord promise = new DurableRecord.Promised(TWO, 5);
        passes(
                new NothingGoesBack(),
                forced(A, new DurableRecord.Promised(ONE, 4), vote(1, ONE, V), promise, vote(1, TWO, V)),
                started(A, 2, TWO, 0, new Proposal(1, TWO, V)),
                forced(A, new DurableRecord.KnownChosen(1)),
                started(A, 3, TWO, 1));
        rejectsTheLast(new NothingGoesBack(), forced(A, promise), forced(A, new DurableRecord.Promised(ONE, 4)));
        rejectsTheLast(new NothingGoesBack(), forced(A, promise), forced(A, vote(1, ONE, V)));
        rejectsTheLast(
                new NothingGoesBack(), forced(A, vote(1, TWO, V)), forced(A, new DurableRecord.Promised(ONE, 4)));
        rejectsTheLast(
                new NothingGoesBack(),
                forced(A, new DurableRecord.KnownChosen(2)),
                forced(A, new DurableRecord.KnownChosen(1)));
        rejectsTheLast(
                new NothingGoesBack(),
                forced(A, new DurableRecord.Trimmed(2)),
                forced(A, new DurableRecord.Trimmed(1)));
        rejectsTheLast(new NothingGoesBack(), forced(A, promise), started(A, 2, ONE, 0));
        rejectsTheLast(new NothingGoesBack(), forced(A, vote(1, TWO, V)), started(A, 2, TWO, 0));
        rejectsTheLast(
                new NothingGoesBack(), forced(A, vote(1, TWO, V)), started(A, 2, TWO, 0, new Proposal(1, ONE, W)));
        rejectsTheLast(
                new NothingGoesBack(), forced(A, new DurableRecord.KnownChosen(2)), started(A, 2, Ballot.NONE, 1));
        rejectsTheLast(new NothingGoesBack(), started(A, 2, ONE, 0), started(A, 2, ONE, 0));
    }

    @Test
    void appliesInOrderRejectsGapsAndRepetitions() {
        passes(new AppliesInOrder(), applied(A, 1, V), applied(A, 2, V), applied(A, 2, 1, V, 1), applied(B, 1, V));
        rejectsTheLast(new AppliesInOrder(), applied(A, 1, V), applied(A, 3, V));
        rejectsTheLast(new AppliesInOrder(), applied(A, 1, V), applied(A, 1, V));
        rejectsTheLast(new AppliesInOrder(), applied(A, 2, V));
    }

    @Test
    void exactlyOnceRejectsASecondEffect() {
        passes(
                new ExactlyOnce(),
                executed(A, 7, 1, 0),
                executed(B, 7, 1, 0),
                started(A, 2, ONE, 0),
                executed(A, 7, 1, 0));
        rejectsTheLast(new ExactlyOnce(), executed(A, 7, 1, 0), executed(A, 7, 1, 0));
        rejectsTheLast(new ExactlyOnce(), executed(A, 7, 1, 0), executed(A, 7, 2, 0));
        rejectsTheLast(new ExactlyOnce(), executed(A, 7, 1, 0), executed(B, 7, 2, 0));
    }

    @Test
    void sameResultsRejectsAnAnswerThatDiffers() {
        passes(new SameResults(), executed(A, 7, 1, 99), executed(B, 7, 1, 99));
        rejectsTheLast(new SameResults(), executed(A, 7, 1, 99), executed(B, 7, 1, 98));
    }

    @Test
    void durabilityRejectsAnAcknowledgedOperationThatIsMissingSomewhere() {
        TraceEvent done = answered(3, 7, TraceEvent.Answer.DONE);
        TraceEvent unknown = answered(3, 7, TraceEvent.Answer.UNKNOWN);
        passes(new Durability(), executed(A, 7, 1, 0), executed(B, 7, 1, 0), done, ended(A, B));
        passes(new Durability(), unknown, ended(A, B));
        rejectsTheLast(new Durability(), executed(A, 7, 1, 0), done, ended(A, B));
        rejectsTheLast(new Durability(), executed(A, 7, 1, 0), done, started(A, 2, ONE, 0), ended(A));
        // Found before everybody started once more, and not after.
        rejectsTheLast(new Durability(), executed(A, 7, 1, 0), done, ended(A), started(A, 2, ONE, 0), ended(A));
    }

    @Test
    void boundsRejectsWhatIsTooMuch() {
        TraceEvent fits = new TraceEvent.Measured(5, A.node(), 4, 1_000, 10, 2_000, 3_000, 600);
        passes(new Bounds(), BEGAN, fits);
        rejectsTheLast(new Bounds(), BEGAN, fits, new TraceEvent.Measured(5, A.node(), 5, 0, 0, 0, 0, 0));
        rejectsTheLast(new Bounds(), BEGAN, fits, new TraceEvent.Measured(5, A.node(), 0, 1_001, 0, 0, 0, 0));
        rejectsTheLast(new Bounds(), BEGAN, fits, new TraceEvent.Measured(5, A.node(), 0, 0, 11, 0, 0, 0));
        rejectsTheLast(new Bounds(), BEGAN, fits, new TraceEvent.Measured(5, A.node(), 0, 0, 0, 2_001, 0, 0));
        rejectsTheLast(new Bounds(), BEGAN, fits, new TraceEvent.Measured(5, A.node(), 0, 0, 0, 0, 3_001, 0));
        rejectsTheLast(new Bounds(), BEGAN, fits, new TraceEvent.Measured(5, A.node(), 0, 0, 0, 0, 0, 601));
        var message = new io.paxos.message.Message.Canvass(1, 0);
        rejectsTheLast(
                new Bounds(),
                BEGAN,
                new TraceEvent.MessageSent(5, 1, A.node(), B.node(), message, 500),
                new TraceEvent.MessageSent(5, 2, A.node(), B.node(), message, 501));
    }

    @Test
    void progressRejectsAClusterThatAnswersTooLateOrNever() {
        TraceEvent faultsEnded = new TraceEvent.FaultsEnded(1_000_000);
        passes(
                new ProgressAfterFaults(),
                BEGAN,
                asked(900, 1),
                faultsEnded,
                asked(1_001, 2),
                answered(5_500, 2, TraceEvent.Answer.DONE),
                ended(A));
        rejectsTheLast(
                new ProgressAfterFaults(),
                BEGAN,
                faultsEnded,
                asked(1_001, 2),
                answered(5_501, 2, TraceEvent.Answer.DONE));
        rejectsTheLast(new ProgressAfterFaults(), BEGAN, faultsEnded, asked(1_001, 2), ended(A));
        // An answer to something older is no progress: it may have been chosen before.
        rejectsTheLast(
                new ProgressAfterFaults(),
                BEGAN,
                asked(900, 1),
                faultsEnded,
                answered(1_100, 1, TraceEvent.Answer.DONE),
                ended(A));
    }

    @Test
    void progressRejectsAClusterThatComesToAStandstillLater() {
        TraceEvent faultsEnded = new TraceEvent.FaultsEnded(1_000_000);
        TraceEvent first = answered(1_100, 2, TraceEvent.Answer.DONE);
        passes( // nobody waits for most of the time
                new ProgressAfterFaults(),
                BEGAN,
                faultsEnded,
                asked(1_001, 2),
                first,
                asked(9_000, 3),
                answered(13_500, 3, TraceEvent.Answer.DONE),
                ended(A));
        passes( // one waits for long, and another one is answered
                new ProgressAfterFaults(),
                BEGAN,
                faultsEnded,
                asked(1_001, 2),
                asked(1_002, 3),
                first,
                asked(1_200, 4),
                answered(5_600, 4, TraceEvent.Answer.DONE),
                answered(10_100, 3, TraceEvent.Answer.DONE),
                ended(A));
        rejectsTheLast(
                new ProgressAfterFaults(),
                BEGAN,
                faultsEnded,
                asked(1_001, 2),
                asked(1_002, 3),
                first,
                answered(5_000, 3, TraceEvent.Answer.UNKNOWN),
                asked(5_001, 4),
                answered(9_502, 4, TraceEvent.Answer.DONE));
    }

    @Test
    void nothingBelowTheFloorRejectsWhatIsInSnapshotsAlready() {
        TraceEvent start = started(A, 1, ONE, 0);
        TraceEvent trimmed = forced(A, new DurableRecord.Trimmed(7));
        TraceEvent again = started(A, 2, ONE, 7);
        TraceEvent below = new TraceEvent.Restored(5, A.node(), 2, 6, 6);
        TraceEvent at = new TraceEvent.Restored(5, A.node(), 2, 7, 7);
        Property[] fresh = {new NothingBelowTheFloor(), new NothingBelowTheFloor(), new NothingBelowTheFloor()};
        passes(
                fresh[0],
                start,
                applied(A, 7, V),
                forced(A, vote(7, ONE, V)),
                trimmed,
                forced(A, vote(8, ONE, V)),
                applied(A, 8, V),
                applied(B, 7, V),
                again,
                at,
                applied(A, 8, V));
        rejectsTheLast(fresh[1], start, trimmed, again, below);
        rejectsTheLast(fresh[2], start, trimmed, again, applied(A, 7, V));
        rejectsTheLast(new NothingBelowTheFloor(), start, trimmed, again, forced(A, vote(7, TWO, V)));
        rejectsTheLast(
                new NothingBelowTheFloor(),
                start,
                trimmed,
                new TraceEvent.MessageSent(
                        5, 1, A.node(), B.node(), new io.paxos.message.Message.Accept(new Proposal(7, ONE, V)), 100));
        // Another directory under the same name knows nothing of it.
        passes(new NothingBelowTheFloor(), start, trimmed, started(member(1, 9), 1, ONE, 0), applied(A, 1, V));
    }

    @Test
    void equalStateRejectsANodeThatDiffersOrLags() {
        passes(new EqualState(), applied(A, 1, 1, V, 11), applied(B, 1, 1, V, 11), ended(A, B));
        passes(new EqualState(), applied(A, 1, 1, V, 11), applied(B, 1, 1, V, 12), ended(A));
        rejectsTheLast(new EqualState(), applied(A, 1, 1, V, 11), applied(B, 1, 1, V, 12), ended(A, B));
        rejectsTheLast(
                new EqualState(),
                applied(A, 1, 1, V, 11),
                applied(B, 1, 1, V, 11),
                applied(B, 1, 2, V, 12),
                ended(A, B));
        rejectsTheLast(new EqualState(), applied(A, 1, 1, V, 11), ended(A, B));
        rejectsTheLast(
                new EqualState(), applied(A, 1, 1, V, 11), applied(B, 1, 1, V, 11), started(B, 2, ONE, 0), ended(A, B));
    }

    @Test
    void stopsOnlyForCauseRejectsBugsAndLies() {
        TraceEvent flipped = new TraceEvent.DiskFault(4, A.node(), TraceEvent.Harm.BIT_FLIPPED, "x");
        passes(new StopsOnlyForCause(), new TraceEvent.Stopped(5, A.node(), "closed", true));
        passes(new StopsOnlyForCause(), flipped, new TraceEvent.StartRefused(5, A.node(), "damaged"));
        rejectsTheLast(new StopsOnlyForCause(), new TraceEvent.Stopped(5, A.node(), "an invariant", false));
        rejectsTheLast(new StopsOnlyForCause(), new TraceEvent.StartRefused(5, A.node(), "damaged"));
        passes(new StopsOnlyForCause(), flipped, started(A, 2, ONE, 0));
        TraceEvent lost = new TraceEvent.DiskFault(4, A.node(), TraceEvent.Harm.SECTOR_LOST, "x");
        passes(new StopsOnlyForCause(), lost, started(A, 2, ONE, 0));
        TraceEvent unread = new TraceEvent.DiskFault(4, A.node(), TraceEvent.Harm.READ_FAILS, "x");
        TraceEvent refused = new TraceEvent.StartRefused(5, A.node(), "cannot be read");
        passes(new StopsOnlyForCause(), unread, refused, started(A, 2, ONE, 0));
    }

    // ---- around them ----------------------------------------------------------------------------------------

    @Test
    void theObserverCountsEachDurableVoteOnceAtItsBallot() {
        List<TraceEvent> seen = new ArrayList<>();
        QuorumObserver observer = new QuorumObserver(seen::add);
        observer.observe(BEGAN);
        observer.observe(forced(A, vote(1, ONE, V)));
        observer.observe(forced(A, vote(1, ONE, V)));
        observer.observe(forced(B, vote(1, TWO, V)));
        observer.observe(forced(member(9), vote(1, TWO, V)));
        assertEquals(List.of(), seen);
        observer.observe(forced(C, vote(1, TWO, V)));
        assertEquals(List.of(chosen(1, TWO, V)), seen);
        observer.observe(forced(A, vote(1, TWO, V)));
        assertEquals(1, seen.size());
    }

    @Test
    void theObserverCountsAVoteThatACrashedNodeFindsOnItsDisk() {
        List<TraceEvent> seen = new ArrayList<>();
        QuorumObserver observer = new QuorumObserver(seen::add);
        observer.observe(BEGAN);
        observer.observe(forced(A, vote(1, ONE, V)));
        observer.observe(started(B, 2, ONE, 0, new Proposal(1, ONE, V)));
        assertEquals(List.of(chosen(1, ONE, V)), seen);
    }

    @Test
    void allSuppliedPropertiesHaveNamesOfTheirOwn() {
        TreeSet<String> names = new TreeSet<>();
        Properties.all().forEach(property -> names.add(property.name()));
        assertEquals(23, names.size());
    }
}
