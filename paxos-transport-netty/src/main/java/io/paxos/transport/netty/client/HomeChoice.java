// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * At which of the nodes a client has its session. That is where a command needs the fewest hops: at the leader, as soon as a
 * node says of itself that it leads; until then at any that is there. What others say about a leader moves nobody: else two
 * nodes that each take the other one for the leader would send a client to and fro. One thread at a time.
 */
final class HomeChoice {
    /** No node. */
    static final int NONE = -1;

    private static final class Candidate {
        private boolean open;
        private NodeId node = NodeId.NONE;
        private NodeId leader = NodeId.NONE;

        /** When it said last that it leads; the latest one is right. */
        private long leadsSince;

        private long avoidedUntilMillis = Long.MIN_VALUE;

        boolean leads() {
            return open && !node.isNone() && node.equals(leader);
        }

        boolean isAvoided(long nowMillis) {
            return nowMillis < avoidedUntilMillis;
        }
    }

    private final List<Candidate> candidates = new ArrayList<>();
    private final int avoidMillis;
    private final LongUnaryOperator randomBelow;
    private long claims;

    /**
     * @param avoidMillis for how long a node that was left is not chosen again
     */
    HomeChoice(int avoidMillis, LongUnaryOperator randomBelow) {
        this.avoidMillis = avoidMillis;
        this.randomBelow = randomBelow;
    }

    /** One more node; its number is how many there were before. */
    void add() {
        candidates.add(new Candidate());
    }

    /** There is a connection to that node. */
    void opened(int index, NodeId node, NodeId leader) {
        Candidate candidate = candidates.get(index);
        candidate.open = true;
        candidate.node = node;
        said(candidate, leader);
    }

    void closed(int index) {
        Candidate candidate = candidates.get(index);
        candidate.open = false;
        candidate.leader = NodeId.NONE;
    }

    /** Whom that node takes for the leader from now on. If it begins to lead, it is of use again. */
    void leaderSaid(int index, NodeId leader) {
        Candidate candidate = candidates.get(index);
        boolean led = candidate.leads();
        said(candidate, leader);
        if (candidate.leads() && !led) {
            candidate.avoidedUntilMillis = Long.MIN_VALUE;
        }
    }

    private void said(Candidate candidate, NodeId leader) {
        candidate.leader = leader;
        if (candidate.leads()) {
            candidate.leadsSince = ++claims;
        }
    }

    /** That node was of no use. */
    void left(int index, long nowMillis) {
        candidates.get(index).avoidedUntilMillis = nowMillis + avoidMillis;
    }

    /** Whether there is a connection to that node. */
    boolean isOpenTo(NodeId node) {
        return candidates.stream().anyMatch(candidate -> candidate.open && candidate.node.equals(node));
    }

    /** Which one says that it leads; {@link #NONE} if none does. */
    int leading() {
        int best = NONE;
        for (int i = 0; i < candidates.size(); i++) {
            boolean later = best == NONE || candidates.get(i).leadsSince > candidates.get(best).leadsSince;
            best = candidates.get(i).leads() && later ? i : best;
        }
        return best;
    }

    /**
     * The home to have now.
     *
     * @param current the one it is, or {@link #NONE}
     * @return {@link #NONE} if there is none to be had now
     */
    int choose(int current, long nowMillis) {
        int leading = leading();
        if (leading != NONE && !candidates.get(leading).isAvoided(nowMillis)) {
            return leading;
        }
        if (current != NONE && candidates.get(current).open) {
            return current;
        }
        return anyOf(nowMillis);
    }

    private int anyOf(long nowMillis) {
        List<Integer> fit = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            if (candidate.open && !candidate.isAvoided(nowMillis)) {
                fit.add(i);
            }
        }
        return fit.isEmpty() ? NONE : fit.get((int) randomBelow.applyAsLong(fit.size()));
    }
}
