// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.command;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.proposal;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.model.Ballot;
import io.paxos.model.DurableState;
import io.paxos.protocol.Effects.Envelope;
import java.lang.reflect.Field;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A check that nothing can fail checks nothing: each invariant is shown a state that breaks it, and one that does not. The
 * roles are real; where they cannot be brought into the bad state, a field is forged. Catches: any one of the checks left
 * out.
 */
class InvariantsTest {

    private static final Limits ONE_OPEN = new Limits(1, 1_024, 4, 1_024, 1_024, 4, 4);

    /** The roles of one member, put together as in {@link ActiveMember}, but checked only when a test says so. */
    private static final class Roles {
        final OpenVotes votes;
        final Learner learner;
        final Acceptor acceptor;
        final PendingCommands pending = new PendingCommands(Limits.DEFAULT);
        final Proposer proposer;

        Roles(Given.Memory memory) {
            DurableState state = memory.state();
            SplittableRandom random = new SplittableRandom(1);
            Memberships memberships = new Memberships(A, members(3));
            Fitness fitness = new Fitness();
            FollowedLeader followed = new FollowedLeader(Timing.DEFAULT);
            votes = new OpenVotes(state.votes());
            learner = new Learner(state, votes, 16, fitness);
            acceptor = new Acceptor(state, Limits.DEFAULT, votes, learner, followed, fitness, new Holes());
            CatchUp catchUp = new CatchUp(Timing.DEFAULT, Limits.DEFAULT, A, learner, random);
            proposer = new Proposer(
                    Timing.DEFAULT,
                    Limits.DEFAULT,
                    memberships,
                    acceptor,
                    learner,
                    followed,
                    catchUp,
                    pending,
                    new Pushes(Timing.DEFAULT, Limits.DEFAULT, memberships),
                    new Expiry(),
                    fitness,
                    random);
        }

        Invariants invariants(Limits limits) {
            return new Invariants(limits, acceptor, learner, votes, proposer, pending);
        }

        void lead() {
            Outbox out = new Outbox(0);
            proposer.begin(out);
            for (Envelope each : out.toEffects().sendAfterWrites()) {
                if (each.message() instanceof Promise own) {
                    proposer.onPromise(A, own, out);
                    proposer.onPromise(B, own, out);
                }
            }
            proposer.leadWhenFetched(out);
            proposer.propose(out);
        }
    }

    private static Roles roles() {
        return new Roles(memory(A, members(3)).known(3, 0).promised(ballot(2, B), 9));
    }

    private static void violates(String invariant, Invariants invariants) {
        InvariantViolation violation = assertThrows(InvariantViolation.class, invariants::check);
        assertEquals(invariant, violation.getMessage().split(":", 2)[0]);
    }

    private static void forge(Object role, String field, Object value) {
        try {
            Field forged = role.getClass().getDeclaredField(field);
            forged.setAccessible(true);
            forged.set(role, value);
        } catch (ReflectiveOperationException gone) {
            throw new LinkageError("the field was renamed: forge another one", gone);
        }
    }

    @Test
    void aMemberAtRestAndALeaderBreakNone() {
        Roles roles = roles();
        Invariants invariants = roles.invariants(ONE_OPEN);
        assertDoesNotThrow(invariants::check);
        roles.lead();
        assertEquals(1, roles.proposer.openSlots());
        assertDoesNotThrow(invariants::check);
        roles.pending.offer(List.of(command(1, "x")));
        assertDoesNotThrow(invariants::check);
    }

    @Test
    void thePromiseMustNotGoBack() {
        Roles roles = roles();
        Invariants invariants = roles.invariants(Limits.DEFAULT);
        forge(roles.acceptor, "promised", ballot(2, A));
        violates("the promise went back", invariants);
    }

    @Test
    void thePromiseOfTheLastStepIsRemembered() {
        Roles roles = roles();
        Invariants invariants = roles.invariants(Limits.DEFAULT);
        roles.acceptor.onPrepare(C, new Prepare(ballot(7, C), 1, 1), new Outbox(0));
        assertDoesNotThrow(invariants::check);
        forge(roles.acceptor, "promised", ballot(6, C));
        violates("the promise went back", invariants);
    }

    @Test
    void theKnownChosenPrefixMustNotGoBack() {
        Roles roles = roles();
        Invariants invariants = roles.invariants(Limits.DEFAULT);
        roles.learner.learn(proposal(4, ballot(1, B), "four"), new Outbox(0));
        assertDoesNotThrow(invariants::check);
        forge(roles.learner, "knownChosen", 3L);
        violates("the known-chosen prefix went back", invariants);
    }

    @Test
    void noVoteIsKeptAtOrBelowThePrefix() {
        Roles above = new Roles(memory(A, members(3)).known(3, 0).votes(proposal(4, ballot(1, B), "four")));
        assertDoesNotThrow(above.invariants(Limits.DEFAULT)::check);
        Roles at = new Roles(memory(A, members(3)).known(3, 0).votes(proposal(3, ballot(1, B), "three")));
        violates("an open vote is at or below the prefix", at.invariants(Limits.DEFAULT));
    }

    @Test
    void nobodyStandsBelowItsOwnPromise() {
        Roles roles = roles();
        roles.proposer.begin(new Outbox(0));
        Invariants invariants = roles.invariants(Limits.DEFAULT);
        assertDoesNotThrow(invariants::check);
        roles.acceptor.onPrepare(C, new Prepare(ballot(7, C), 1, 1), new Outbox(0));
        violates("leads below its own promise", invariants);
        roles.proposer.preempted();
        assertDoesNotThrow(invariants::check);
    }

    @Test
    void noMoreSlotsAreOpenThanTheBound() {
        Roles roles = roles();
        roles.lead();
        roles.pending.offer(List.of(command(1, "x")));
        roles.proposer.propose(new Outbox(0));
        assertEquals(2, roles.proposer.openSlots());
        violates("too many open slots", roles.invariants(ONE_OPEN));
        assertDoesNotThrow(roles.invariants(Limits.DEFAULT)::check);
    }

    @Test
    void noMoreBytesWaitThanTheBound() {
        Roles roles = roles();
        roles.lead();
        roles.pending.offer(List.of(command(1, "x".repeat(1_024))));
        violates("too many pending bytes", roles.invariants(ONE_OPEN));
        assertDoesNotThrow(roles.invariants(Limits.DEFAULT)::check);
    }

    @Test
    void commandsWaitOnlyAtWhoeverStands() {
        Roles roles = roles();
        roles.pending.offer(List.of(command(1, "x")));
        violates("commands wait although nobody stands here", roles.invariants(Limits.DEFAULT));
    }

    @Test
    void theMessageNamesWhatWasFound() {
        Roles roles = roles();
        Invariants invariants = roles.invariants(Limits.DEFAULT);
        forge(roles.acceptor, "promised", Ballot.NONE);
        InvariantViolation violation = assertThrows(InvariantViolation.class, invariants::check);
        assertEquals("the promise went back: none", violation.getMessage());
    }
}
