// SPDX-License-Identifier: Apache-2.0
package io.paxos.cost;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a load was seen to cost, against {@link Bound}s.
 *
 * <p>The least of several blocks counts. Compilers, which run when they like, only ever take costs away, and what a block has too
 * many of (a segment that began, a mark that came because the machine stood still) the next one has not. So a good build
 * passes at its first warm block, and a bad one fails however often it is measured.
 *
 * <p>To record bounds anew, run the tests with {@code -Dcosts.record=true}: nothing fails then, all blocks are measured, and
 * each figure is printed with its bound.
 */
public final class Costs {

    private static final boolean RECORDS = Boolean.getBoolean("costs.record");

    private final Map<Bound, Double> least = new LinkedHashMap<>();

    /** One block's figure. */
    public void saw(Bound bound, double measured) {
        least.merge(bound, measured, Math::min);
    }

    /**
     * Runs a block of load until all that it saw is within its bounds, or so many times.
     *
     * @param blocksMax at most; enough that the last ones run compiled
     * @param block the load; tells what it saw
     * @throws AssertionError if something never was within its bound
     */
    public static void of(int blocksMax, Consumer<Costs> block) {
        Costs costs = new Costs();
        for (int done = 0; done < blocksMax; done++) {
            block.accept(costs);
            if (!RECORDS && costs.exceeded().isEmpty()) {
                return;
            }
        }
        if (RECORDS) {
            costs.least.forEach((bound, measured) -> System.out.printf(
                    Locale.ROOT,
                    "costs | %s | %s | %s | bound %s%n",
                    bound.what(),
                    bound.unit(),
                    number(measured),
                    number(bound.most())));
            return;
        }
        throw new AssertionError("the least of " + blocksMax + " blocks:\n" + String.join("\n", costs.exceeded()));
    }

    private List<String> exceeded() {
        return least.entrySet().stream()
                .filter(each -> !each.getKey().allows(each.getValue()))
                .map(each -> each.getKey().explain(each.getValue()))
                .toList();
    }

    static String number(double value) {
        return String.format(Locale.ROOT, value < 1 ? "%.4f" : value < 100 ? "%.2f" : "%,.0f", value);
    }
}
