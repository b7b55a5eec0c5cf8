// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import java.util.ArrayList;
import java.util.List;

/**
 * What a lock is to protect, as it has to be built: it remembers the highest token it has seen, and refuses every lower one. A
 * database column with a conditional update, or an object store's conditional put, does the same. Any thread.
 */
public final class FencedStorage {

    private final List<String> lines = new ArrayList<>();
    private FencingToken highest = FencingToken.NONE;

    /** Storage with nothing in it. */
    public FencedStorage() {}

    /**
     * Appends a line.
     *
     * @param token of the lock under which it is written
     * @return false, with nothing written, if somebody wrote under a later grant already
     */
    public synchronized boolean append(FencingToken token, String line) {
        if (token.compareTo(highest) < 0) {
            return false;
        }
        highest = token;
        lines.add(line);
        return true;
    }

    /** What was written, in order. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
