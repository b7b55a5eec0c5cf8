// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.paxos.model.NodeId;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.simulation.trace.TraceEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Forged sessions of clients: what is answered to a retry, and in which order commands take effect. */
class SessionPropertiesTest {

    private static final NodeId A = new NodeId(1);
    private static final NodeId B = new NodeId(2);
    private static final SessionId CLIENT = new SessionId(0, 77);
    private static final SessionId OTHER = new SessionId(0, 78);
    private static final Position FIVE = new Position(5, 0);
    private static final Position SIX = new Position(6, 0);

    private final RetriesAnsweredAlike alike = new RetriesAnsweredAlike();
    private final SessionsInOrder inOrder = new SessionsInOrder();

    private @Nullable String answers(
            NodeId node, SessionId session, long sequence, @Nullable Position position, @Nullable Integer result) {
        return alike.observe(new TraceEvent.SessionAnswered(1, node, session, sequence, position, result));
    }

    @Test
    void theSameAnswerAgainIsGoodAndSoIsOneThatIsNotKept() {
        assertNull(answers(A, CLIENT, 2, FIVE, 1_000));
        assertNull(answers(B, CLIENT, 2, FIVE, 1_000));
        assertNull(answers(B, CLIENT, 2, null, null));
        assertNull(answers(A, CLIENT, 3, SIX, 9));
        assertNull(answers(A, OTHER, 2, SIX, 9));
    }

    @Test
    void aRetryAnsweredAtAnotherPositionIsRejected() {
        assertNull(answers(A, CLIENT, 2, FIVE, 1_000));
        assertNull(answers(A, CLIENT, 2, null, null));
        assertEquals(
                "n2 answers command 2 of session " + CLIENT + " at 6:0, and 5:0 was told before",
                answers(B, CLIENT, 2, SIX, 1_000));
    }

    @Test
    void aRetryAnsweredWithAnotherResultIsRejected() {
        assertNull(answers(A, CLIENT, 2, FIVE, null));
        assertNull(answers(A, CLIENT, 2, FIVE, 1_000));
        assertEquals(
                "n2 answers command 2 of session " + CLIENT + " with another result than was told before",
                answers(B, CLIENT, 2, FIVE, 1_001));
    }

    private void given(long sequence, long operation) {
        assertNull(inOrder.observe(new TraceEvent.SessionCommanded(1, CLIENT, sequence, operation)));
    }

    private @Nullable String executes(NodeId node, long operation, Position position) {
        return inOrder.observe(new TraceEvent.Executed(2, node, 1, operation, position, 0));
    }

    @Test
    void commandsThatTakeEffectOneAfterAnotherAreGood() {
        given(2, 10);
        given(3, 11);
        assertNull(executes(A, 10, FIVE));
        assertNull(executes(A, 11, SIX));
        assertNull(executes(B, 10, FIVE));
        assertNull(executes(B, 11, SIX));
        assertNull(executes(A, 99, FIVE), "not of a client's session");
    }

    @Test
    void aCommandBeforeWhichOneIsMissingIsRejected() {
        given(2, 10);
        given(3, 11);
        assertEquals(
                "n1 executes command 3 of session " + CLIENT + " at 5:0, and command 2 took effect nowhere",
                executes(A, 11, FIVE));
    }

    @Test
    void commandsInAnotherOrderAreRejected() {
        given(2, 10);
        given(3, 11);
        assertNull(executes(A, 10, SIX));
        assertEquals(
                "n1 executes command 3 of session " + CLIENT + " at 5:0, and the one before it took effect at 6:0",
                executes(A, 11, FIVE));
    }

    @Test
    void oneThatTakesEffectBehindALaterOneIsRejected() {
        given(2, 10);
        given(3, 11);
        assertNull(executes(A, 10, FIVE));
        assertNull(executes(A, 11, SIX));
        assertEquals(
                "n2 executes command 2 of session " + CLIENT + " at 7:0, and the one after it took effect at 6:0",
                executes(B, 10, new Position(7, 0)));
    }
}
