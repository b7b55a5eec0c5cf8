// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message;
import io.paxos.message.Message.FoundingActivation;
import io.paxos.message.Message.FoundingAdopted;
import io.paxos.message.Message.FoundingGreeting;
import io.paxos.message.Message.FoundingOffer;
import io.paxos.message.Message.FoundingRefusal;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who the founding voters are is agreed, not guessed.
 *
 * <pre>
 *   member   fresh ── offer that names this incarnation ──▶ adopted ── activation ──▶ activated ── forced ──▶ active
 *   founder  fresh ── greeted by every founding node, none of which adopted anything ──▶ adopted (mints)
 *                                       adopted ── every founding member adopted ──▶ activated ── forced ──▶ active
 * </pre>
 *
 * <p>Only an active member promises or votes. A member adopts at most once, and only a founding that names its own
 * incarnation. Why all of them must adopt before anyone votes: say A and C choose a value, C is wiped, and B never met the
 * old C. Were B free to believe the new C, the two of them could elect and choose again. Here B has adopted, durably, a
 * founding that names the old C, and the new C counts nowhere. Why "adopt once" alone is not enough: a wiped founder would
 * mint a second founding, and two majorities could form; it cannot activate it, because the members of the first one never
 * confirm.
 *
 * <p>Learners take no part: nothing depends on what they remember. The founding names them by node, and they ask an activated
 * voter for it ({@link VotelessFollower}), whenever they come.
 *
 * <p>Adoption and activation are told to others, and to itself, only after they are forced.
 */
final class FoundingAgreement {

    private final MemberId self;
    private final FoundingPlan plan;
    private final FoundingId candidate;
    private final Timing timing;
    private final TreeMap<NodeId, MemberId> heard = new TreeMap<>();
    private final TreeSet<NodeId> confirmed = new TreeSet<>();
    private @Nullable Founding adopted;
    private boolean activated;
    private boolean active;
    private long greetMillis = Long.MIN_VALUE;

    FoundingAgreement(DurableState remembered, FoundingPlan plan, FoundingId candidate, Timing timing) {
        this.self = remembered.self();
        this.plan = plan;
        this.candidate = candidate;
        this.timing = timing;
        this.adopted = remembered.founding();
        this.activated = remembered.activated();
        this.active = remembered.activated();
        heard.put(self.node(), self);
    }

    /** Whether this member may promise and vote: its activation is durable. */
    boolean isActive() {
        return active;
    }

    @Nullable
    Founding adopted() {
        return adopted;
    }

    FoundingId adoptedId() {
        return adopted == null ? FoundingId.NONE : adopted.id();
    }

    /** The nodes that the founding still waits for: not heard of yet, or not yet confirmed to this founder. */
    List<NodeId> waitingFor() {
        List<NodeId> waiting = new ArrayList<>();
        if (active) {
            return waiting;
        }
        for (NodeId node : plan.voters()) {
            boolean confirms = isFounder() && adopted != null;
            boolean done = confirms ? confirmed.contains(node) : heard.containsKey(node);
            if (!done) {
                waiting.add(node);
            }
        }
        if (waiting.isEmpty() && !isFounder()) {
            waiting.add(plan.founder());
        }
        return waiting;
    }

    private boolean isFounder() {
        return plan.founder().equals(self.node());
    }

    void onTime(Outbox out) {
        if (activated || out.nowMillis() < greetMillis) {
            return;
        }
        greetMillis = out.nowMillis() + timing.retransmitMillis();
        for (NodeId node : plan.voters()) {
            if (!node.equals(self.node())) {
                out.sendAfterWrites(node, new FoundingGreeting(adoptedId(), plan.checksum()));
            }
        }
        if (adopted != null && isFounder()) {
            offer(adopted, out);
        }
        mintIfAllHeard(out);
    }

    /** Adoption is forced before the offer leaves: nobody may hold a founding that its founder can forget. */
    private void offer(Founding founding, Outbox out) {
        for (MemberId voter : founding.membership().voters()) {
            if (!confirmed.contains(voter.node()) && !voter.equals(self)) {
                out.sendAfterWrites(voter.node(), new FoundingOffer(founding));
            }
        }
        if (!confirmed.contains(self.node())) {
            out.sendAfterWrites(self.node(), new FoundingAdopted(founding.id()));
        }
    }

    private void mintIfAllHeard(Outbox out) {
        if (!isFounder() || adopted != null || !heard.keySet().containsAll(plan.voters())) {
            return;
        }
        List<MemberId> voters = plan.voters().stream().map(heard::get).toList();
        Founding minted =
                new Founding(candidate, new Membership(1, voters, plan.learners(), plan.quorums(), plan.alpha()));
        adopt(minted, out);
        offer(minted, out);
    }

    private void adopt(Founding founding, Outbox out) {
        adopted = founding;
        out.write(new DurableRecord.FoundingAdopted(founding));
    }

    /** Handles a founding message. Returns false if the message is of another kind. */
    boolean onMessage(MemberId from, Message message, Outbox out) {
        if (message instanceof FoundingGreeting greeting) {
            onGreeting(from, greeting, out);
        } else if (message instanceof FoundingOffer offer) {
            onOffer(from, offer, out);
        } else if (message instanceof FoundingAdopted confirmation) {
            onAdopted(from, confirmation, out);
        } else if (message instanceof FoundingActivation activation) {
            onActivation(from, activation, out);
        } else if (message instanceof FoundingRefusal refusal) {
            if (!active) {
                out.notice(new Notice.Refused(from, refusal.id()));
            }
        } else {
            return false;
        }
        return true;
    }

    private void onGreeting(MemberId from, FoundingGreeting greeting, Outbox out) {
        if (activated) {
            answerLateComer(from, greeting, out);
        } else if (!plan.voters().contains(from.node())) {
            mustStop(out, from + " greets as a founding voter but is not among the founding voters " + plan.voters());
        } else if (greeting.configuration() != plan.checksum()) {
            mustStop(
                    out,
                    from + " is configured with another founding plan than this node: voters " + plan.voters()
                            + (plan.learners().isEmpty() ? "" : ", learners " + plan.learners())
                            + ", quorums " + plan.quorums() + ", alpha " + plan.alpha()
                            + "; every founding member must be configured alike");
        } else if (adopted != null && !adopted.membership().isVoter(from)) {
            mustStop(
                    out,
                    from + " was formatted anew after founding " + adopted.id()
                            + " was adopted; no vote was cast in it yet: format every founding member anew");
        } else if (!greeting.adopted().isNone()
                && (adopted == null ? isFounder() : !greeting.adopted().equals(adoptedId()))) {
            mustStop(
                    out,
                    from + " adopted founding " + greeting.adopted() + " but this node "
                            + (adopted == null ? "is the founder and remembers none" : "adopted " + adoptedId())
                            + ": two foundings are in conflict");
        } else {
            heard.put(from.node(), from);
            mintIfAllHeard(out);
        }
    }

    private void answerLateComer(MemberId from, FoundingGreeting greeting, Outbox out) {
        Founding mine = requireAdopted();
        boolean ofThisFounding =
                mine.membership().isVoter(from) && greeting.adopted().equals(mine.id());
        if (ofThisFounding) {
            out.sendAfterWrites(from.node(), new FoundingActivation(mine.id()));
        } else {
            out.sendAfterWrites(from.node(), new FoundingRefusal(mine.id()));
        }
    }

    private void onOffer(MemberId from, FoundingOffer offer, Outbox out) {
        Founding founding = offer.founding();
        if (!from.node().equals(plan.founder()) || !founding.membership().isVoter(from)) {
            return; // only the founder founds, and it founds with itself
        }
        Founding mine = adopted;
        if (mine != null && !mine.id().equals(founding.id())) {
            conflict(from, founding.id(), mine.id(), out);
            return;
        }
        if (mine == null && !plan.matches(founding.membership())) {
            mustStop(out, from + " founds with another plan than this node's: " + plan);
            return;
        }
        if (mine == null && !founding.membership().isVoter(self)) {
            mustStop(
                    out,
                    "founding " + founding.id() + " of " + from + " names another incarnation of this node than " + self
                            + ": this directory was formatted anew after the founder heard of it");
            return;
        }
        if (adopted == null) {
            adopt(founding, out);
        }
        out.sendAfterWrites(from.node(), new FoundingAdopted(founding.id()));
    }

    private void onAdopted(MemberId from, FoundingAdopted confirmation, Outbox out) {
        Founding mine = adopted;
        if (!isFounder() || mine == null) {
            return;
        }
        if (!mine.id().equals(confirmation.id()) || !mine.membership().isVoter(from)) {
            return;
        }
        confirmed.add(from.node());
        if (confirmed.size() == mine.membership().voters().size() && !activated) {
            activate(mine, out);
            for (MemberId voter : mine.membership().voters()) {
                if (!voter.equals(self)) {
                    out.sendAfterWrites(voter.node(), new FoundingActivation(mine.id()));
                }
            }
        }
    }

    private void onActivation(MemberId from, FoundingActivation activation, Outbox out) {
        Founding mine = adopted;
        if (mine == null) {
            return;
        }
        if (!mine.id().equals(activation.id())) {
            conflict(from, activation.id(), mine.id(), out);
            return;
        }
        if (from.equals(self)) {
            if (!active) {
                active = true;
                out.notice(new Notice.FoundingActivated(mine.id()));
            }
        } else if (!activated && mine.membership().isVoter(from)) {
            activate(mine, out);
        }
    }

    /** Writes the activation; this member becomes active when its own word of it comes back after the force. */
    private void activate(Founding founding, Outbox out) {
        activated = true;
        out.write(new DurableRecord.FoundingActivated(founding.id()));
        out.sendAfterWrites(self.node(), new FoundingActivation(founding.id()));
    }

    /** An active member refuses a stranger and goes on; one that waits for its founding stops and says why. */
    private void conflict(MemberId from, FoundingId theirs, FoundingId mine, Outbox out) {
        if (activated) {
            out.sendAfterWrites(from.node(), new FoundingRefusal(mine));
        } else {
            mustStop(
                    out,
                    from + " speaks of founding " + theirs + " but this node adopted " + mine
                            + ": two foundings are in conflict");
        }
    }

    private Founding requireAdopted() {
        Founding founding = adopted;
        if (founding == null) {
            throw new InvariantViolation("activated without a founding");
        }
        return founding;
    }

    private static void mustStop(Outbox out, String reason) {
        out.notice(new Notice.MustStop(reason));
    }
}
