// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A column of numbers of the results.
 *
 * @param title in the table
 * @param key in the TSV
 * @param of a measurement; NaN for none
 * @param digits behind the point where the number is small; fewer where it is large
 * @param inTable whether the table has it, or only the TSV
 */
record Figure(String title, String key, ToDoubleFunction<Measurement> of, int digits, boolean inTable) {

    static final double MIB = 1 << 20;

    /** What stands for no number. */
    static final String NONE = "-";

    /** With so many digits behind the point, and none if it is not a number; the same in every locale. */
    static String text(double value, int digits, boolean grouped) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return NONE;
        }
        return String.format(Locale.ROOT, "%" + (grouped ? "," : "") + "." + digits + "f", value);
    }

    /** For people: thousands apart, and no digits that mean nothing. */
    String shown(double value) {
        int kept = Math.abs(value) >= 1_000 ? 0 : Math.abs(value) >= 100 ? Math.min(1, digits) : digits;
        return text(value, kept, true);
    }

    /** For programs. */
    String exact(double value) {
        return text(value, digits + 1, false);
    }
}
