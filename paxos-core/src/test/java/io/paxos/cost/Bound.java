// SPDX-License-Identifier: Apache-2.0
package io.paxos.cost;

import java.util.Locale;

/**
 * What something may cost at most.
 *
 * @param what of which load, and of whom
 * @param unit as in {@code bytes allocated per command}
 * @param most the bound: about 1.3 times what was recorded
 * @param look where to look if it costs more
 */
public record Bound(String what, String unit, double most, String look) {

    boolean allows(double measured) {
        return measured <= most;
    }

    /** One line for a person: what was measured, what is allowed, and where to look. */
    String explain(double measured) {
        return String.format(
                Locale.ROOT,
                "%s: %s %s, the bound is %s; look at %s",
                what,
                Costs.number(measured),
                unit,
                Costs.number(most),
                look);
    }
}
