// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import java.util.ArrayDeque;

/**
 * How old the state here may be, as far as this node has heard: at which time a leader with a quorum knew nothing that is not
 * applied here now.
 */
final class Freshness {

    /** Words that wait for what they speak of to be applied; when there are more, the newest are not listened to. */
    private static final int WORDS_MAX = 256;

    private record Word(long knownChosen, long millis) {}

    private final ArrayDeque<Word> words = new ArrayDeque<>();
    private long freshMillis = -1;

    /** A leader that said it has a quorum knew so much. */
    void heard(long knownChosen, long nowMillis) {
        if (words.size() < WORDS_MAX) {
            words.addLast(new Word(knownChosen, nowMillis));
        }
    }

    /** The latest time at which nothing more was known than is applied; -1 if there is none. */
    long millis(long applied) {
        Word first = words.peekFirst();
        while (first != null && first.knownChosen <= applied) {
            freshMillis = first.millis;
            words.removeFirst();
            first = words.peekFirst();
        }
        return freshMillis;
    }
}
