// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * The name an operator gives a member: a number from 1, written {@code n1}, {@code n2}, … It stays the same when the
 * member's directory is lost and formatted anew; the {@link Incarnation} does not. Never reuse the id of a member that
 * was removed.
 *
 * @param number from 1 to {@link #NUMBER_MAX}; 0 only in {@link #NONE}
 */
public record NodeId(int number) implements Comparable<NodeId> {

    /** Largest allowed number. */
    public static final int NUMBER_MAX = 1_000_000;

    /** Stands for "no node" in a ballot that nobody owns. */
    public static final NodeId NONE = new NodeId(0);

    public NodeId {
        if (number < 0 || number > NUMBER_MAX) {
            throw new IllegalArgumentException("node id: " + number + " is outside the allowed range 1.." + NUMBER_MAX);
        }
    }

    /**
     * Reads {@code n1} or {@code 1}.
     *
     * @throws IllegalArgumentException if the text is not of that form or out of range
     */
    public static NodeId parse(String text) {
        String digits = text.startsWith("n") ? text.substring(1) : text;
        if (digits.isEmpty() || digits.length() > 7 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(
                    "node id: '" + text + "' is not of the form n1, n2, … with a number in 1.." + NUMBER_MAX);
        }
        NodeId id = new NodeId(Integer.parseInt(digits));
        if (id.isNone()) {
            throw new IllegalArgumentException(
                    "node id: '" + text + "' is outside the allowed range n1..n" + NUMBER_MAX);
        }
        return id;
    }

    public boolean isNone() {
        return number == 0;
    }

    @Override
    public int compareTo(NodeId other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return isNone() ? "none" : "n" + number;
    }
}
