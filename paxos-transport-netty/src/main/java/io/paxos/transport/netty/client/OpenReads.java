// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ReadLevel;
import io.paxos.ReadRefusal;
import io.paxos.transport.netty.client.ClientMessage.ReadAnswer;
import io.paxos.transport.netty.client.ClientMessage.ReadRequest;
import io.paxos.transport.netty.client.ClientMessage.ReadStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The reads that have no answer: which node each was asked of, and when it is asked of another one. A read has no effect, so
 * it may be asked as often as the budget allows; the first answer ends it.
 *
 * <p>What the leader has to confirm is asked of the leader: any other node would have to ask it in turn, which costs the leader
 * as much as an answer of its own ({@code docs/decisions/0021-clients-ask-the-leader.md}). It is spared when it does not keep
 * up, that is when {@link #AT_LEADER_MAX} of ours wait for it. All other reads are spread: to the node with the fewest of
 * ours, {@link #TOGETHER_MAX} of one turn to the same, since many that come to a node together cost it little more than one.
 *
 * <p>Without socket, thread and clock: the time in milliseconds comes with each call. One thread at a time.
 */
final class OpenReads {

    /** What is to be done with a read. Called back during calls, never between. */
    interface Port {
        void send(int node, ReadRequest read);

        void settle(PendingRead read, ReadAnswer answer);
    }

    /** From so many of ours on, the leader is asked no more than anybody else. */
    static final int AT_LEADER_MAX = 512;

    /** So many go the same way before another node is looked for. */
    static final int TOGETHER_MAX = 64;

    private static final int NONE = HomeChoice.NONE;

    private static final class Node {
        private int readsMax;
        private int queryBytesMax;
        private int open;
    }

    private final Port port;
    private final RetryBudget budget;
    private final int answerMillis;
    private final int pauseMillis;
    private final List<Node> nodes = new ArrayList<>();

    private final AskedReads asked = new AskedReads();

    private final ArrayDeque<PendingRead> waiting = new ArrayDeque<>();
    private int leading = NONE;
    private int lastChosen;

    /** That any node takes, of those that have said so; 0 while none has. */
    private int longestQuery;

    private boolean allSaid;

    /** How many more go there in this turn. */
    private int together;

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
        allSaid = false;
    }

    void offer(PendingRead read) {
        waiting.add(read);
    }

    void opened(int node, int readsMax, int queryBytesMax) {
        nodes.get(node).readsMax = readsMax;
        nodes.get(node).queryBytesMax = queryBytesMax;
        longestQuery = nodes.stream().mapToInt(each -> each.queryBytesMax).max().orElse(0);
        allSaid = nodes.stream().allMatch(each -> each.queryBytesMax > 0);
    }

    /** Which node says that it leads, or {@link HomeChoice#NONE}. */
    void leading(int node) {
        leading = node;
    }

    /** Its reads are asked of others. */
    void closed(int node, long nowMillis) {
        nodes.get(node).readsMax = 0;
        takeBack(read -> read.node() == node, nowMillis);
    }

    /** An answer of any node to any attempt; one that comes too late changes nothing. */
    void answered(ReadAnswer answer, long nowMillis) {
        PendingRead read = asked.remove(answer.id());
        if (read == null) {
            return;
        }
        nodes.get(read.node()).open--;
        ReadRefusal refusal = answer.status().refusal();
        boolean elsewhere = refusal != null && refusal != ReadRefusal.THREW && refusal != ReadRefusal.TOO_LARGE;
        if (elsewhere && nowMillis < read.deadlineMillis()) {
            read.failed(answer, nowMillis + pauseMillis);
            waiting.add(read);
            return;
        }
        budget.answered();
        port.settle(read, answer);
    }

    /** Sends what may be sent now. */
    void pump(long nowMillis) {
        together = 0;
        for (int left = waiting.size(); left > 0; left--) {
            PendingRead read = waiting.remove();
            if (allSaid && isTooLarge(read)) {
                port.settle(read, tooLarge(read));
                continue;
            }
            int node = nowMillis < read.notBeforeMillis() ? NONE : choose(read);
            if (node == NONE || (read.wasSent() && !budget.take(nowMillis))) {
                waiting.add(read);
                continue;
            }
            nodes.get(node).open++;
            long id = asked.add(read);
            read.sent(node, nowMillis);
            int timeoutMillis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, read.deadlineMillis() - nowMillis));
            port.send(node, new ReadRequest(id, read.level(), timeoutMillis, read.query()));
        }
    }

    private boolean isTooLarge(PendingRead read) {
        return longestQuery > 0 && read.query().length > longestQuery;
    }

    private ReadAnswer tooLarge(PendingRead read) {
        String text = "query: " + read.query().length + " bytes are outside the allowed range 0.." + longestQuery;
        return new ReadAnswer(0, ReadStatus.TOO_LARGE, 0, -1, text.getBytes(StandardCharsets.US_ASCII));
    }

    private int choose(PendingRead read) {
        if (isConfirmedByLeader(read.level().kind())
                && leading != NONE
                && nodes.get(leading).open < AT_LEADER_MAX
                && isFit(leading, read)) {
            return leading;
        }
        if (together > 0 && isFit(lastChosen, read)) {
            together--;
            return lastChosen;
        }
        int best = NONE;
        for (int i = 1; i <= nodes.size(); i++) {
            int node = (lastChosen + i) % nodes.size();
            if (isFit(node, read) && (best == NONE || nodes.get(node).open < nodes.get(best).open)) {
                best = node;
            }
        }
        if (best == NONE) {
            return ifRoom(read.lastFailed(), read);
        }
        lastChosen = best;
        together = TOGETHER_MAX - 1;
        return best;
    }

    private static boolean isConfirmedByLeader(ReadLevel.Kind kind) {
        return switch (kind) {
            case LINEARIZABLE, LEASED -> true;
            case AT_LEAST, LOCAL -> false;
        };
    }

    private boolean isFit(int node, PendingRead read) {
        return node != read.lastFailed() && ifRoom(node, read) != NONE;
    }

    private int ifRoom(int node, PendingRead read) {
        if (node == NONE) {
            return NONE;
        }
        Node at = nodes.get(node);
        return at.open < at.readsMax && read.query().length <= at.queryBytesMax ? node : NONE;
    }

    /** Does what is due by now. */
    void tick(long nowMillis) {
        if (!asked.isEmpty()) {
            takeBack(
                    read -> read.sentMillis() <= nowMillis - answerMillis || read.deadlineMillis() <= nowMillis,
                    nowMillis);
        }
        Iterator<PendingRead> each = waiting.iterator();
        while (each.hasNext()) {
            PendingRead read = each.next();
            if (read.deadlineMillis() <= nowMillis) {
                each.remove();
                port.settle(read, isTooLarge(read) ? tooLarge(read) : read.lastAnswer());
            }
        }
    }

    /** Takes back some of those that were asked. */
    private void takeBack(Predicate<PendingRead> which, long nowMillis) {
        asked.removeIf(which, read -> {
            nodes.get(read.node()).open--;
            read.failed(null, nowMillis);
            waiting.add(read);
        });
    }

    /** Tells everybody that the client is closed. */
    void abandon(ReadAnswer answer) {
        asked.removeIf(read -> true, read -> port.settle(read, answer));
        for (PendingRead read : waiting) {
            port.settle(read, answer);
        }
        waiting.clear();
    }

    boolean isBusy() {
        return !waiting.isEmpty() || !asked.isEmpty();
    }
}
