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
import java.util.SplittableRandom;
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
 * <p>The prefix does not go back for a hole: the slots are chosen. A (hole at 5) and B (hole at 9) serve each other. If
 * everybody has the same hole, it stays one, and whoever has not applied the slot yet stops there; no value is made up for
 * it (hazard S10).
 *
 * <p><b>Nobody else may know it chosen.</b> A led, knew 5 chosen, and lost it; B and C voted for it, and never heard that it
 * was chosen. With A in office B and C ask A for 5 for ever, and A asks nobody. But B and C together hold the value: phase 1
 * finds it, if one of them stands. So a member that is asked for a value it lost, by one that knows less, hands over and
 * does not stand until it is asked no more; and what it promises vouches for nothing from the hole on ({@link Holes}).
 */
final class Refill {

    private final Timing timing;
    private final Limits limits;
    private final Learner learner;
    private final CatchUp catchUp;
    private final PageRequests requests;
    private final Fitness fitness;
    private final Holes holes;
    private NodeId source = NodeId.NONE;
    private long notBeforeMillis;
    private long neededUntilMillis;

    Refill(
            DurableState remembered,
            Timing timing,
            Limits limits,
            Learner learner,
            CatchUp catchUp,
            Fitness fitness,
            Holes holes,
            SplittableRandom random) {
        this.timing = timing;
        this.limits = limits;
        this.learner = learner;
        this.catchUp = catchUp;
        this.fitness = fitness;
        this.holes = holes;
        this.requests = new PageRequests(timing.electionTimeoutMinMillis(), random);
        remembered.unknown().forEach(this::unknown);
    }

    /** The journal cannot read these any more. Above the prefix they are fetched, or voted for anew, in any case. */
    void unknown(SlotRange slots) {
        long last = Math.min(slots.last(), learner.knownChosen());
        if (last >= slots.first()) {
            holes.add(new SlotRange(slots.first(), last));
        }
    }

    /**
     * Somebody asks for values. One that knows less than this member, and asks for a value that is lost here, stands still
     * because of this member: see the class comment.
     */
    void onRequest(CatchUpRequest request, Outbox out) {
        if (request.knownChosen() < request.slots().first()
                && holes.contains(request.slots().first())) {
            neededUntilMillis = out.nowMillis() + 2 * timing.electionTimeoutMaxMillis();
            fitness.lacksWhatOthersNeed(true);
        }
    }

    /** The lowest hole, or 0. */
    long lowest() {
        return holes.lowestFrom(1);
    }

    void onTime(Outbox out) {
        if (holes.isEmpty() || out.nowMillis() >= neededUntilMillis) {
            fitness.lacksWhatOthersNeed(false);
        }
    }

    /** Everything up to there is in a snapshot of this member. */
    void trimmed(long floor) {
        holes.removeUpTo(floor);
    }

    /** At the end of each step, and as time passes. */
    void pull(Outbox out) {
        long now = out.nowMillis();
        boolean due = requests.isUnderWay() ? requests.isOverdue(now) : now >= notBeforeMillis;
        if (!holes.isEmpty() && due) {
            SlotRange hole = holes.lowest();
            ask(hole == null ? null : catchUp.sourceFor(hole.first(), source), out);
        }
    }

    private void ask(@Nullable NodeId from, Outbox out) {
        SlotRange hole = holes.lowest();
        if (from == null || hole == null) {
            requests.end();
            notBeforeMillis = out.nowMillis() + timing.heartbeatMillis();
            return;
        }
        source = from;
        long nonce = requests.begin(out.nowMillis());
        long last = Math.min(hole.last(), hole.first() + limits.pageSlotsMax() - 1);
        out.sendNow(from, new CatchUpRequest(nonce, new SlotRange(hole.first(), last), learner.knownChosen()));
    }

    void onPage(MemberId from, CatchUpPage page, Outbox out) {
        PageRequests.Answer answer = requests.answered(page.nonce(), out.nowMillis());
        if (answer == PageRequests.Answer.STRANGE) {
            return;
        }
        List<Proposal> values = page.chosen();
        for (Proposal value : values) {
            if (holes.remove(value.slot())) {
                out.write(new DurableRecord.Chosen(value));
                out.notice(new Notice.Refilled(value.slot(), from));
            }
        }
        if (page.floor() >= page.from()) {
            out.notice(new Notice.SnapshotNeeded(from.node(), page.floor()));
        }
        if (answer == PageRequests.Answer.LATE) {
            return; // another request is under way
        }
        if (values.isEmpty()) {
            notBeforeMillis = out.nowMillis() + timing.heartbeatMillis();
        } else if (!holes.isEmpty()) {
            ask(from.node(), out);
        }
    }
}
