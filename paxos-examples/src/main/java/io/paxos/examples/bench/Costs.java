// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.List;

/**
 * What a span of load has cost; NaN is what the system does not tell.
 *
 * @param leaderMicros CPU per operation, of the leader's process
 * @param followerMicros the same of one follower, in the mean; NaN if there is none
 * @param clientMicros the same of the process that makes the load; NaN if a node makes it
 * @param allMicros the sum over all processes
 * @param otherPercent of the machine's CPU went to somebody else
 * @param deviceFactor bytes that the block device wrote, for everybody, per payload byte and replica; NaN for reads
 * @param processFactor the same as the kernel booked it to the nodes; it books whole pages, however little of one is new
 * @param leaderResidentBytes memory of the leader's process at the end
 */
record Costs(
        double leaderMicros,
        double followerMicros,
        double clientMicros,
        double allMicros,
        double otherPercent,
        double deviceFactor,
        double processFactor,
        double leaderResidentBytes) {

    private static final double PERCENT = 100;

    /**
     * Everything at one moment.
     *
     * @param nanos {@link System#nanoTime}
     * @param nodes in the order of their ids
     * @param own of this process
     */
    record Sample(long nanos, List<ProcessUsage> nodes, ProcessUsage own, MachineUsage machine) {}

    /**
     * @param leader index of the leader among the nodes
     * @param madeHere whether this process made the load
     * @param operations that were answered in between
     * @param payloadBytes of them that were to be written; 0 for reads
     */
    static Costs between(
            Sample before, Sample after, int leader, boolean madeHere, long operations, long payloadBytes) {
        int nodes = before.nodes.size();
        double nodesCpu = 0;
        double written = 0;
        for (int i = 0; i < nodes; i++) {
            nodesCpu += cpu(before.nodes.get(i), after.nodes.get(i));
            written += after.nodes.get(i).writtenBytes() - before.nodes.get(i).writtenBytes();
        }
        double leaderCpu = cpu(before.nodes.get(leader), after.nodes.get(leader));
        double ownCpu = cpu(before.own, after.own);
        double all = nodesCpu + (madeHere ? ownCpu : 0);
        double machineMicros =
                (after.nanos - before.nanos) / 1e3 * Runtime.getRuntime().availableProcessors();
        double busy = after.machine.busyMicros() - before.machine.busyMicros();
        double payload = payloadBytes == 0 ? Double.NaN : (double) payloadBytes * nodes;
        double each = operations == 0 ? Double.NaN : operations;
        return new Costs(
                leaderCpu / each,
                nodes == 1 ? Double.NaN : (nodesCpu - leaderCpu) / (nodes - 1) / each,
                madeHere ? ownCpu / each : Double.NaN,
                all / each,
                Math.max(0, busy - nodesCpu - ownCpu) / machineMicros * PERCENT,
                (after.machine.deviceBytes() - before.machine.deviceBytes()) / payload,
                written / payload,
                after.nodes.get(leader).residentBytes());
    }

    private static double cpu(ProcessUsage before, ProcessUsage after) {
        return after.cpuMicros() - before.cpuMicros();
    }
}
