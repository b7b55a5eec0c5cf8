// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.ChosenValues;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Sends learners what was chosen, unasked, and remembers how far each of them is. Every voter hears the latter; only a leader
 * does the former.
 *
 * <pre>
 *   silent ── it said how far it is ──▶ pushed to ── too much under way ──▶ left to pull
 *      ▲                                  │    ▲                              │
 *      └── silent for an election timeout ┴────┼──────────────────────────────┤
 *                                              └── it said that it has that ──┘
 * </pre>
 *
 * <p>What is under way to a learner, sent and not said to be there, is no more than a page; whatever exceeds it is not sent
 * again: a learner that hears of more than it has pulls it, from whomever it likes ({@link CatchUp}). So a learner that is
 * slow or gone costs the leader a page of memory, and is never waited for.
 */
final class Pushes {

    private static final class Reached {
        private long knownChosen;
        private long heardMillis = -1;
        private final TreeMap<Long, Integer> underWay = new TreeMap<>();
        private long bytes;
    }

    private final Timing timing;
    private final Limits limits;
    private final TreeMap<NodeId, Reached> learners = new TreeMap<>();

    Pushes(Timing timing, Limits limits, Memberships memberships) {
        this.timing = timing;
        this.limits = limits;
        for (NodeId learner : memberships.learners()) {
            learners.put(learner, new Reached());
        }
    }

    /** A learner said how far it is. One whose directory was lost may say less than before. */
    void heard(NodeId learner, long knownChosen, long nowMillis) {
        Reached reached = learners.get(learner);
        if (reached == null) {
            return;
        }
        reached.knownChosen = knownChosen;
        reached.heardMillis = nowMillis;
        while (!reached.underWay.isEmpty() && reached.underWay.firstKey() <= knownChosen) {
            reached.bytes -= reached.underWay.pollFirstEntry().getValue();
        }
    }

    /**
     * Sends what was just chosen to every learner that takes it in.
     *
     * @param chosen in ascending order
     */
    void push(List<Proposal> chosen, long knownChosen, Outbox out) {
        if (chosen.isEmpty()) {
            return;
        }
        learners.forEach((learner, reached) -> {
            boolean live = reached.heardMillis >= 0
                    && out.nowMillis() - reached.heardMillis < timing.electionTimeoutMinMillis();
            List<Proposal> sent = live ? takenBy(reached, chosen) : List.of();
            if (!sent.isEmpty()) {
                out.sendNow(learner, new ChosenValues(sent, knownChosen));
            }
        });
    }

    private List<Proposal> takenBy(Reached reached, List<Proposal> chosen) {
        List<Proposal> sent = new ArrayList<>();
        for (Proposal each : chosen) {
            int length = each.value().length();
            boolean fits = reached.underWay.isEmpty()
                    || (reached.underWay.size() < limits.pageSlotsMax()
                            && reached.bytes + length <= limits.pageBytesMax());
            if (fits && each.slot() > reached.knownChosen && reached.underWay.put(each.slot(), length) == null) {
                reached.bytes += length;
                sent.add(each);
            }
        }
        return sent;
    }

    List<ReplicaStatus.LearnerProgress> progress(long nowMillis) {
        List<ReplicaStatus.LearnerProgress> progress = new ArrayList<>();
        learners.forEach((learner, reached) -> progress.add(new ReplicaStatus.LearnerProgress(
                learner,
                reached.knownChosen,
                reached.heardMillis < 0 ? -1 : Math.max(0, nowMillis - reached.heardMillis))));
        return progress;
    }
}
