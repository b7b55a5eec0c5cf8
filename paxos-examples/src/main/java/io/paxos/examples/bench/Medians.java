// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The same load in several rounds, as one: the median of each figure. */
final class Medians {

    private Medians() {}

    /** Those that belong together, in the order of the first of them. */
    static List<List<Measurement>> groups(List<Measurement> all) {
        Map<Integer, List<Measurement>> groups = new LinkedHashMap<>();
        for (Measurement each : all) {
            groups.computeIfAbsent(each.number(), unused -> new ArrayList<>()).add(each);
        }
        return List.copyOf(groups.values());
    }

    /** The median of what is a number; NaN if nothing is. */
    static double of(List<Measurement> group, ToDoubleFunction<Measurement> figure) {
        return of(group.stream().mapToDouble(figure).toArray());
    }

    /** The one in the middle, or between the two in the middle, of those that are numbers; NaN if none is. */
    static double of(double... values) {
        double[] numbers = Arrays.stream(values)
                .filter(each -> !Double.isNaN(each))
                .sorted()
                .toArray();
        int half = numbers.length / 2;
        if (numbers.length == 0) {
            return Double.NaN;
        }
        return numbers.length % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
    }
}
