// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.Accept;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.VoterSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Asks everyone for their votes at once; or, if {@link Timing#spareMillis} says so, no more members than a quorum takes: this
 * one, and those whose votes came first of late. The others get what they were spared a few milliseconds later, many slots in one go, and the word of what was chosen with it:
 * so each of them is woken once, and its disk forces once, for many slots. EPaxos calls a proposer thrifty that does so
 * (Moraru, Andersen and Kaminsky, SOSP 2013).
 *
 * <pre>
 *   everyone is asked ── so many slots in a row chosen in time, this member's own vote among them ──▶ some are spared
 *      ▲                                                                                              │
 *      └── a slot is not chosen in time; somebody waits at another member; now and then, to look anew ┘
 * </pre>
 *
 * <p>Nothing but time depends on it. A slot takes a quorum of votes as ever, and {@link Window#retransmit} repeats to everyone
 * whose vote is missing. "In time" is within that delay: where votes take longer, nobody is spared.
 */
final class ThriftyAccepts {

    /** Slots in a row after which it is known who is quick. */
    static final int SAMPLE_SLOTS = 16;

    /** After so many, everyone is asked again for a sample: quick members come and go. */
    static final int SPARING_SLOTS_MAX = 1_024;

    /** This member's vote is to be among the first in at least one of so many slots, or its disk is the slow one. */
    private static final int OWN_SHARE = 4;

    private final Memberships memberships;
    private final long spareMillis;
    private final long heldBytesMax;
    private final ChosenNews newsForAsked;
    private final ChosenNews newsForSpared;
    private final List<Accept> held = new ArrayList<>();
    private long heldBytes;
    private long heldSinceMillis;
    private List<NodeId> asked;
    private List<NodeId> spared = List.of();

    /** In how many slots of the sample each member's vote was among those that decided. */
    private final TreeMap<MemberId, Integer> inTime = new TreeMap<>();

    private int sampledSlots;
    private int sparingSlots;

    /** @param heldBytesMax values held back at most, but for the last */
    ThriftyAccepts(Memberships memberships, Timing timing, long heldBytesMax) {
        this.memberships = memberships;
        this.spareMillis = timing.spareMillis();
        this.heldBytesMax = heldBytesMax;
        this.newsForAsked = new ChosenNews(timing.noticeMillis());
        this.newsForSpared = new ChosenNews(timing.spareMillis());
        this.asked = memberships.others();
    }

    /** A slot was opened. */
    void ask(Accept accept, Outbox out) {
        for (NodeId each : asked) {
            out.sendNow(each, accept);
        }
        if (!spared.isEmpty()) {
            if (held.isEmpty()) {
                heldSinceMillis = out.nowMillis();
            }
            held.add(accept);
            heldBytes += accept.proposal().value().length();
            sparingSlots++;
        }
    }

    /**
     * A slot was chosen.
     *
     * @param votes those that decided
     * @param tookMillis since it was opened
     */
    void chosen(long slot, VoterSet votes, long tookMillis, Outbox out) {
        newsForAsked.chosen(slot, out.nowMillis());
        if (!spared.isEmpty()) {
            newsForSpared.chosen(slot, out.nowMillis());
        } else if (tookMillis >= spareMillis) {
            forgetSample();
        } else if (sampledSlots < SAMPLE_SLOTS) {
            sampledSlots++;
            Membership membership = memberships.forSlot(slot);
            for (MemberId voter : membership.voters()) {
                if (votes.contains(membership.indexOf(voter))) {
                    inTime.merge(voter, 1, Integer::sum);
                }
            }
        }
    }

    /**
     * At the end of each step, before new slots are opened: tells what is due.
     *
     * @param goesAlong whether an accept is about to leave
     * @param everyone whether nobody is to be spared
     * @param nextSlot the next slot to be opened
     * @param openSinceMillis since when the oldest open slot is; {@code Long.MAX_VALUE} if none is
     */
    void tell(
            Ballot ballot,
            long knownChosen,
            boolean goesAlong,
            boolean everyone,
            long nextSlot,
            long openSinceMillis,
            Outbox out) {
        boolean late = out.nowMillis() - openSinceMillis >= spareMillis;
        boolean nobodySpared = everyone || late || sparingSlots >= SPARING_SLOTS_MAX;
        if (!spared.isEmpty() && (nobodySpared || isHeldLongEnough(out.nowMillis()))) {
            release(ballot, knownChosen, out);
        }
        if (nobodySpared) {
            askEveryone();
        }
        if (newsForAsked.isDue(goesAlong || everyone, out.nowMillis())) {
            newsForAsked.tell(ballot, knownChosen, asked, out);
        }
        if (sampledSlots == SAMPLE_SLOTS && newsForAsked.isEmpty() && !everyone) {
            spare(nextSlot);
        }
    }

    private boolean isHeldLongEnough(long nowMillis) {
        boolean heldLong = !held.isEmpty() && nowMillis - heldSinceMillis >= spareMillis;
        return heldLong || heldBytes >= heldBytesMax || newsForSpared.isDue(false, nowMillis);
    }

    /** The values first: a notice names votes, and theirs are still to be asked for. */
    private void release(Ballot ballot, long knownChosen, Outbox out) {
        for (NodeId each : spared) {
            for (Accept accept : held) {
                out.sendNow(each, accept);
            }
        }
        held.clear();
        heldBytes = 0;
        newsForSpared.tell(ballot, knownChosen, spared, out);
    }

    private void askEveryone() {
        asked = memberships.others();
        spared = List.of();
        sparingSlots = 0;
        forgetSample();
    }

    private void forgetSample() {
        sampledSlots = 0;
        inTime.clear();
    }

    /** Of the others, those whose votes came first most often are asked, as many as a quorum takes with this member. */
    private void spare(long nextSlot) {
        MemberId self = memberships.self();
        List<MemberId> byQuickness =
                new ArrayList<>(memberships.forSlot(nextSlot).voters());
        byQuickness.remove(self);
        byQuickness.sort(Comparator.comparingInt((MemberId voter) -> -inTime.getOrDefault(voter, 0)));
        boolean ownIsSlow = inTime.getOrDefault(self, 0) * OWN_SHARE < SAMPLE_SLOTS;
        forgetSample();
        if (ownIsSlow) {
            return;
        }
        List<NodeId> quorum = new ArrayList<>();
        List<NodeId> rest = new ArrayList<>();
        VoterSet votes = memberships.add(nextSlot, VoterSet.EMPTY, self);
        for (MemberId voter : byQuickness) {
            if (memberships.isPhase2Quorum(nextSlot, votes)) {
                rest.add(voter.node());
            } else {
                quorum.add(voter.node());
                votes = memberships.add(nextSlot, votes, voter);
            }
        }
        asked = quorum;
        spared = rest;
    }

    /** The leadership begins, or ends. What was held back is forgotten: it may be chosen or not, as if it had been lost. */
    void clear() {
        held.clear();
        heldBytes = 0;
        newsForAsked.clear();
        newsForSpared.clear();
        askEveryone();
    }
}
