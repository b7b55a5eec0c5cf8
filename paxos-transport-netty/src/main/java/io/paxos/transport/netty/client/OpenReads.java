// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ReadLevel;
import io.paxos.ReadRefusal;
import io.paxos.transport.netty.client.ClientMessage.ReadAnswer;
import io.paxos.transport.netty.client.ClientMessage.ReadRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The reads that have no answer: which node each was asked of, and when it is asked of another one. A read has no effect, so
 * it may be asked as often as the budget allows; the first answer ends it. Reads are spread: each goes to the node with the
 * fewest of ours; those that live on the leader's lease go to the leader.
 *
 * <p>Without socket, thread and clock: the time in milliseconds comes with each call. One thread at a time.
 */
final class OpenReads {

    /** What is to be done with a read. Called back during calls, never between. */
    interface Port {
        void send(int node, ReadRequest read);

        void settle(PendingRead read, ReadAnswer answer);
    }

    private static final int NONE = HomeChoice.NONE;

    private static final class Node {
        private int readsMax;
        private int open;
    }

    private static final class Attempt {
        private final PendingRead read;
        private final int node;
        private final long sentMillis;

        Attempt(PendingRead read, int node, long sentMillis) {
            this.read = read;
            this.node = node;
            this.sentMillis = sentMillis;
        }
    }

    private final Port port;
    private final RetryBudget budget;
    private final int answerMillis;
    private final int pauseMillis;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Long, Attempt> attempts = new LinkedHashMap<>();
    private final ArrayDeque<PendingRead> waiting = new ArrayDeque<>();
    private int leading = NONE;
    private int lastChosen;
    private long nextId = 1;

    /**
     * @param answerMillis a read without an answer for this long is asked of another node
     * @param pauseMillis how long a read rests that was refused
     */
    OpenReads(Port port, RetryBudget budget, int answerMillis, int pauseMillis) {
        this.port = port;
        this.budget = budget;
        this.answerMillis = answerMillis;
        this.pauseMillis = pauseMillis;
    }

    void addNode() {
        nodes.add(new Node());
    }

    void offer(PendingRead read) {
        waiting.add(read);
    }

    void opened(int node, int readsMax) {
        nodes.get(node).readsMax = readsMax;
    }

    /** Which node says that it leads, or {@link HomeChoice#NONE}. */
    void leading(int node) {
        leading = node;
    }

    /** Its reads are asked of others. */
    void closed(int node, long nowMillis) {
        nodes.get(node).readsMax = 0;
        takeBack(node, Long.MIN_VALUE, nowMillis);
    }

    /** An answer of any node to any attempt; one that comes too late changes nothing. */
    void answered(ReadAnswer answer, long nowMillis) {
        Attempt attempt = attempts.remove(answer.id());
        if (attempt == null) {
            return;
        }
        nodes.get(attempt.node).open--;
        PendingRead read = attempt.read;
        ReadRefusal refusal = answer.status().refusal();
        boolean elsewhere = refusal != null && refusal != ReadRefusal.THREW;
        if (elsewhere && nowMillis < read.deadlineMillis()) {
            read.failed(attempt.node, answer, nowMillis + pauseMillis);
            waiting.add(read);
            return;
        }
        budget.answered();
        port.settle(read, answer);
    }

    /** Sends what may be sent now. */
    void pump(long nowMillis) {
        for (int left = waiting.size(); left > 0; left--) {
            PendingRead read = waiting.remove();
            int node = nowMillis < read.notBeforeMillis() ? NONE : choose(read);
            if (node == NONE || (read.wasSent() && !budget.take(nowMillis))) {
                waiting.add(read);
                continue;
            }
            nodes.get(node).open++;
            lastChosen = node;
            long id = nextId++;
            attempts.put(id, new Attempt(read, node, nowMillis));
            read.sent();
            int timeoutMillis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, read.deadlineMillis() - nowMillis));
            port.send(node, new ReadRequest(id, read.level(), timeoutMillis, read.query()));
        }
    }

    private int choose(PendingRead read) {
        if (read.level().kind() == ReadLevel.Kind.LEASED && leading != NONE && isFit(leading, read)) {
            return leading;
        }
        int best = NONE;
        for (int i = 1; i <= nodes.size(); i++) {
            int node = (lastChosen + i) % nodes.size();
            if (isFit(node, read) && (best == NONE || nodes.get(node).open < nodes.get(best).open)) {
                best = node;
            }
        }
        return best != NONE ? best : ifRoom(read.lastFailed());
    }

    private boolean isFit(int node, PendingRead read) {
        return node != read.lastFailed() && ifRoom(node) != NONE;
    }

    private int ifRoom(int node) {
        return node != NONE && nodes.get(node).open < nodes.get(node).readsMax ? node : NONE;
    }

    /** Does what is due by now. */
    void tick(long nowMillis) {
        for (int node = 0; node < nodes.size(); node++) {
            takeBack(node, nowMillis - answerMillis, nowMillis);
        }
        Iterator<PendingRead> each = waiting.iterator();
        while (each.hasNext()) {
            PendingRead read = each.next();
            if (read.deadlineMillis() <= nowMillis) {
                each.remove();
                port.settle(read, read.lastAnswer());
            }
        }
    }

    /** Takes back what that node was asked before the given time. */
    private void takeBack(int node, long sentBeforeMillis, long nowMillis) {
        if (nodes.get(node).open == 0) {
            return;
        }
        Iterator<Attempt> each = attempts.values().iterator();
        while (each.hasNext()) {
            Attempt attempt = each.next();
            boolean late = sentBeforeMillis == Long.MIN_VALUE
                    || attempt.sentMillis <= sentBeforeMillis
                    || attempt.read.deadlineMillis() <= nowMillis;
            if (attempt.node == node && late) {
                each.remove();
                nodes.get(node).open--;
                attempt.read.failed(node, null, nowMillis);
                waiting.add(attempt.read);
            }
        }
    }

    /** Tells everybody that the client is closed. */
    void abandon(ReadAnswer answer) {
        for (Attempt attempt : attempts.values()) {
            port.settle(attempt.read, answer);
        }
        attempts.clear();
        for (PendingRead read : waiting) {
            port.settle(read, answer);
        }
        waiting.clear();
    }

    boolean isBusy() {
        return !waiting.isEmpty() || !attempts.isEmpty();
    }
}
