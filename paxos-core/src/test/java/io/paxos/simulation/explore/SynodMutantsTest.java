// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.paxos.model.QuorumSystem;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The ledger of planted bugs for single-decree Paxos: each rule of docs/single-decree.md broken, the property that notices,
 * and the length of the shortest way there. The way is printed. A new mutant is a class in {@link SynodMutants} and a line
 * here.
 */
class SynodMutantsTest {
    private static final QuorumSystem MAJORITY = new QuorumSystem.Majority();
    private static final int STATES_MAX = 3_000_000;

    enum Ledger {
        OWN_VOTE_COUNTED_BEFORE_FORCE(
                SynodMutants.OwnVoteBeforeForce::new, SynodBounds.of(3, MAJORITY, 1, 1), "known is chosen", 5),
        REPLY_BEFORE_FORCE(SynodMutants.ReplyBeforeForce::new, SynodBounds.of(3, MAJORITY, 1, 1), "a word is kept", 2),
        PROMISE_NOT_RAISED_BY_ACCEPT(
                SynodMutants.PromiseNotRaisedByAccept::new,
                SynodBounds.of(3, MAJORITY, 3, 3).fastDisk().withoutNotices(),
                "agreement",
                11),
        HIGHEST_BALLOT_NOT_PREFERRED(
                SynodMutants.LowestVotePreferred::new,
                SynodBounds.of(3, MAJORITY, 2, 3).fastDisk().withoutNotices(),
                "agreement",
                10),
        REPLY_OF_ANOTHER_BALLOT_COUNTED(
                SynodMutants.ReplyOfAnotherBallot::new,
                SynodBounds.of(3, MAJORITY, 2, 3).fastDisk().withoutNotices(),
                "agreement",
                9),
        VOTES_OF_TWO_BALLOTS_ADD_UP(
                SynodMutants.VotesOfTwoBallotsAddUp::new, SynodBounds.of(3, MAJORITY, 2, 2), "known is chosen", 9),
        ONE_ACCEPTOR_COUNTED_TWICE(
                SynodMutants.OneAcceptorTwice::new, SynodBounds.of(4, MAJORITY, 1, 1), "known is chosen", 9),
        QUORUMS_THAT_DO_NOT_MEET(
                SynodMutants.OnePromiseTooFew::new,
                SynodBounds.of(4, new QuorumSystem.FlexibleSizes(3, 2), 2, 2)
                        .fastDisk()
                        .withoutNotices(),
                "agreement",
                8),
        BALLOT_REUSED_AFTER_RESTART(
                SynodMutants.PrepareBeforeForce::new,
                SynodBounds.of(3, MAJORITY, 1, 2).crashes(1),
                "one value a ballot",
                11),
        EQUAL_BALLOT_TAKEN_BY_A_SECOND_ATTEMPT(
                SynodMutants.EqualBallotForASecondAttempt::new,
                SynodBounds.of(3, MAJORITY, 1, 2),
                "one value a ballot",
                9);

        @SuppressWarnings("ImmutableEnumChecker") // A constructor.
        private final Function<SynodBounds, SynodModel> mutant;

        @SuppressWarnings("ImmutableEnumChecker") // A record of numbers.
        private final SynodBounds bounds;

        private final String property;
        private final int steps;

        Ledger(Function<SynodBounds, SynodModel> mutant, SynodBounds bounds, String property, int steps) {
            this.mutant = mutant;
            this.bounds = bounds;
            this.property = property;
            this.steps = steps;
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachMutantIsKilledOnTheShortestWay(Ledger mutant) {
        Exploration killed = new Explorer<>(mutant.mutant.apply(mutant.bounds)).run(Bounds.states(STATES_MAX));
        Counterexample way = killed.counterexample();
        assertNotNull(way, () -> mutant + " survives " + mutant.bounds + ": " + killed);
        System.out.println(mutant + ", " + mutant.bounds + ", " + killed + "\n" + way + "\n");
        assertEquals(mutant.property, way.property());
        assertEquals(mutant.steps, way.steps().size());
    }
}
