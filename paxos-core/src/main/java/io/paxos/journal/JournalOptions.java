// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

/**
 * How a journal uses its directory.
 *
 * @param segmentBytesMax size at which a segment file is closed and the next one begun, 8 KiB to 1 GiB. A record that is
 *     larger by itself gets a segment of its own, and what a start takes over from the last segment (its last batch, or
 *     64 KiB) is not split
 * @param obtainsAhead whether the next segment's file is filled with zeros before it is needed, and trimmed segments are
 *     used again
 */
public record JournalOptions(int segmentBytesMax, boolean obtainsAhead) {

    /** Segments of 64 MiB, obtained ahead. */
    public static final JournalOptions DEFAULT = new JournalOptions(64 << 20, true);

    private static final int SEGMENT_BYTES_LEAST = 8 << 10;
    private static final int SEGMENT_BYTES_MOST = 1 << 30;

    /** Segments of that size, each one growing as it is written. */
    public JournalOptions(int segmentBytesMax) {
        this(segmentBytesMax, false);
    }

    public JournalOptions {
        if (segmentBytesMax < SEGMENT_BYTES_LEAST || segmentBytesMax > SEGMENT_BYTES_MOST) {
            throw new IllegalArgumentException("segmentBytesMax: " + segmentBytesMax
                    + " bytes is outside the allowed range " + SEGMENT_BYTES_LEAST + ".." + SEGMENT_BYTES_MOST);
        }
    }
}
