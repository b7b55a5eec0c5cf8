// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * From virtual time to the height on the page. Not linear: an idle stretch is compressed and a busy one stretched, so that
 * neither a heartbeat interval of nothing nor fifty events in a millisecond makes the picture useless. Order is kept: later is
 * never higher.
 */
final class TimeScale {

    private static final double LEAST_STEP = 2.6;
    private static final double MOST_STEP = 30;
    private static final double STEP_OF_A_MILLI = 8;

    private final NavigableMap<Long, Double> heights = new TreeMap<>();
    private final double height;

    /** @param times of everything that is drawn, in microseconds */
    TimeScale(SortedSet<Long> times, double top) {
        double y = top;
        Long previous = null;
        for (Long time : times) {
            if (previous != null) {
                double millis = (time - previous) / 1_000.0;
                y += Math.max(LEAST_STEP, Math.min(MOST_STEP, STEP_OF_A_MILLI * Math.sqrt(millis)));
            }
            heights.put(time, y);
            previous = time;
        }
        this.height = y;
    }

    /** Where that moment is; moments outside of what is drawn are at its edge. */
    double y(long micros) {
        var below = heights.floorEntry(micros);
        var above = heights.ceilingEntry(micros);
        if (below == null) {
            return above == null ? height : above.getValue();
        }
        if (above == null || above.getKey().equals(below.getKey())) {
            return below.getValue();
        }
        double part = (double) (micros - below.getKey()) / (above.getKey() - below.getKey());
        return below.getValue() + part * (above.getValue() - below.getValue());
    }

    long firstMicros() {
        return heights.isEmpty() ? 0 : heights.firstKey();
    }

    long lastMicros() {
        return heights.isEmpty() ? 0 : heights.lastKey();
    }

    double bottom() {
        return height;
    }

    /** Moments for the axis: times of real events, at least so far apart. */
    List<Long> ticks(double distance) {
        List<Long> ticks = new ArrayList<>();
        double next = Double.NEGATIVE_INFINITY;
        for (var entry : heights.entrySet()) {
            if (entry.getValue() >= next) {
                ticks.add(entry.getKey());
                next = entry.getValue() + distance;
            }
        }
        return ticks;
    }
}
