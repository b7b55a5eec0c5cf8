// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

/**
 * One load: what, how much of it, for how long.
 *
 * @param operation what is sent
 * @param sizeBytes of a command; of the answer for a read
 * @param outstanding operations in flight, for a closed loop; 0 for an open one
 * @param ratePerSecond operations sent a second whatever becomes of them, for an open loop; 0 for a closed one
 * @param settleMillis that the load runs before it is measured
 * @param spanMillis that are measured
 */
record LoadSpec(
        Operation operation, int sizeBytes, int outstanding, long ratePerSecond, long settleMillis, long spanMillis) {

    LoadSpec {
        if ((outstanding > 0) == (ratePerSecond > 0)) {
            throw new IllegalArgumentException(
                    "outstanding " + outstanding + " and rate " + ratePerSecond + ": exactly one of them is above 0");
        }
        if (sizeBytes < 1 || settleMillis < 0 || spanMillis < 1) {
            throw new IllegalArgumentException(
                    "size " + sizeBytes + ", settle " + settleMillis + " ms, span " + spanMillis + " ms");
        }
    }

    static LoadSpec closed(Operation operation, int sizeBytes, int outstanding, long settleMillis, long spanMillis) {
        return new LoadSpec(operation, sizeBytes, outstanding, 0, settleMillis, spanMillis);
    }

    static LoadSpec open(Operation operation, int sizeBytes, long ratePerSecond, long settleMillis, long spanMillis) {
        return new LoadSpec(operation, sizeBytes, 0, ratePerSecond, settleMillis, spanMillis);
    }

    boolean isOpen() {
        return ratePerSecond > 0;
    }

    /** The same without settling, for so long. */
    LoadSpec spanning(long millis) {
        return new LoadSpec(operation, sizeBytes, outstanding, ratePerSecond, 0, millis);
    }

    /** How hard it presses, as the table says it: {@code 16}, or {@code 5000/s}. */
    String pressure() {
        return isOpen() ? ratePerSecond + "/s" : Integer.toString(outstanding);
    }

    /** What it is, as progress says it. */
    String title() {
        return operation.word() + " " + sizeBytes + " B "
                + (isOpen() ? "at " + pressure() : outstanding + " outstanding");
    }

    /** One word, for the control channel of a node. */
    String encode() {
        return operation.word() + ":" + sizeBytes + ":" + outstanding + ":" + ratePerSecond + ":" + settleMillis + ":"
                + spanMillis;
    }

    static LoadSpec parse(String text) {
        String[] fields = text.split(":", -1);
        if (fields.length != 6) {
            throw new IllegalArgumentException("load: '" + text + "' has not six fields");
        }
        return new LoadSpec(
                Operation.parse(fields[0]),
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[2]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[4]),
                Long.parseLong(fields[5]));
    }
}
