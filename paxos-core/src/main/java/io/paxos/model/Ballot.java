// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * The number of one attempt to lead (the "proposal number" of Paxos Made Simple, section 2.2). Totally ordered by
 * round, then owner; since the owner carries its incarnation, no two attempts ever share a ballot (hazards S5, P8).
 *
 * @param round from 1 to {@link #ROUND_MAX}; 0 only in {@link #NONE}
 * @param owner the one member that may propose at this ballot
 */
public record Ballot(long round, MemberId owner) implements Comparable<Ballot> {

    /** Below every ballot that can be prepared. */
    public static final Ballot NONE = new Ballot(0, MemberId.NONE);

    /** The last usable round; an attempt above it stops the node instead of wrapping (hazard P9). */
    public static final long ROUND_MAX = Long.MAX_VALUE - 1;

    public Ballot {
        if (round < 0 || round > ROUND_MAX) {
            throw new IllegalArgumentException(
                    "ballot round: " + round + " is outside the allowed range 0.." + ROUND_MAX);
        }
        if ((round == 0) != owner.isNone()) {
            throw new IllegalArgumentException("ballot: round " + round + " does not fit owner " + owner);
        }
    }

    public boolean isNone() {
        return round == 0;
    }

    public boolean isAbove(Ballot other) {
        return compareTo(other) > 0;
    }

    public static Ballot max(Ballot a, Ballot b) {
        return a.isAbove(b) ? a : b;
    }

    @Override
    public int compareTo(Ballot other) {
        int byRound = Long.compare(round, other.round);
        return byRound != 0 ? byRound : owner.compareTo(other.owner);
    }

    /** As in {@code 7.n2}; the incarnation is left out. */
    @Override
    public String toString() {
        return isNone() ? "none" : round + "." + owner.node();
    }
}
