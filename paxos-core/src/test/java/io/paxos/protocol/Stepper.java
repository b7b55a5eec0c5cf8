// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message;
import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.CanvassReply;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.model.Ballot;
import io.paxos.model.Command;
import io.paxos.model.DurableState;
import io.paxos.model.FoundingPlan;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.protocol.Effects.Envelope;
import io.paxos.protocol.Event.CommandsSubmitted;
import io.paxos.protocol.Event.MessageArrived;
import io.paxos.protocol.Event.TimeIsNow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One replica, stepped by hand. What it tells itself is kept until {@link #force} hands it back, as a journal's force
 * would.
 */
final class Stepper {

    static final long SEED = 20_261_121;

    final Replica replica;
    private final MemberId self;
    private final List<Message> toItself = new ArrayList<>();
    private long nowMillis;
    private @Nullable Message asked;

    Stepper(DurableState remembered, FoundingPlan plan, Limits limits, long seed) {
        this.self = remembered.self();
        this.replica = new Replica(remembered, plan, Given.FOUNDING, Timing.DEFAULT, limits, seed);
    }

    /** With leases. */
    static Stepper leased(Given.Memory memory, LeaseTerms terms) {
        return new Stepper(memory.state(), Limits.DEFAULT, terms);
    }

    static Stepper of(Given.Memory memory) {
        return of(memory, Limits.DEFAULT);
    }

    private Stepper(DurableState state, Limits limits, LeaseTerms terms) {
        io.paxos.model.Founding founding = state.founding();
        if (founding == null) {
            throw new IllegalArgumentException("no founding remembered");
        }
        this.self = state.self();
        this.replica = new Replica(
                state, Given.plan(founding.membership()), Given.FOUNDING, Timing.DEFAULT, limits, terms, SEED);
    }

    static Stepper of(Given.Memory memory, Limits limits) {
        DurableState state = memory.state();
        io.paxos.model.Founding founding = state.founding();
        if (founding == null) {
            throw new IllegalArgumentException("no founding remembered");
        }
        return new Stepper(state, Given.plan(founding.membership()), limits, SEED);
    }

    Effects step(Event event) {
        Effects effects = replica.step(event);
        for (Envelope each : effects.sendAfterWrites()) {
            if (each.to().equals(self.node())) {
                toItself.add(each.message());
            } else if (each.message() instanceof Prepare) {
                asked = each.message();
            }
        }
        for (Envelope each : effects.sendNow()) {
            if (each.message() instanceof Canvass || each.message() instanceof Accept) {
                asked = each.message();
            }
        }
        return effects;
    }

    /** What a member that agrees to everything says to the last thing it was asked; null if it was asked nothing. */
    @Nullable
    Message agreement() {
        if (asked instanceof Canvass canvass) {
            return new CanvassReply(canvass.nonce(), true, Ballot.NONE, Ballot.NONE, 0);
        }
        if (asked instanceof Prepare prepare) {
            return nothing(prepare);
        }
        if (asked instanceof Accept accept) {
            Ballot ballot = accept.proposal().ballot();
            return new Accepted(ballot, Given.slot(accept.proposal().slot()), ballot, 0);
        }
        return null;
    }

    Effects hear(MemberId from, Message message) {
        return step(new MessageArrived(from, message));
    }

    Effects at(long nowMillis) {
        this.nowMillis = nowMillis;
        return step(new TimeIsNow(nowMillis));
    }

    Effects later(long millis) {
        return at(nowMillis + millis);
    }

    long nowMillis() {
        return nowMillis;
    }

    Effects submit(Command... commands) {
        return step(new CommandsSubmitted(List.of(commands)));
    }

    /** What it has told itself and not yet heard. */
    List<Message> toItself() {
        return List.copyOf(toItself);
    }

    /** Everything written is forced: it hears what it told itself. Returns the effects of the last of it. */
    Effects force() {
        Effects last = Effects.NONE;
        while (!toItself.isEmpty()) {
            last = hear(self, toItself.remove(0));
        }
        return last;
    }

    /** It waits until it canvasses, and hears no answer. */
    Canvass canvass() {
        at(nowMillis);
        for (int i = 0; i < 200; i++) {
            for (Envelope each : later(50).sendNow()) {
                if (each.message() instanceof Canvass canvass) {
                    return canvass;
                }
            }
        }
        throw new AssertionError("it never canvassed");
    }

    /** It canvasses, hears yes until that is enough, and begins. Returns the effects of the step in which it began. */
    Effects stand(MemberId... granting) {
        Canvass canvass = canvass();
        for (MemberId each : granting) {
            Effects effects = hear(each, new CanvassReply(canvass.nonce(), true, Ballot.NONE, Ballot.NONE, 0));
            if (!effects.writes().isEmpty()) {
                return effects;
            }
        }
        throw new AssertionError("it did not begin");
    }

    /** The prepare it sent in that step. */
    static Prepare prepareIn(Effects effects) {
        return messageIn(effects.sendAfterWrites(), Prepare.class);
    }

    static <M extends Message> M messageIn(List<Envelope> envelopes, Class<M> kind) {
        for (Envelope each : envelopes) {
            if (kind.isInstance(each.message())) {
                return kind.cast(each.message());
            }
        }
        throw new AssertionError("no " + kind.getSimpleName() + " in " + envelopes);
    }

    static <M extends Message> List<M> messagesIn(List<Envelope> envelopes, Class<M> kind) {
        List<M> found = new ArrayList<>();
        for (Envelope each : envelopes) {
            if (kind.isInstance(each.message())) {
                found.add(kind.cast(each.message()));
            }
        }
        return found;
    }

    /** A report of one page without a vote. */
    static Promise nothing(Prepare prepare) {
        return report(prepare, 0);
    }

    static Promise report(Prepare prepare, long knownChosen, Proposal... votes) {
        return report(prepare, knownChosen, List.of(votes), List.of());
    }

    static Promise report(Prepare prepare, long knownChosen, List<Proposal> votes, List<Proposal> chosen) {
        return new Promise(
                prepare.ballot(),
                prepare.attempt(),
                Given.upFrom(prepare.from()),
                0,
                knownChosen,
                votes,
                chosen,
                List.of());
    }

    /**
     * It stands, has its own promise, and gets empty reports from those members until it leads.
     *
     * @return its ballot
     */
    Ballot lead(MemberId... granting) {
        Prepare prepare = prepareIn(stand(granting));
        force();
        for (MemberId each : granting) {
            hear(each, nothing(prepare));
        }
        return prepare.ballot();
    }

    /** That member votes for the slots, at that ballot. */
    Effects votes(MemberId from, Ballot ballot, SlotRange slots) {
        return hear(from, new Accepted(ballot, slots, ballot, 0));
    }

    static List<Proposal> acceptsTo(MemberId to, Effects effects) {
        List<Proposal> proposals = new ArrayList<>();
        for (Envelope each : effects.sendNow()) {
            if (each.to().equals(to.node()) && each.message() instanceof Accept accept) {
                proposals.add(accept.proposal());
            }
        }
        return proposals;
    }
}
