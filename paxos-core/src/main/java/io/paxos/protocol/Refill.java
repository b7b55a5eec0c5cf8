// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Fetches chosen values that were in this member's journal and cannot be read any more: holes below the known-chosen prefix.
 * They are asked for like what {@link CatchUp} is missing, from any member that knows as much, and journalled anew.
 *
 * <pre>
 *   whole ── the journal found values unknown, at start or by a read ──▶ asking a member for the lowest hole
 *      ▲                                                                   │ page with the nonce of the request
 *      ├── no hole is left ────────────────────────────────────────────────┤
 *      │        values filled some: ask the same member for the next ──────┤
 *      │        it has none, or does not answer: wait, then ask another ───┘
 * </pre>
 *
 * <p>The prefix does not go back for a hole: the slots are chosen, and nobody is to propose there. A (hole at 5) and B
 * (hole at 9) serve each other. If everybody has the same hole, it stays one, and whoever has not applied the slot yet
 * stops there; no value is made up for it (hazard S10).
 */
final class Refill {

    private final Timing timing;
    private final Limits limits;
    private final Learner learner;
    private final CatchUp catchUp;
    private final SplittableRandom random;
    private final TreeMap<Long, Long> holes = new TreeMap<>();
    private long nonce;
    private NodeId source = NodeId.NONE;
    private long askedMillis;
    private long notBeforeMillis;

    Refill(
            DurableState remembered,
            Timing timing,
            Limits limits,
            Learner learner,
            CatchUp catchUp,
            SplittableRandom random) {
        this.timing = timing;
        this.limits = limits;
        this.learner = learner;
        this.catchUp = catchUp;
        this.random = random;
        remembered.unknown().forEach(this::unknown);
    }

    /** The journal cannot read these any more. Above the prefix they are fetched, or voted for anew, in any case. */
    void unknown(SlotRange slots) {
        long first = slots.first();
        long last = Math.min(slots.last(), learner.knownChosen());
        if (last < first) {
            return;
        }
        Map.Entry<Long, Long> before = holes.floorEntry(first);
        if (before != null && before.getValue() >= first - 1) {
            first = before.getKey();
            last = Math.max(last, before.getValue());
        }
        for (Map.Entry<Long, Long> each = holes.ceilingEntry(first);
                each != null && each.getKey() <= last + 1;
                each = holes.ceilingEntry(first)) {
            last = Math.max(last, each.getValue());
            holes.remove(each.getKey());
        }
        holes.put(first, last);
    }

    /** The lowest hole, or 0. */
    long lowest() {
        return holes.isEmpty() ? 0 : holes.firstKey();
    }

    /** At the end of each step, and as time passes. */
    void pull(Outbox out) {
        long now = out.nowMillis();
        boolean overdue = nonce != 0 && now - askedMillis >= timing.electionTimeoutMinMillis();
        if (!holes.isEmpty() && (overdue || (nonce == 0 && now >= notBeforeMillis))) {
            ask(catchUp.sourceFor(holes.firstKey(), source), out);
        }
    }

    private void ask(@Nullable NodeId from, Outbox out) {
        nonce = 0;
        Map.Entry<Long, Long> hole = holes.firstEntry();
        if (from == null || hole == null) {
            notBeforeMillis = out.nowMillis() + timing.heartbeatMillis();
            return;
        }
        source = from;
        nonce = random.nextLong(1, Long.MAX_VALUE);
        askedMillis = out.nowMillis();
        long last = Math.min(hole.getValue(), hole.getKey() + limits.pageSlotsMax() - 1);
        out.sendNow(from, new CatchUpRequest(nonce, new SlotRange(hole.getKey(), last)));
    }

    void onPage(MemberId from, CatchUpPage page, Outbox out) {
        if (nonce == 0 || page.nonce() != nonce) {
            return;
        }
        nonce = 0;
        List<Proposal> values = page.chosen();
        for (Proposal value : values) {
            if (remove(value.slot())) {
                out.write(new DurableRecord.Chosen(value));
                out.notice(new Notice.Refilled(value.slot(), from));
            }
        }
        if (values.isEmpty()) {
            notBeforeMillis = out.nowMillis() + timing.heartbeatMillis();
        } else if (!holes.isEmpty()) {
            ask(from.node(), out);
        }
    }

    private boolean remove(long slot) {
        Map.Entry<Long, Long> hole = holes.floorEntry(slot);
        if (hole == null || hole.getValue() < slot) {
            return false;
        }
        holes.remove(hole.getKey());
        if (hole.getKey() < slot) {
            holes.put(hole.getKey(), slot - 1);
        }
        if (slot < hole.getValue()) {
            holes.put(slot + 1, hole.getValue());
        }
        return true;
    }
}
