// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.message.Message;
import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.CanvassReply;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.ChosenNotice;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.model.Ballot;
import io.paxos.model.Command;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.protocol.Effects;
import io.paxos.protocol.Effects.Envelope;
import io.paxos.protocol.Event;
import io.paxos.protocol.Event.CommandsSubmitted;
import io.paxos.protocol.Event.MessageArrived;
import io.paxos.protocol.Event.TimeIsNow;
import io.paxos.protocol.Limits;
import io.paxos.protocol.Notice;
import io.paxos.protocol.Replica;
import io.paxos.protocol.ReplicaStatus;
import io.paxos.protocol.Timing;
import io.paxos.simulation.explore.Move.Sent;
import io.paxos.simulation.explore.ReplicaNode.History;
import io.paxos.simulation.explore.ReplicaNode.Unforced;
import io.paxos.simulation.explore.ReplicaNode.Word;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The replicated log, driven through {@link Replica}, after the founding. A move of a member: it begins an attempt, its disk
 * forces the oldest step that waits, it crashes and starts again.
 *
 * <p>What is left out, so that something is left to be explored: heartbeats, canvasses, refusals and forwards are all lost,
 * and time passes for a member only when it begins an attempt. An attempt is one move: time passes until the replica
 * canvasses, the others say yes (which changes nothing durable), and it begins. A leader gets one command as soon as it is
 * elected. Accepts above the last slot are lost. The no-ops of different members have different stamps, for their memories
 * begin with different ones; else a wrong no-op could not be told from the right one.
 */
class ReplicaModel implements Model<ReplicaNode, Packet<Message>, ReplicaFact> {

    /** As by default, but notices leave at once: what they may do wrong is found on a shorter way. */
    private static final Timing TIMING = new Timing(
            Timing.DEFAULT.heartbeatMillis(),
            Timing.DEFAULT.electionTimeoutMinMillis(),
            Timing.DEFAULT.electionTimeoutMaxMillis(),
            Timing.DEFAULT.retransmitMillis(),
            0);

    private static final int ATTEMPTS = 0;
    private static final int CRASHES = 1;

    /** Longer than any timeout that is drawn in so few attempts: 300 ms, and 150 ms doubled for each that failed. */
    private static final long STEP_MILLIS = 2_000;

    private static final int ATTEMPTS_MAX = 3;
    private static final Limits LIMITS = new Limits(2, 1_024, 4, 4_096, 4_096, 8, 8);

    private final Membership membership;
    private final Founding founding;
    private final FoundingPlan plan;
    private final int proposers;
    private final int attempts;
    private final int crashes;
    private final long slots;

    /**
     * @param proposers the first so many members begin attempts
     * @param attempts of all of them together: the number of ballots
     * @param crashes of all members together
     * @param slots votes are asked for in so many slots
     */
    ReplicaModel(Membership membership, int proposers, int attempts, int crashes, long slots) {
        if (attempts > ATTEMPTS_MAX) {
            throw new IllegalArgumentException("attempts: " + attempts + " is above " + ATTEMPTS_MAX);
        }
        this.membership = membership;
        this.founding = new Founding(new FoundingId(1, 1), membership);
        this.plan = new FoundingPlan(
                membership.voters().stream().map(MemberId::node).toList(), membership.quorums(), membership.alpha());
        this.proposers = proposers;
        this.attempts = attempts;
        this.crashes = crashes;
        this.slots = slots;
    }

    @Override
    public int members() {
        return membership.voters().size();
    }

    @Override
    public ReplicaNode initial(int member) {
        return start(member, ReplicaDisk.BLANK, 1, Word.NONE, 0)
                .toMove("starts", Move.FREE)
                .next();
    }

    /** A start, with all that the replica does in its first step. */
    private Turn start(int member, ReplicaDisk disk, long boot, Word word, int attemptsMade) {
        Replica replica = replica(member, disk, boot, null);
        Turn turn = new Turn(
                member,
                new ReplicaNode(member, replica, disk, boot, null, disk, List.of(), word, Ballot.NONE, attemptsMade, 0),
                0);
        turn.step(new TimeIsNow(0));
        return turn;
    }

    /**
     * Whether a step that lets nothing out is forced in the same move, if nothing else waits. Until the force nobody knows of
     * it, so its being late is its message's being late. Only where nobody crashes: what a member heard meanwhile may have
     * made it talk, and a crash would take away what it talked of.
     */
    boolean forcesUnseenSteps() {
        return crashes == 0;
    }

    /** Whether the driver lets messages wait for the disk; a test breaks it. */
    boolean holdsBack() {
        return true;
    }

    /** A replica made again from its history. */
    private Replica replica(int member, ReplicaDisk atStart, long boot, History history) {
        MemberId self = membership.voters().get(member);
        Replica replica = new Replica(
                atStart.remembered(self, founding, boot, 10L * (member + 1)),
                plan,
                founding.id(),
                TIMING,
                LIMITS,
                member * 1_000L + boot);
        List<Event> events = new ArrayList<>();
        for (History at = history; at != null; at = at.before()) {
            events.add(at.event());
        }
        for (int i = events.size() - 1; i >= 0; i--) {
            replica.step(events.get(i));
        }
        return replica;
    }

    @Override
    public List<Integer> budgets() {
        return List.of(attempts, crashes);
    }

    @Override
    public List<Move<ReplicaNode, Packet<Message>, ReplicaFact>> moves(int member, ReplicaNode node) {
        List<Move<ReplicaNode, Packet<Message>, ReplicaFact>> moves = new ArrayList<>();
        if (member < proposers && node.attempts < attempts) {
            Turn turn = new Turn(member, node, 1);
            turn.attempt();
            moves.add(turn.toMove("stands", ATTEMPTS));
        }
        if (!node.unforced.isEmpty()) {
            Turn turn = new Turn(member, node, 0);
            turn.forceOldest();
            moves.add(turn.toMove("'s disk has what it wrote", Move.FREE));
        }
        if (crashes > 0) {
            Turn turn = start(member, node.forced, node.boot + 1, node.word, node.attempts);
            moves.add(turn.toMove("crashes, and starts again", CRASHES));
        }
        return moves;
    }

    @Override
    public Move<ReplicaNode, Packet<Message>, ReplicaFact> deliver(
            int member, ReplicaNode node, Packet<Message> packet) {
        Turn turn = new Turn(member, node, 0);
        turn.step(new MessageArrived(packet.from(), packet.message()));
        return turn.toMove("takes", Move.FREE);
    }

    /**
     * What is over, or known already, or answered in the same words, is lost when it comes again. A refusal, or a newer
     * known-chosen prefix, is all that could come of it. What only memory says does not count where a crash may come.
     */
    @Override
    public boolean isSpent(int member, ReplicaNode node, Packet<Message> packet) {
        Ballot promised = node.forced.promised();
        long known = crashes == 0 ? node.knownChosen : node.forced.marked();
        Message message = packet.message();
        if (message instanceof Prepare prepare) {
            return promised.isAbove(prepare.ballot());
        } else if (message instanceof Accept accept) {
            Proposal proposal = accept.proposal();
            Proposal vote = node.forced.votes().get(proposal.slot());
            return promised.isAbove(proposal.ballot())
                    || proposal.slot() <= known
                    || (vote != null && vote.ballot().equals(proposal.ballot()));
        } else if (message instanceof Promise promise) {
            return !promise.ballot().equals(node.stands) || node.role != ReplicaStatus.Role.PREPARING;
        } else if (message instanceof Accepted accepted) {
            return !accepted.ballot().equals(node.stands) || accepted.slots().last() <= node.knownChosen;
        } else if (message instanceof ChosenNotice notice) {
            return notice.slots().last() <= known;
        } else if (message instanceof CatchUpPage page) {
            return page.nonce() != node.fetches;
        }
        return false;
    }

    /** One move in the making. */
    private final class Turn {
        private final int member;
        private final MemberId self;
        private final ReplicaNode before;
        private final int attemptsMade;
        private final Replica replica;
        private final List<Sent<Packet<Message>>> sent = new ArrayList<>();
        private final Set<ReplicaFact> facts = new LinkedHashSet<>();
        private final List<Unforced> unforced;
        private History history;
        private ReplicaDisk forced;
        private Word word;
        private Ballot stands;
        private long nowMillis;
        private long canvass;
        private boolean prepared;

        Turn(int member, ReplicaNode before, int attempts) {
            this.member = member;
            this.self = membership.voters().get(member);
            this.before = before;
            this.attemptsMade = before.attempts + attempts;
            this.replica = replica(member, before.atStart, before.boot, before.history);
            this.unforced = new ArrayList<>(before.unforced);
            this.history = before.history;
            this.forced = before.forced;
            this.word = before.word;
            this.stands = before.stands;
            this.nowMillis = before.nowMillis;
        }

        void attempt() {
            for (int i = 0; i < 2; i++) { // a leader resigns in the first, everyone canvasses in the second
                nowMillis += STEP_MILLIS;
                step(new TimeIsNow(nowMillis));
            }
            for (MemberId other : membership.voters()) {
                if (!other.equals(self) && !prepared) {
                    step(new MessageArrived(other, new CanvassReply(canvass, true, Ballot.NONE, Ballot.NONE, 0)));
                }
            }
            if (!prepared) {
                throw new IllegalStateException(self + " does not begin an attempt");
            }
        }

        void step(Event event) {
            history = new History(history, event);
            take(replica.step(event));
        }

        private void take(Effects effects) {
            boolean first = unforced.isEmpty();
            if (!effects.writes().isEmpty()) {
                ReplicaDisk last =
                        first ? forced : unforced.get(unforced.size() - 1).disk();
                unforced.add(new Unforced(last.with(effects.writes()), travelling(effects.sendAfterWrites())));
            } else if (!first) {
                int at = unforced.size() - 1;
                Set<Envelope> held = new LinkedHashSet<>(unforced.get(at).held());
                held.addAll(travelling(effects.sendAfterWrites()));
                unforced.set(at, new Unforced(unforced.get(at).disk(), List.copyOf(held)));
            }
            boolean waits = !unforced.isEmpty() && holdsBack();
            for (Proposal proposal : effects.chosen()) {
                facts.add(new ReplicaFact.Learnt(proposal.slot(), proposal.value()));
            }
            List<Envelope> now = travelling(effects.sendNow());
            leave(now);
            if (!waits) {
                leave(travelling(effects.sendAfterWrites()));
            } else if (first && now.isEmpty() && !unforced.isEmpty() && forcesUnseenSteps()) {
                forceOldest();
            }
            for (Notice notice : effects.notices()) {
                heed(notice);
            }
        }

        void forceOldest() {
            Unforced oldest = unforced.remove(0);
            for (Proposal vote : oldest.disk().votes().values()) {
                if (word.given().isAbove(vote.ballot())
                        && !vote.equals(forced.votes().get(vote.slot()))) {
                    word = word.brokenBy(self + " voted for " + vote + " when it had promised " + word.given());
                }
            }
            forced = oldest.disk();
            for (Proposal vote : forced.votes().values()) {
                facts.add(new ReplicaFact.Voted(self, vote));
            }
            leave(oldest.held());
        }

        private void heed(Notice notice) {
            if (notice instanceof Notice.LeaderChanged change && change.leadsHere()) {
                byte[] payload = ("c" + change.leader()).getBytes(StandardCharsets.US_ASCII);
                Command command = new Command(Command.Kind.COMMAND, SessionId.ofNode(self), before.boot, 1, 0, payload);
                step(new CommandsSubmitted(List.of(command)));
            } else if (notice instanceof Notice.CatchUpRead read) {
                List<Proposal> page = new ArrayList<>();
                for (long slot = read.slots().first(); slot <= read.slots().last(); slot++) {
                    Proposal known = lastDisk().known(slot);
                    if (known == null) {
                        break;
                    }
                    page.add(known);
                }
                long prefix = replica.status().knownChosen();
                Message message = new CatchUpPage(read.nonce(), read.slots().first(), page, 0, prefix);
                leave(List.of(new Envelope(read.to(), message)));
            }
        }

        private ReplicaDisk lastDisk() {
            return unforced.isEmpty()
                    ? forced
                    : unforced.get(unforced.size() - 1).disk();
        }

        private List<Envelope> travelling(List<Envelope> envelopes) {
            List<Envelope> kept = new ArrayList<>();
            for (Envelope envelope : envelopes) {
                Message message = envelope.message();
                if (message instanceof Canvass asked) {
                    canvass = asked.nonce();
                }
                if (message instanceof Prepare prepare) {
                    prepared = true;
                    stands = prepare.ballot();
                }
                boolean travels = message instanceof Prepare
                        || message instanceof Promise
                        || (message instanceof Accept accept
                                && accept.proposal().slot() <= slots)
                        || (message instanceof Accepted accepted
                                && accepted.slots().last() <= slots)
                        || (message instanceof ChosenNotice notice
                                && notice.slots().last() <= slots)
                        || message instanceof CatchUpRequest
                        || message instanceof CatchUpPage;
                if (travels) {
                    kept.add(envelope);
                }
            }
            return kept;
        }

        private void leave(List<Envelope> envelopes) {
            for (Envelope envelope : envelopes) {
                Message message = envelope.message();
                if (envelope.to().equals(self.node())) {
                    step(new MessageArrived(self, message));
                } else {
                    word = word.and(self, message, forced);
                    MemberId to = member(envelope.to());
                    sent.add(new Sent<>(membership.indexOf(to), new Packet<>(self, to, message)));
                }
            }
        }

        Move<ReplicaNode, Packet<Message>, ReplicaFact> toMove(String label, int cost) {
            ReplicaNode next = new ReplicaNode(
                    member,
                    replica,
                    before.atStart,
                    before.boot,
                    history,
                    forced,
                    unforced,
                    word,
                    stands,
                    attemptsMade,
                    nowMillis);
            return new Move<>(label, next, sent, List.copyOf(facts), cost);
        }
    }

    private MemberId member(NodeId node) {
        for (MemberId voter : membership.voters()) {
            if (voter.node().equals(node)) {
                return voter;
            }
        }
        throw new IllegalStateException("no voter " + node);
    }

    @Override
    public List<Property<ReplicaNode, ReplicaFact>> properties() {
        return ReplicaProperties.all(membership);
    }

    @Override
    public String describe(int member, Packet<Message> packet, String label) {
        String self = membership.voters().get(member).node().toString();
        if (packet == null) {
            return self + (label.startsWith("'") ? "" : " ") + label;
        }
        return packet.from().node() + " → " + self + "  " + packet.message();
    }
}
