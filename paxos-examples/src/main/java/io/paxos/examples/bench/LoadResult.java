// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * What was measured.
 *
 * @param nanos that it took
 * @param failures operations that had no answer, or were refused
 * @param lastFailure the last of these, or empty
 * @param latencies of those that were answered, in nanoseconds; not to be changed
 */
record LoadResult(long nanos, long failures, String lastFailure, Histogram latencies) {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;

    long operations() {
        return latencies.getTotalCount();
    }

    double perSecond() {
        return operations() * NANOS_PER_SECOND / nanos;
    }

    /** NaN if nothing was answered. */
    double percentileMicros(double percentile) {
        return operations() == 0 ? Double.NaN : latencies.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }

    double maxMicros() {
        return operations() == 0 ? Double.NaN : latencies.getMaxValue() / NANOS_PER_MICRO;
    }

    /** Words for the control channel of a node; the text of the failure comes last. */
    String encode() {
        ByteBuffer bytes = ByteBuffer.allocate(latencies.getNeededByteBufferCapacity());
        int length = latencies.encodeIntoCompressedByteBuffer(bytes);
        String histogram = Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
        return nanos + " " + failures + " " + histogram + " " + lastFailure.replaceAll("\\s+", " ");
    }

    /** @throws IllegalArgumentException if it is not what {@link #encode} wrote */
    static LoadResult parse(String text) {
        String[] words = text.split(" ", 4);
        if (words.length != 4) {
            throw new IllegalArgumentException("load result: '" + text + "' has not four words");
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(words[2]));
            Histogram latencies = Histogram.decodeFromCompressedByteBuffer(bytes, 1);
            return new LoadResult(Long.parseLong(words[0]), Long.parseLong(words[1]), words[3], latencies);
        } catch (DataFormatException | BufferUnderflowException e) {
            throw new IllegalArgumentException("load result: the histogram cannot be read: " + e, e);
        }
    }
}
