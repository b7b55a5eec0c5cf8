// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

/**
 * From what runs are drawn. Everything else, the number of nodes within the range, the quorums, the limits, the faults, is
 * decided by the seed.
 *
 * @param nodesMin smallest cluster, 1 to 7
 * @param nodesMax largest cluster, {@code nodesMin} to 7
 * @param flexibleQuorums whether quorum systems other than the majority are drawn too
 * @param operations how many operations the clients ask for in all, 1 to 1,000,000
 * @param safetyMillis how long the phase with faults lasts, in virtual time, 0 to a day
 * @param heartbeatMillis a leader's heartbeat interval; a seed may halve or double all of the timings, all alike
 * @param electionTimeoutMinMillis at least three heartbeats
 * @param electionTimeoutMaxMillis above the minimum
 * @param retransmitMillis an unanswered message is repeated after so long
 * @param faults what may go wrong
 * @param encodedFramesPercent how many of the runs send frames as bytes, through the codec, 0 to 100. The others send the
 *     objects, which is faster
 * @param checkStepsMax steps of the model that the check of the history may take for one key, 1 to 10^12; a search that would
 *     take more leaves the run undecided
 * @param traceEventsMax events that are kept for people, from 0; the fingerprint and the properties see all
 */
public record SimulationOptions(
        int nodesMin,
        int nodesMax,
        boolean flexibleQuorums,
        int operations,
        long safetyMillis,
        long heartbeatMillis,
        long electionTimeoutMinMillis,
        long electionTimeoutMaxMillis,
        long retransmitMillis,
        FaultPlan faults,
        int encodedFramesPercent,
        long checkStepsMax,
        int traceEventsMax) {

    /** Most nodes of a simulated cluster. */
    public static final int NODES_MOST = 7;

    private static final int OPERATIONS_MOST = 1_000_000;
    private static final long CHECK_STEPS_DEFAULT = 20_000_000;
    private static final long CHECK_STEPS_MOST = 1_000_000_000_000L;
    private static final long DAY_MILLIS = 86_400_000;

    /** Clusters of 1 to 7 nodes, 200 operations, three seconds of all survivable faults, no event kept. */
    public static final SimulationOptions DEFAULT = new SimulationOptions(
            1, NODES_MOST, true, 200, 3_000, 50, 300, 450, 100, FaultPlan.drawn(), 10, CHECK_STEPS_DEFAULT, 0);

    public SimulationOptions {
        require("nodesMin", nodesMin, 1, NODES_MOST);
        require("nodesMax", nodesMax, nodesMin, NODES_MOST);
        require("operations", operations, 1, OPERATIONS_MOST);
        require("safetyMillis", safetyMillis, 0, DAY_MILLIS);
        require("heartbeatMillis", heartbeatMillis, 1, DAY_MILLIS);
        require("electionTimeoutMinMillis", electionTimeoutMinMillis, 3 * heartbeatMillis, DAY_MILLIS);
        require("electionTimeoutMaxMillis", electionTimeoutMaxMillis, electionTimeoutMinMillis + 1, DAY_MILLIS);
        require("retransmitMillis", retransmitMillis, 1, DAY_MILLIS);
        require("encodedFramesPercent", encodedFramesPercent, 0, 100);
        require("checkStepsMax", checkStepsMax, 1, CHECK_STEPS_MOST);
        require("traceEventsMax", traceEventsMax, 0, Integer.MAX_VALUE);
    }

    private static void require(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    field + ": " + value + " is outside the allowed range " + min + ".." + max);
        }
    }

    /** The same with clusters of that size. */
    public SimulationOptions withNodes(int min, int max) {
        return new SimulationOptions(
                min,
                max,
                flexibleQuorums,
                operations,
                safetyMillis,
                heartbeatMillis,
                electionTimeoutMinMillis,
                electionTimeoutMaxMillis,
                retransmitMillis,
                faults,
                encodedFramesPercent,
                checkStepsMax,
                traceEventsMax);
    }

    /** The same with so many operations over a safety phase of that length. */
    public SimulationOptions withLoad(int count, long millis) {
        return new SimulationOptions(
                nodesMin,
                nodesMax,
                flexibleQuorums,
                count,
                millis,
                heartbeatMillis,
                electionTimeoutMinMillis,
                electionTimeoutMaxMillis,
                retransmitMillis,
                faults,
                encodedFramesPercent,
                checkStepsMax,
                traceEventsMax);
    }

    /** The same with other faults. */
    public SimulationOptions withFaults(FaultPlan plan) {
        return new SimulationOptions(
                nodesMin,
                nodesMax,
                flexibleQuorums,
                operations,
                safetyMillis,
                heartbeatMillis,
                electionTimeoutMinMillis,
                electionTimeoutMaxMillis,
                retransmitMillis,
                plan,
                encodedFramesPercent,
                checkStepsMax,
                traceEventsMax);
    }

    /** The same with so many runs through the codec, and so many events kept. */
    public SimulationOptions withTrace(int encodedPercent, int eventsMax) {
        return new SimulationOptions(
                nodesMin,
                nodesMax,
                flexibleQuorums,
                operations,
                safetyMillis,
                heartbeatMillis,
                electionTimeoutMinMillis,
                electionTimeoutMaxMillis,
                retransmitMillis,
                faults,
                encodedPercent,
                checkStepsMax,
                eventsMax);
    }

    /** The same with another bound for the check of the history. */
    public SimulationOptions withCheckStepsMax(long steps) {
        return new SimulationOptions(
                nodesMin,
                nodesMax,
                flexibleQuorums,
                operations,
                safetyMillis,
                heartbeatMillis,
                electionTimeoutMinMillis,
                electionTimeoutMaxMillis,
                retransmitMillis,
                faults,
                encodedFramesPercent,
                steps,
                traceEventsMax);
    }
}
