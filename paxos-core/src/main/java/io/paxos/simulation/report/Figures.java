// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The four figures that matter to whoever stands in front of a cluster, over a whole run or a part of it. All in virtual
 * time. A figure that nothing was there to compute from is {@link Double#NaN}.
 *
 * @param consensusLatencyMillisP50 from a client's asking to its answer, of the operations done: half were faster
 * @param consensusLatencyMillisP99 as above: one in a hundred was slower
 * @param proposalRejectionRate refusals per proposal: {@code Rejected} messages sent, divided by the {@code Prepare} and
 *     {@code Accept} messages that reached a node; 0 is best. Above 0 means that several candidates were at work
 * @param throughputPerSecond operations done per second
 * @param availabilityPercent of the {@value FigureTally#WINDOW_MILLIS}-millisecond windows in which a client had something
 *     open, how many were not lost. A window is lost if a client waited all through it, or was refused or left without
 *     an answer, and nobody was answered
 */
public record Figures(
        double consensusLatencyMillisP50,
        double consensusLatencyMillisP99,
        double proposalRejectionRate,
        double throughputPerSecond,
        double availabilityPercent) {

    /**
     * A figure with its name, as it stands in a table.
     *
     * @param name with its unit
     * @param value {@code -} if there was nothing to compute it from
     * @param meaning in a few words
     */
    public record Row(String name, String value, String meaning) {}

    /** All of them, for a table. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(
                "consensus_latency_ms p50",
                text(consensusLatencyMillisP50, 3),
                "from a client's asking to its answer"));
        rows.add(new Row("consensus_latency_ms p99", text(consensusLatencyMillisP99, 3), "the same, one in a hundred"));
        rows.add(new Row(
                "proposal_rejection_rate", text(proposalRejectionRate, 4), "refusals per prepare or accept received"));
        rows.add(new Row("throughput_rps", text(throughputPerSecond, 1), "operations done per virtual second"));
        rows.add(new Row(
                "availability_pct",
                text(availabilityPercent, 2),
                "tenths of a second in which clients did not wait in vain"));
        return rows;
    }

    /** With so many digits after the point, the same in every locale. */
    static String text(double value, int digits) {
        if (Double.isNaN(value)) {
            return "-";
        }
        long scale = Math.round(Math.pow(10, digits));
        long scaled = Math.round(value * scale);
        String rest = Long.toString(scale + Math.abs(scaled) % scale).substring(1);
        return Math.abs(scaled) / scale + (digits == 0 ? "" : "." + rest);
    }
}
