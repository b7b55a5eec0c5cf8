// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
