// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Value;
import io.paxos.simulation.explore.Move.Sent;
import io.paxos.simulation.explore.SynodNode.Unforced;
import io.paxos.synod.Effects;
import io.paxos.synod.Effects.Envelope;
import io.paxos.synod.Learner;
import io.paxos.synod.Member;
import io.paxos.synod.Memory;
import io.paxos.synod.Proposer;
import io.paxos.synod.Proposer.Phase;
import io.paxos.synod.Step;
import io.paxos.synod.SynodMessage;
import io.paxos.synod.SynodMessage.Accept;
import io.paxos.synod.SynodMessage.Accepted;
import io.paxos.synod.SynodMessage.Chosen;
import io.paxos.synod.SynodMessage.Prepare;
import io.paxos.synod.SynodMessage.Promise;
import io.paxos.synod.SynodMessage.Rejected;
import io.paxos.synod.Vote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Single-decree Paxos with all that can happen to it: the members are those of {@code io.paxos.synod}, the disk and the
 * network are worked by the explorer.
 *
 * <p>Moves of a member: it begins an attempt (a timeout: at any time); its disk forces the oldest step that waits, and what
 * waited for it leaves; it crashes, loses what was not forced, and restarts. Each attempt has another wish.
 *
 * <p>A step that lets nothing out before it is forced, behind which nothing else waits, is forced in the same move. That
 * leaves nothing out: until the force nobody can know of the step, so its being late is its message's being late, and its
 * being lost in a crash is its message's being lost.
 *
 * <p>Tests break it on purpose: the steps of a member go through the three protected methods.
 */
public class SynodModel implements Model<SynodNode, Packet<SynodMessage>, SynodFact> {
    private static final int ATTEMPTS = 0;
    private static final int CRASHES = 1;

    private final SynodBounds bounds;
    private final List<MemberId> voters;

    public SynodModel(SynodBounds bounds) {
        this.bounds = bounds;
        this.voters = bounds.group().voters();
    }

    // ---- what the members do: the real classes -----------------------------------------------------------------

    /** A member begins an attempt. */
    protected Step<Member> begin(SynodNode node, @Nullable Value wish) {
        return node.member().begin(wish);
    }

    /** A member takes a message. */
    protected Step<Member> receive(SynodNode node, Packet<SynodMessage> packet) {
        return node.member().onMessage(packet.from(), packet.message());
    }

    /** A member starts again with what its disk holds. */
    protected Member restart(SynodNode node) {
        return Member.start(node.member().self(), bounds.group(), node.forced());
    }

    /** Whether a step that lets nothing out is forced in the same move; see above. Tests show that it makes no difference. */
    protected boolean forcesUnseenSteps() {
        return true;
    }

    // ---- what happens to them ----------------------------------------------------------------------------------

    @Override
    public int members() {
        return voters.size();
    }

    @Override
    public SynodNode initial(int member) {
        Member started = Member.start(voters.get(member), bounds.group(), Memory.BLANK);
        return new SynodNode(started, Memory.BLANK, List.of(), Ballot.NONE, 0);
    }

    @Override
    public List<Integer> budgets() {
        return List.of(bounds.attempts(), bounds.crashes());
    }

    @Override
    public List<Move<SynodNode, Packet<SynodMessage>, SynodFact>> moves(int member, SynodNode node) {
        List<Move<SynodNode, Packet<SynodMessage>, SynodFact>> moves = new ArrayList<>();
        if (member < bounds.proposers()
                && node.attempts() < bounds.attempts()
                && node.member().chosen() == null) {
            String wish = "abcdefg".charAt(member) + String.valueOf(node.attempts() + 1);
            Value value = Value.of(wish.getBytes(StandardCharsets.US_ASCII));
            moves.add(settled("wants " + wish, node, 1, begin(node, value), ATTEMPTS));
            if (bounds.reads()) {
                moves.add(settled("reads", node, 1, begin(node, null), ATTEMPTS));
            }
        }
        if (!node.unforced().isEmpty()) {
            moves.add(force(node));
        }
        if (bounds.crashes() > 0) {
            SynodNode restarted =
                    new SynodNode(restart(node), node.forced(), List.of(), node.revealed(), node.attempts());
            if (!restarted.equals(node)) {
                moves.add(new Move<>("crashes, and starts again", restarted, List.of(), List.of(), CRASHES));
            }
        }
        return moves;
    }

    @Override
    public Move<SynodNode, Packet<SynodMessage>, SynodFact> deliver(
            int member, SynodNode node, Packet<SynodMessage> packet) {
        return settled("takes", node, 0, receive(node, packet), Move.FREE);
    }

    /** Carries out the effects of a step, as far as the disk allows. */
    private Move<SynodNode, Packet<SynodMessage>, SynodFact> settled(
            String label, SynodNode before, int attempts, Step<Member> step, int cost) {
        Turn turn = new Turn(before, before.attempts() + attempts);
        turn.take(step);
        return turn.toMove(label, cost);
    }

    private Move<SynodNode, Packet<SynodMessage>, SynodFact> force(SynodNode node) {
        Turn turn = new Turn(node, node.attempts());
        turn.forceOldest();
        return turn.toMove("'s disk has what it wrote", Move.FREE);
    }

    /**
     * One move in the making. What a member addresses to itself does not travel: it comes back at once, or when the writes
     * before it are forced, as in the driver.
     */
    private final class Turn {
        private final List<Sent<Packet<SynodMessage>>> sent = new ArrayList<>();
        private final List<SynodFact> facts = new ArrayList<>();
        private final List<Unforced> unforced;
        private final int attempts;
        private Member member;
        private Memory forced;
        private Ballot revealed;

        Turn(SynodNode before, int attempts) {
            this.member = before.member();
            this.forced = before.forced();
            this.unforced = new ArrayList<>(before.unforced());
            this.revealed = before.revealed();
            this.attempts = attempts;
        }

        void take(Step<Member> step) {
            member = step.next();
            Effects effects = step.effects();
            boolean first = unforced.isEmpty();
            if (!effects.writes().isEmpty()) {
                List<Memory> writes = effects.writes();
                unforced.add(new Unforced(writes.get(writes.size() - 1), effects.sendAfterWrites()));
            } else if (!unforced.isEmpty()) {
                int last = unforced.size() - 1;
                unforced.set(last, unforced.get(last).holding(effects.sendAfterWrites()));
            }
            boolean waits = !unforced.isEmpty();
            leave(effects.sendNow());
            if (!waits) {
                leave(effects.sendAfterWrites());
            } else if (!bounds.slowDisk() || (first && effects.sendNow().isEmpty() && forcesUnseenSteps())) {
                forceOldest();
            }
        }

        void forceOldest() {
            Unforced oldest = unforced.remove(0);
            forced = oldest.memory();
            Vote vote = forced.vote();
            if (vote != null) {
                facts.add(new SynodFact(member.self(), vote));
            }
            leave(oldest.held());
        }

        private void leave(List<Envelope> envelopes) {
            for (Envelope envelope : envelopes) {
                SynodMessage message = envelope.message();
                if (message instanceof Promise || message instanceof Accepted) {
                    revealed = Ballot.max(revealed, message.ballot());
                }
                Packet<SynodMessage> packet = new Packet<>(member.self(), envelope.to(), message);
                if (envelope.to().equals(member.self())) {
                    take(receive(node(), packet));
                } else if (!isLost(message)) {
                    sent.add(new Sent<>(voters.indexOf(envelope.to()), packet));
                }
            }
        }

        private boolean isLost(SynodMessage message) {
            return (message instanceof Rejected && !bounds.refusals())
                    || (message instanceof Chosen && !bounds.notices());
        }

        private SynodNode node() {
            return new SynodNode(member, forced, unforced, revealed, attempts);
        }

        Move<SynodNode, Packet<SynodMessage>, SynodFact> toMove(String label, int cost) {
            return new Move<>(label, node(), sent, facts, cost);
        }
    }

    /**
     * A message is spent when it can change nothing any more, in no future of its receiver: what is on the disk never goes
     * back, and no ballot is used twice. What a crash makes a member forget, it may have to be told again.
     */
    @Override
    public boolean isSpent(int member, SynodNode node, Packet<SynodMessage> packet) {
        SynodMessage message = packet.message();
        Ballot ballot = message.ballot();
        Proposer proposer = node.member().proposer();
        Learner learner = node.member().learner();
        if (message instanceof Prepare || message instanceof Accept) {
            return !bounds.refusals() && node.forced().promised().isAbove(ballot);
        } else if (message instanceof Promise) {
            return !proposer.ballot().equals(ballot)
                    || proposer.phase() != Phase.PREPARING
                    || proposer.promised().contains(bounds.group().indexOf(packet.from()));
        } else if (message instanceof Rejected rejected) {
            Ballot known = Ballot.max(node.forced().promised(), proposer.highestSeen());
            return bounds.crashes() == 0
                    && !rejected.promised().isAbove(known)
                    && (!proposer.ballot().equals(ballot) || proposer.phase() == Phase.IDLE);
        } else if (message instanceof Accepted) {
            boolean counted = learner.ballot().equals(ballot)
                    && learner.votes().contains(bounds.group().indexOf(packet.from()));
            return bounds.crashes() == 0
                    && (learner.chosen() != null || learner.ballot().isAbove(ballot) || counted);
        }
        return bounds.crashes() == 0 && learner.chosen() != null;
    }

    @Override
    public List<Property<SynodNode, SynodFact>> properties() {
        return SynodProperties.all(bounds.group());
    }

    @Override
    public String describe(int member, @Nullable Packet<SynodMessage> packet, String label) {
        String self = voters.get(member).node().toString();
        if (packet == null) {
            return self + (label.startsWith("'") ? "" : " ") + label;
        }
        return packet.from().node() + " → " + self + "  " + SynodWording.of(packet.message());
    }

    // ---- members that nobody can tell apart --------------------------------------------------------------------

    /** All exchanges of the members that never propose: their names stand in no ballot and in no wish. */
    @Override
    public List<int[]> symmetries() {
        return SynodRenaming.permutations(voters.size(), bounds.proposers());
    }

    @Override
    public SynodNode renameState(SynodNode node, int[] permutation) {
        return new SynodRenaming(bounds.group(), permutation).of(node);
    }

    @Override
    public Packet<SynodMessage> renameMessage(Packet<SynodMessage> packet, int[] permutation) {
        SynodRenaming renaming = new SynodRenaming(bounds.group(), permutation);
        return new Packet<>(renaming.of(packet.from()), renaming.of(packet.to()), packet.message());
    }

    @Override
    public SynodFact renameFact(SynodFact fact, int[] permutation) {
        return new SynodRenaming(bounds.group(), permutation).of(fact);
    }
}
