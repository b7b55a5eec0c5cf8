// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import static io.paxos.synod.Given.A;
import static io.paxos.synod.Given.ABC;
import static io.paxos.synod.Given.B;
import static io.paxos.synod.Given.C;
import static io.paxos.synod.Given.X;
import static io.paxos.synod.Given.Y;
import static io.paxos.synod.Given.ballot;
import static io.paxos.synod.Given.member;
import static io.paxos.synod.Given.to;
import static io.paxos.synod.Given.toAll;
import static io.paxos.synod.Given.writes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.QuorumSystem;
import io.paxos.model.Value;
import io.paxos.synod.Effects.Envelope;
import io.paxos.synod.SynodMessage.Accept;
import io.paxos.synod.SynodMessage.Accepted;
import io.paxos.synod.SynodMessage.Prepare;
import io.paxos.synod.SynodMessage.Promise;
import io.paxos.synod.WriteOnceRegister.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The register, alone and among three. */
class WriteOnceRegisterTest {
    private static final Ballot ONE = ballot(1, A);

    /** Registers whose messages arrive in the order sent, except at members that are down. */
    private static final class Cluster {
        final Map<MemberId, WriteOnceRegister> registers = new TreeMap<>();
        final List<MemberId> down = new ArrayList<>();

        Cluster(Membership group) {
            for (MemberId member : group.voters()) {
                registers.put(member, new WriteOnceRegister(member, group, Memory.BLANK));
            }
        }

        WriteOnceRegister at(MemberId member) {
            WriteOnceRegister register = registers.get(member);
            assertEquals(true, register != null, () -> "no register of " + member);
            return register;
        }

        void run(MemberId first, Effects effects) {
            record Sent(MemberId from, Envelope envelope) {}
            ArrayDeque<Sent> sent = new ArrayDeque<>();
            effects.sendNow().forEach(each -> sent.add(new Sent(first, each)));
            effects.sendAfterWrites().forEach(each -> sent.add(new Sent(first, each)));
            while (!sent.isEmpty()) {
                Sent next = sent.remove();
                MemberId to = next.envelope().to();
                if (!down.contains(to)) {
                    Effects reaction =
                            at(to).onMessage(next.from(), next.envelope().message());
                    reaction.sendNow().forEach(each -> sent.add(new Sent(to, each)));
                    reaction.sendAfterWrites().forEach(each -> sent.add(new Sent(to, each)));
                }
            }
        }

        void propose(MemberId member, Value value) {
            run(member, at(member).propose(value));
        }

        void read(MemberId member) {
            run(member, at(member).read());
        }
    }

    @Test
    void aProposalIsPromisedByItsOwnMemberBeforeAnybodyHearsOfIt() {
        WriteOnceRegister register = new WriteOnceRegister(A, ABC, Memory.BLANK);
        assertEquals(
                writes(
                        new Memory(ONE, null),
                        to(A, new Promise(ONE, null)),
                        to(B, new Prepare(ONE)),
                        to(C, new Prepare(ONE))),
                register.propose(X));
        assertEquals(new Outcome.Open(), register.outcome());
    }

    @Test
    void theOthersAreAskedForTheirVotesAtOnceAndTheOwnVoteWaitsForTheDisk() {
        WriteOnceRegister register = new WriteOnceRegister(A, ABC, Memory.BLANK);
        register.propose(X);
        register.onMessage(A, new Promise(ONE, null));
        assertEquals(
                new Effects(
                        List.of(new Memory(ONE, new Vote(ONE, X))),
                        List.of(toAll(new Accept(ONE, X), B, C)),
                        List.of(to(A, new Accepted(ONE, X)))),
                register.onMessage(B, new Promise(ONE, null)));
        register.onMessage(B, new Accepted(ONE, X));
        assertEquals(new Outcome.Open(), register.outcome(), "B alone is no quorum");
        register.onMessage(A, new Accepted(ONE, X));
        assertEquals(new Outcome.Written(X), register.outcome());
    }

    @Test
    void theFirstToBeChosenStaysAndLaterProposersLearnIt() {
        Cluster cluster = new Cluster(ABC);
        cluster.down.add(C);
        cluster.propose(A, X);
        assertEquals(new Outcome.Written(X), cluster.at(B).outcome());
        cluster.down.set(0, A);
        cluster.propose(C, Y);
        assertEquals(new Outcome.Written(X), cluster.at(C).outcome());
    }

    @Test
    void aReadOfAnEmptyRegisterSaysSoAndDoesNotHinderALaterWrite() {
        Cluster cluster = new Cluster(ABC);
        cluster.read(B);
        assertEquals(new Outcome.Empty(), cluster.at(B).outcome());
        cluster.propose(A, X);
        assertEquals(new Outcome.Written(X), cluster.at(A).outcome());
        assertEquals(new Outcome.Written(X), cluster.at(B).outcome());
    }

    @Test
    void aReadFinishesAWriteThatWasLeftHalfDone() {
        Cluster cluster = new Cluster(ABC);
        cluster.at(C).onMessage(A, new Accept(ONE, X));
        cluster.down.add(A);
        cluster.read(B);
        assertEquals(new Outcome.Written(X), cluster.at(B).outcome());
        assertEquals(new Outcome.Written(X), cluster.at(C).outcome());
    }

    @Test
    void whoKnowsTheOutcomeAsksNobody() {
        Cluster cluster = new Cluster(ABC);
        cluster.propose(A, X);
        assertEquals(Effects.NONE, cluster.at(A).propose(Y));
        assertEquals(Effects.NONE, cluster.at(A).read());
        assertEquals(new Outcome.Written(X), cluster.at(A).outcome());
    }

    @Test
    void aRegisterOfOneMemberIsWrittenByItsOwnVote() {
        Cluster cluster = new Cluster(new Membership(1, List.of(A), List.of(), new QuorumSystem.Majority(), 1));
        cluster.propose(A, X);
        assertEquals(new Outcome.Written(X), cluster.at(A).outcome());
    }

    @Test
    void aRestartedMemberNeverUsesItsOldBallotAgain() {
        WriteOnceRegister register = new WriteOnceRegister(A, ABC, new Memory(ONE, null));
        Ballot two = ballot(2, A);
        assertEquals(
                writes(
                        new Memory(two, null),
                        to(A, new Promise(two, null)),
                        to(B, new Prepare(two)),
                        to(C, new Prepare(two))),
                register.propose(X));
    }

    @Test
    void strangersAndImpostorsAreNotHeard() {
        WriteOnceRegister register = new WriteOnceRegister(A, ABC, Memory.BLANK);
        MemberId stranger = member(9);
        assertEquals(Effects.NONE, register.onMessage(stranger, new Prepare(ballot(1, stranger))));
        assertEquals(Effects.NONE, register.onMessage(B, new Prepare(ballot(1, C))));
        assertEquals(Effects.NONE, register.onMessage(B, new Accept(ballot(1, C), X)));
        assertEquals(
                "member: " + stranger + " is not one of the voters " + ABC.voters(),
                assertThrows(IllegalArgumentException.class, () -> new WriteOnceRegister(stranger, ABC, Memory.BLANK))
                        .getMessage());
    }
}
