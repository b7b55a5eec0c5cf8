// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import java.util.List;

/** The supplied properties. */
public final class Properties {

    private Properties() {}

    /** A fresh one of each, for one run. */
    public static List<Property> all() {
        return List.of(
                new Agreement(),
                new Validity(),
                new ChosenOnlyByQuorum(),
                new NoticesAreTrue(),
                new ChosenNeverChanges(),
                new OneValuePerBallot(),
                new OneAttemptPerBallot(),
                new PromisedByQuorum(),
                new NothingGoesBack(),
                new RepliesAreDurable(),
                new OnlyMembersVote(),
                new AppliesInOrder(),
                new NothingBelowTheFloor(),
                new ExactlyOnce(),
                new SameResults(),
                new RetriesAnsweredAlike(),
                new SessionsInOrder(),
                new ClientsSeeOneOrder(),
                new Bounds(),
                new ProgressAfterFaults(),
                new EqualState(),
                new Durability(),
                new StopsOnlyForCause());
    }
}
