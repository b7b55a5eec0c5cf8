// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.simulate;

import io.paxos.simulation.SimulationResult;

/** What came of one run or of many, worst last: the exit code of the command. */
enum Finding {
    /** Every property held in every run. */
    GOOD(0),
    /** Nothing was found to be wrong, but some history could not be judged within the bound of its check. */
    UNDECIDED(3),
    /** A property did not hold. */
    VIOLATION(1);

    private final int exitCode;

    Finding(int exitCode) {
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }

    static Finding of(SimulationResult result) {
        return result.isGood() ? GOOD : result.isUndecided() ? UNDECIDED : VIOLATION;
    }
}
