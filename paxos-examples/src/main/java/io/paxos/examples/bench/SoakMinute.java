// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.List;

/**
 * One minute of steady load, and what the processes hold behind it.
 *
 * @param minute from 1
 * @param perSecond operations
 * @param p50Micros latency
 * @param p99Micros latency
 * @param failures operations without an answer
 * @param leader index of the node that led
 * @param heapBytes of each node in use behind a full collection
 * @param residentBytes of each node
 */
record SoakMinute(
        int minute,
        double perSecond,
        double p50Micros,
        double p99Micros,
        long failures,
        int leader,
        List<Double> heapBytes,
        List<Double> residentBytes) {

    SoakMinute {
        heapBytes = List.copyOf(heapBytes);
        residentBytes = List.copyOf(residentBytes);
    }
}
