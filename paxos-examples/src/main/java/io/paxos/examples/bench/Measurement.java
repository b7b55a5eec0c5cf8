// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

/**
 * One load and what came of it.
 *
 * @param round from 1
 * @param number of the load in its round, from 0; the same number is the same load
 * @param spec the load
 * @param place who made it
 * @param prefill commands that the log was filled up to before; 0 if it was not
 * @param inLog commands that had been applied when it began to be measured
 * @param result what was answered
 * @param costs what it took; the leader is the one at the end
 * @param leaderChanged whether another node led at the end
 * @param limitMicros what one operation alone cannot be faster than; NaN for nothing
 * @param rawForcesPerSecond of each file, with as many at once as there are nodes
 */
record Measurement(
        int round,
        int number,
        LoadSpec spec,
        LoadPlace place,
        long prefill,
        long inLog,
        LoadResult result,
        Costs costs,
        boolean leaderChanged,
        double limitMicros,
        double rawForcesPerSecond) {

    /** The median as a multiple of the limit, where one operation at a time is in flight; else NaN. */
    double timesLimit() {
        return spec.outstanding() == 1 ? result.percentileMicros(50) / limitMicros : Double.NaN;
    }

    /** Commands answered in the time that the bare disk needs for one force; NaN for reads. */
    double perRawForce() {
        return spec.operation() == Operation.WRITE ? result.perSecond() / rawForcesPerSecond : Double.NaN;
    }
}
