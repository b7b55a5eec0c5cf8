// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Pulls chosen values from whoever has them, in bounded pages, one request at a time, and answers the pulls of others
 * with a read of the journal.
 *
 * <pre>
 *   content ── another member knows more, and the prefix has stood still for a while ──▶ asking
 *      ▲    ── a notice could not be proven, or a refusal says "known chosen" ──────────▶ asking
 *      │                                                                                   │
 *      └── page with the nonce of the request, prefix reached ─────────────────────────────┤
 *          page, more to come: ask the same member again; empty or no page: ask another ───┘
 * </pre>
 *
 * <p>A page that comes when another member was asked already is learnt all the same ({@link PageRequests}).
 */
final class CatchUp {

    private final Timing timing;
    private final Limits limits;
    private final MemberId self;
    private final Learner learner;
    private final PageRequests requests;
    private final TreeMap<NodeId, Long> prefixes = new TreeMap<>();
    private long wanted;
    private boolean urgent;
    private NodeId source = NodeId.NONE;
    private long lastPrefix;
    private long prefixMovedMillis;

    CatchUp(Timing timing, Limits limits, MemberId self, Learner learner, SplittableRandom random) {
        this.timing = timing;
        this.limits = limits;
        this.self = self;
        this.learner = learner;
        this.requests = new PageRequests(timing.electionTimeoutMinMillis(), random);
    }

    /** A member said how far it knows. */
    void heardPrefix(MemberId member, long knownChosen) {
        if (!member.equals(self)) {
            prefixes.merge(member.node(), knownChosen, Math::max);
            wanted = Math.max(wanted, knownChosen);
        }
    }

    /** This slot is chosen, and its value has to be fetched: do not wait. */
    void missing(long slot) {
        if (slot > learner.knownChosen()) {
            wanted = Math.max(wanted, slot);
            urgent = true;
        }
    }

    /** The highest slot that anybody said is chosen; 0 for none. */
    long highestHeard() {
        return wanted;
    }

    /** At the end of each step, and as time passes. */
    void pull(Outbox out) {
        long now = out.nowMillis();
        long prefix = learner.knownChosen();
        if (prefix > lastPrefix) {
            lastPrefix = prefix;
            prefixMovedMillis = now;
        }
        if (wanted <= prefix || !learner.takesValuesIn()) {
            urgent = false;
            requests.end();
            prefixMovedMillis = now;
            return;
        }
        boolean stalled = now - prefixMovedMillis >= 2 * timing.heartbeatMillis();
        if (requests.isOverdue(now) || (!requests.isUnderWay() && (urgent || stalled))) {
            ask(nextSource(), out);
        }
    }

    private void ask(@Nullable NodeId from, Outbox out) {
        if (from == null) {
            requests.end();
            return;
        }
        source = from;
        long nonce = requests.begin(out.nowMillis());
        long first = learner.knownChosen() + 1;
        long last = Math.min(first + limits.pageSlotsMax() - 1, prefixes.getOrDefault(from, first));
        out.sendNow(
                from, new CatchUpRequest(nonce, new SlotRange(first, Math.max(first, last)), learner.knownChosen()));
    }

    /** The next member after the last one asked, in cyclic order, that knows more than this one. */
    private @Nullable NodeId nextSource() {
        return sourceFor(learner.knownChosen() + 1, source);
    }

    /** The next member after that one, in cyclic order, that said it knows the prefix up to that slot. */
    @Nullable
    NodeId sourceFor(long slot, NodeId after) {
        NodeId first = null;
        for (var each : prefixes.entrySet()) {
            if (each.getValue() >= slot) {
                if (each.getKey().compareTo(after) > 0) {
                    return each.getKey();
                }
                first = first == null ? each.getKey() : first;
            }
        }
        return first;
    }

    void onPage(MemberId from, CatchUpPage page, Outbox out) {
        PageRequests.Answer answer = requests.answered(page.nonce(), out.nowMillis());
        if (answer == PageRequests.Answer.STRANGE) {
            return;
        }
        for (Proposal chosen : page.chosen()) {
            learner.learn(chosen, out);
        }
        if (page.floor() > learner.knownChosen()) {
            out.notice(new Notice.SnapshotNeeded(from.node(), page.floor()));
        }
        if (answer == PageRequests.Answer.LATE) {
            return; // another request is under way
        }
        if (page.chosen().isEmpty()) {
            // It has less than it said, or cannot read it just now. Another one may; a lone source is asked again
            // later.
            prefixes.put(from.node(), 0L);
        } else if (prefixes.getOrDefault(from.node(), 0L) > learner.knownChosen()) {
            ask(from.node(), out);
        }
    }

    void onRequest(MemberId from, CatchUpRequest request, Outbox out) {
        SlotRange slots = request.slots();
        long last = Math.min(slots.last(), learner.knownChosen());
        last = Math.min(last, slots.first() + limits.pageSlotsMax() - 1);
        if (slots.first() <= learner.floor() || last < slots.first()) {
            out.sendNow(
                    from.node(),
                    new CatchUpPage(
                            request.nonce(),
                            slots.first(),
                            java.util.List.of(),
                            learner.floor(),
                            learner.knownChosen()));
        } else {
            out.notice(new Notice.CatchUpRead(from.node(), request.nonce(), new SlotRange(slots.first(), last)));
        }
    }
}
