// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.protocol.LeaseTerms;
import io.paxos.protocol.Limits;
import io.paxos.protocol.Timing;

/**
 * What a driver is configured with.
 *
 * @param timing the core's
 * @param limits the core's
 * @param retryMillis a session whose oldest command is not applied for so long sends again; doubled each time, jittered
 * @param retryMillisMax where the doubling ends
 * @param applyBacklogBytesMax chosen values that wait for the state machine
 * @param journalBacklogBytesMax records that wait for the disk; beyond it, frames that carry values are dropped, and a leader
 *     opens no slots
 * @param disk how slow the disk may be
 * @param snapshots when they are taken, and how they travel
 * @param leases the core's
 */
public record DriverOptions(
        Timing timing,
        Limits limits,
        long retryMillis,
        long retryMillisMax,
        long applyBacklogBytesMax,
        long journalBacklogBytesMax,
        DiskPatience disk,
        SnapshotOptions snapshots,
        LeaseTerms leases) {

    public DriverOptions {
        require("retryMillis", retryMillis, 1, 3_600_000);
        require("retryMillisMax", retryMillisMax, retryMillis, 3_600_000);
        require("applyBacklogBytesMax", applyBacklogBytesMax, 1, 1L << 40);
        require("journalBacklogBytesMax", journalBacklogBytesMax, 1, 1L << 40);
    }

    /** As below, with a patience that suits the timing. */
    public static DriverOptions of(
            Timing timing,
            Limits limits,
            long applyBacklogBytesMax,
            long journalBacklogBytesMax,
            long stopAfterMillis) {
        return of(
                timing, limits, applyBacklogBytesMax, journalBacklogBytesMax, DiskPatience.of(timing, stopAfterMillis));
    }

    /** Retries that suit the timing: one election after the first attempt, then up to eight times as long. */
    public static DriverOptions of(
            Timing timing, Limits limits, long applyBacklogBytesMax, long journalBacklogBytesMax, DiskPatience disk) {
        long retryMillis = Math.min(3_600_000, timing.electionTimeoutMaxMillis());
        return new DriverOptions(
                timing,
                limits,
                retryMillis,
                Math.min(3_600_000, 8 * retryMillis),
                applyBacklogBytesMax,
                journalBacklogBytesMax,
                disk,
                SnapshotOptions.DEFAULT,
                LeaseTerms.OFF);
    }

    /** The same with other options for snapshots. */
    public DriverOptions with(SnapshotOptions other) {
        return new DriverOptions(
                timing,
                limits,
                retryMillis,
                retryMillisMax,
                applyBacklogBytesMax,
                journalBacklogBytesMax,
                disk,
                other,
                leases);
    }

    /** The same with other terms of leases. */
    public DriverOptions with(LeaseTerms other) {
        return new DriverOptions(
                timing,
                limits,
                retryMillis,
                retryMillisMax,
                applyBacklogBytesMax,
                journalBacklogBytesMax,
                disk,
                snapshots,
                other);
    }

    private static void require(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    field + ": " + value + " is outside the allowed range " + min + ".." + max);
        }
    }
}
