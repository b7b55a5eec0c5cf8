// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv.resp;

import java.util.OptionalLong;

/** Decimal numbers as Redis reads them: one spelling each, so no {@code +1}, {@code 01}, {@code -0} or blank. */
public final class Decimal {

    private static final int CHARACTERS_MAX = 20;

    private Decimal() {}

    /** The number, or nothing if the text is not the one spelling of a {@code long}. */
    public static OptionalLong parse(String text) {
        int length = text.length();
        int start = text.startsWith("-") ? 1 : 0;
        if (length == start || length > CHARACTERS_MAX) {
            return OptionalLong.empty();
        }
        for (int i = start; i < length; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        boolean zero = text.charAt(start) == '0';
        if (zero && length > 1) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty(); // twenty digits may be too many
        }
    }
}
