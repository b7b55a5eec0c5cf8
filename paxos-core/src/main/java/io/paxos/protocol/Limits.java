// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

/**
 * Every bound of the core, with its unit in the name. What does not fit is refused with a reason, or, where the protocol
 * repeats it anyway, dropped.
 *
 * @param inFlightSlotsMax slots a leader keeps open at once; the smaller of this and the membership's α holds
 * @param batchBytesMax size of a slot's value; a single command may take all of it
 * @param batchCommandsMax commands in a slot's value
 * @param pendingBytesMax commands that wait at the leader for a place in the window, in bytes
 * @param pageBytesMax size of a page of promises, of catch-up, and of a forward; at least {@code batchBytesMax}
 * @param pageSlotsMax slots in a page
 * @param openVotesMax votes an acceptor holds above its known-chosen prefix; accepts beyond it are dropped. Their values are
 *     bounded by the size of 128 batches besides
 */
public record Limits(
        int inFlightSlotsMax,
        int batchBytesMax,
        int batchCommandsMax,
        long pendingBytesMax,
        int pageBytesMax,
        int pageSlotsMax,
        int openVotesMax) {

    /** 64 slots in flight, batches of 1 MiB and 4,096 commands, 32 MiB pending, pages of 2 MiB and 1,024 slots. */
    public static final Limits DEFAULT = new Limits(64, 1 << 20, 4_096, 32L << 20, 2 << 20, 1_024, 8_192);

    public Limits {
        require("inFlightSlotsMax", inFlightSlotsMax, 1, 65_536);
        require("batchBytesMax", batchBytesMax, 1_024, 64 << 20);
        require("batchCommandsMax", batchCommandsMax, 1, 65_536);
        require("pendingBytesMax", pendingBytesMax, batchBytesMax, 1L << 40);
        require("pageBytesMax", pageBytesMax, batchBytesMax, 128 << 20);
        require("pageSlotsMax", pageSlotsMax, 1, 65_536);
        require("openVotesMax", openVotesMax, inFlightSlotsMax, 1 << 20);
    }

    /**
     * Values under way in a leader's window, in bytes; the last one opened may exceed it. Half of what a transport holds for a
     * peer by default: what it has no room for is lost, and costs a retransmission.
     */
    long inFlightBytesMax() {
        return 8L * batchBytesMax;
    }

    /**
     * Values of the votes that an acceptor holds above its known-chosen prefix, in bytes; accepts beyond it are dropped, too. A
     * member that is behind goes on voting, and its prefix may stand still for as long as a snapshot takes.
     */
    long openVotesBytesMax() {
        return 128L * batchBytesMax;
    }

    private static void require(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    field + ": " + value + " is outside the allowed range " + min + ".." + max);
        }
    }
}
