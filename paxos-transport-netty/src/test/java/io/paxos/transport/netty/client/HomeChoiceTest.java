// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.NodeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HomeChoiceTest {
    private static final int NONE = HomeChoice.NONE;
    private static final NodeId A = new NodeId(1);
    private static final NodeId B = new NodeId(2);
    private static final NodeId C = new NodeId(3);

    /** Takes the last one where it may take any. */
    private final HomeChoice choice = new HomeChoice(100, bound -> bound - 1);

    @BeforeEach
    void addThree() {
        for (int i = 0; i < 3; i++) {
            choice.add();
        }
    }

    @Test
    void withoutAConnectionThereIsNone() {
        assertEquals(NONE, choice.choose(NONE, 0));
        choice.opened(1, B, NodeId.NONE);
        assertEquals(1, choice.choose(NONE, 0));
        choice.closed(1);
        assertEquals(NONE, choice.choose(1, 0));
    }

    @Test
    void whoSaysOfItselfThatItLeadsIsChosenAndWhatOthersSayMovesNobody() {
        choice.opened(0, A, B);
        assertEquals(0, choice.choose(NONE, 0));
        choice.opened(1, B, C);
        assertEquals(0, choice.choose(0, 0));
        assertEquals(NONE, choice.leading());
        choice.opened(2, C, C);
        assertEquals(2, choice.choose(0, 0));
        assertEquals(2, choice.leading());
    }

    @Test
    void ofTwoThatSaySoTheLaterOneIsRight() {
        choice.opened(0, A, A);
        choice.opened(1, B, B);
        assertEquals(1, choice.choose(0, 0));
        choice.leaderSaid(0, A);
        assertEquals(0, choice.choose(1, 0));
        choice.leaderSaid(0, NodeId.NONE);
        assertEquals(1, choice.choose(0, 0));
    }

    @Test
    void theHomeStaysWhileNobodyLeads() {
        choice.opened(0, A, A);
        choice.opened(1, B, A);
        choice.opened(2, C, A);
        choice.leaderSaid(0, NodeId.NONE);
        assertEquals(0, choice.choose(0, 0));
    }

    @Test
    void whoWasLeftIsNotChosenForAWhileEvenIfItSaysThatItLeads() {
        choice.opened(0, A, A);
        choice.left(0, 1_000);
        assertEquals(NONE, choice.choose(NONE, 1_099));
        assertEquals(0, choice.choose(NONE, 1_100));
        choice.left(0, 2_000);
        choice.opened(1, B, A);
        assertEquals(1, choice.choose(NONE, 2_000));
        assertEquals(0, choice.choose(1, 2_100));
    }

    /** It was left while nobody led; to stay away from it for a while longer would leave the client without an answer. */
    @Test
    void whoWasLeftIsChosenAtOnceWhenItBeginsToLead() {
        choice.opened(0, A, NodeId.NONE);
        choice.left(0, 1_000);
        assertEquals(NONE, choice.choose(NONE, 1_010));
        choice.leaderSaid(0, A);
        assertEquals(0, choice.choose(NONE, 1_010));
        choice.left(0, 1_020);
        choice.leaderSaid(0, A);
        assertEquals(NONE, choice.choose(NONE, 1_030)); // it led already, and was of no use
        choice.closed(0);
        choice.opened(0, A, A);
        assertEquals(NONE, choice.choose(NONE, 1_040));
    }

    @Test
    void aLeaderThatIsReachedWillSayItselfThatItLeads() {
        choice.opened(0, A, B);
        assertFalse(choice.isOpenTo(B));
        choice.opened(1, B, NodeId.NONE);
        assertTrue(choice.isOpenTo(B));
        choice.closed(1);
        assertFalse(choice.isOpenTo(B));
    }
}
