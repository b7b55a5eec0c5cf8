// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.Value;
import io.paxos.model.VoterSet;
import io.paxos.synod.Acceptor;
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
import io.paxos.synod.SynodMessage.Prepare;
import io.paxos.synod.SynodMessage.Promise;
import io.paxos.synod.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Single-decree Paxos with one rule broken, each by a few lines around the real steps. */
final class SynodMutants {
    private SynodMutants() {}

    /** A mutant, in which no message is ever taken for spent: that argument needs the rules. */
    abstract static class Mutant extends SynodModel {
        final Membership group;

        Mutant(SynodBounds bounds) {
            super(bounds);
            this.group = bounds.group();
        }

        @Override
        public boolean isSpent(int member, SynodNode node, Packet<SynodMessage> packet) {
            return false;
        }

        /** The first voter that is not in the set. */
        final MemberId outside(VoterSet set) {
            int index = 0;
            while (set.contains(index)) {
                index++;
            }
            return group.voters().get(index);
        }
    }

    /** Lets some of what should wait for the disk leave at once. */
    private static Step<Member> hasty(Step<Member> step, Predicate<Envelope> chosen) {
        List<Envelope> now = new ArrayList<>(step.effects().sendNow());
        List<Envelope> later = new ArrayList<>();
        for (Envelope envelope : step.effects().sendAfterWrites()) {
            (chosen.test(envelope) ? now : later).add(envelope);
        }
        return new Step<>(step.next(), new Effects(step.effects().writes(), now, later));
    }

    private static SynodNode with(SynodNode node, Proposer proposer) {
        Member old = node.member();
        Member member = new Member(old.self(), old.acceptor(), proposer, old.learner());
        return new SynodNode(member, node.forced(), node.unforced(), node.revealed(), node.attempts());
    }

    static final class OwnVoteBeforeForce extends Mutant {
        OwnVoteBeforeForce(SynodBounds bounds) {
            super(bounds);
        }

        @Override
        protected Step<Member> receive(SynodNode node, Packet<SynodMessage> packet) {
            MemberId self = node.member().self();
            return hasty(
                    super.receive(node, packet), sent -> sent.to().equals(self) && sent.message() instanceof Accepted);
        }
    }

    static final class ReplyBeforeForce extends Mutant {
        ReplyBeforeForce(SynodBounds bounds) {
            super(bounds);
        }

        @Override
        protected Step<Member> receive(SynodNode node, Packet<SynodMessage> packet) {
            return hasty(super.receive(node, packet), sent -> sent.message() instanceof Promise);
        }
    }

    static final class PrepareBeforeForce extends Mutant {
        PrepareBeforeForce(SynodBounds bounds) {
            super(bounds);
        }

        @Override
        protected Step<Member> begin(SynodNode node, @Nullable Value wish) {
            return hasty(super.begin(node, wish), sent -> sent.message() instanceof Prepare);
        }
    }

    static final class PromiseNotRaisedByAccept extends Mutant {
        PromiseNotRaisedByAccept(SynodBounds bounds) {
            super(bounds);
        }

        /** A broken word would be noticed at once; this shows what comes of it. */
        @Override
        public List<Property<SynodNode, SynodFact>> properties() {
            return super.properties().stream()
                    .filter(property -> property.name().equals("agreement"))
                    .toList();
        }

        @Override
        protected Step<Member> receive(SynodNode node, Packet<SynodMessage> packet) {
            Step<Member> step = super.receive(node, packet);
            if (!(packet.message() instanceof Accept) || step.effects().writes().isEmpty()) {
                return step;
            }
            Member member = step.next();
            Memory memory = new Memory(
                    node.member().acceptor().memory().promised(),
                    member.acceptor().memory().vote());
            return new Step<>(
                    new Member(member.self(), new Acceptor(memory), member.proposer(), member.learner()),
                    new Effects(
                            List.of(memory),
                            step.effects().sendNow(),
                            step.effects().sendAfterWrites()));
        }
    }

    static final class LowestVotePreferred extends Mutant {
        LowestVotePreferred(SynodBounds bounds) {
            super(bounds);
        }

        @Override
        protected Step<Member> receive(SynodNode node, Packet<SynodMessage> packet) {
            Proposer proposer = node.member().proposer();
            Vote known = proposer.highest();
            if (packet.message() instanceof Promise promise && known != null && promise.vote() != null) {
                boolean higher = promise.vote().ballot().isAbove(known.ballot());
                Proposer forgetful = new Proposer(
                        group,
                        proposer.phase(),
                        proposer.ballot(),
                        proposer.highestSeen(),
                        proposer.value(),
                        proposer.promised(),
                        higher ? known : null);
                Promise heard = new Promise(promise.ballot(), higher ? null : promise.vote());
                return super.receive(with(node, forgetful), new Packet<>(packet.from(), packet.to(), heard));
            }
            return super.receive(node, packet);
        }
    }

    static final class ReplyOfAnotherBallot extends Mutant {
        ReplyOfAnotherBallot(SynodBounds bounds) {
            super(bounds);
        }

        @Override
        protected Step<Member> receive(SynodNode node, Packet<SynodMessage> packet) {
            Ballot current = node.member().proposer().ballot();
            if (packet.message() instanceof Promise promise && !current.isNone()) {
                Promise counted = new Promise(current, promise.vote());
                return super.receive(node, new Packet<>(packet.from(), packet.to(), counted));
            }
            return super.receive(node, packet);
        }
    }

    static final class VotesOfTwoBallotsAddUp extends Mutant {
        VotesOfTwoBallotsAddUp(SynodBounds bounds) {
            super(bounds);
        }

        @Override
        protected Step<Member> receive(SynodNode node, Packet<SynodMessage> packet) {
            Learner learner = node.member().learner();
            if (packet.message() instanceof Accepted accepted
                    && !learner.ballot().isNone()) {
                Accepted counted = new Accepted(learner.ballot(), accepted.value());
                return super.receive(node, new Packet<>(packet.from(), packet.to(), counted));
            }
            return super.receive(node, packet);
        }
    }

    static final class OneAcceptorTwice extends Mutant {
        OneAcceptorTwice(SynodBounds bounds) {
            super(bounds);
        }

        @Override
        protected Step<Member> receive(SynodNode node, Packet<SynodMessage> packet) {
            Learner learner = node.member().learner();
            boolean counted = packet.message() instanceof Accepted accepted
                    && learner.ballot().equals(accepted.ballot())
                    && learner.votes().contains(group.indexOf(packet.from()));
            MemberId from = counted ? outside(learner.votes()) : packet.from();
            return super.receive(node, new Packet<>(from, packet.to(), packet.message()));
        }
    }

    static final class OnePromiseTooFew extends Mutant {
        OnePromiseTooFew(SynodBounds bounds) {
            super(bounds);
        }

        @Override
        protected Step<Member> receive(SynodNode node, Packet<SynodMessage> packet) {
            Step<Member> step = super.receive(node, packet);
            Proposer proposer = step.next().proposer();
            VoterSet promised = proposer.promised();
            MemberId other = outside(promised);
            if (packet.message() instanceof Promise
                    && proposer.phase() == Phase.PREPARING
                    && group.isPhase1Quorum(group.add(promised, other))
                    && promised.size() > 1) {
                return step.next().onMessage(other, new Promise(proposer.ballot(), null));
            }
            return step;
        }
    }

    static final class EqualBallotForASecondAttempt extends Mutant {
        EqualBallotForASecondAttempt(SynodBounds bounds) {
            super(bounds);
        }

        @Override
        protected Step<Member> begin(SynodNode node, @Nullable Value wish) {
            Proposer proposer = node.member().proposer();
            Ballot ballot = proposer.ballot();
            if (ballot.isNone()) {
                return super.begin(node, wish);
            }
            Proposer again =
                    new Proposer(group, Phase.PREPARING, ballot, proposer.highestSeen(), wish, VoterSet.EMPTY, null);
            Member member = with(node, again).member();
            return member.onMessage(member.self(), new Prepare(ballot));
        }
    }
}
