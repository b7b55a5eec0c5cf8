// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * The operator's name for a cluster. A node never talks to a member of a cluster of another name.
 *
 * @param name 1 to {@link #LENGTH_MAX} characters of {@code A-Z a-z 0-9 . _ -}
 */
public record ClusterId(String name) {

    /** Longest allowed name, in characters. */
    public static final int LENGTH_MAX = 64;

    public ClusterId {
        boolean allowed =
                !name.isEmpty() && name.length() <= LENGTH_MAX && name.chars().allMatch(ClusterId::isAllowed);
        if (!allowed) {
            throw new IllegalArgumentException(
                    "cluster id: '" + name + "' must have 1.." + LENGTH_MAX + " characters, each of A-Z a-z 0-9 . _ -");
        }
    }

    private static boolean isAllowed(int c) {
        boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        boolean digit = c >= '0' && c <= '9';
        return letter || digit || c == '.' || c == '_' || c == '-';
    }

    @Override
    public String toString() {
        return name;
    }
}
