// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.util.ArrayList;
import java.util.List;

/** All planted bugs. */
final class Ledger {

    private Ledger() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>();
        all.addAll(AcceptorMutants.all());
        all.addAll(ProposerMutants.all());
        all.addAll(JournalMutants.all());
        all.addAll(DriverMutants.all());
        all.addAll(HandOverMutants.all());
        all.addAll(SnapshotMutants.all());
        all.addAll(ReadMutants.all());
        all.addAll(LearnerMutants.all());
        all.addAll(SessionMutants.all());
        return all;
    }
}
