// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.paxos.ReadLevel;
import io.paxos.ReadReceiver;
import io.paxos.ReadRefusal;
import io.paxos.transport.netty.client.ClientMessage.ReadAnswer;
import io.paxos.transport.netty.client.ClientMessage.ReadRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the reads of a client come to the node, and its answers to the client. A read is told apart by the length of its query. */
class ServedReadsTest {
    private static final int READS_MAX = 300;

    private final List<String> asked = new ArrayList<>();
    private final List<ReadReceiver> receivers = new ArrayList<>();
    private final EmbeddedClient client = new EmbeddedClient(new Node(), EndpointLimits.DEFAULT);

    private final class Node extends SilentGateway {
        @Override
        public int readsMax() {
            return READS_MAX;
        }

        @Override
        public void read(ReadLevel level, List<byte[]> queries, long timeoutMillis, ReadReceiver receiver) {
            List<Integer> lengths =
                    queries.stream().map(query -> query.length).distinct().toList();
            asked.add(queries.size() + " of " + lengths + " " + level.kind() + " in " + timeoutMillis);
            receivers.add(receiver);
        }
    }

    @BeforeEach
    void welcomed() {
        assertEquals(READS_MAX, client.welcome().readsMax());
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    private static ReadRequest read(long id, ReadLevel level, int timeoutMillis) {
        return new ReadRequest(id, level, timeoutMillis, new byte[(int) (id % 10)]);
    }

    @Test
    void neighboursOfOneLevelAndAboutOneTimeoutAreOneReadOfTheNode() {
        client.send(new ClientMessage.Reads(List.of(
                read(1, ReadLevel.LINEARIZABLE, 1_000),
                read(2, ReadLevel.LINEARIZABLE, 1_010),
                read(3, ReadLevel.LINEARIZABLE, 990),
                read(4, ReadLevel.LINEARIZABLE, 989),
                read(5, ReadLevel.LOCAL, 989),
                read(6, ReadLevel.atLeast(7), 989),
                read(7, ReadLevel.atLeast(8), 989))));
        assertEquals(
                List.of(
                        "3 of [1, 2, 3] LINEARIZABLE in 1010",
                        "1 of [4] LINEARIZABLE in 989",
                        "1 of [5] LOCAL in 989",
                        "1 of [6] AT_LEAST in 989",
                        "1 of [7] AT_LEAST in 989"),
                asked);
    }

    @Test
    void noMoreAreOneReadThanMayHoldUpTheStateMachine() {
        List<ReadRequest> many = new ArrayList<>();
        for (int id = 1; id <= 300; id++) {
            many.add(read(10L * id, ReadLevel.LOCAL, 1_000));
        }
        client.send(new ClientMessage.Reads(many));
        assertEquals(List.of("256 of [0] LOCAL in 1000", "44 of [0] LOCAL in 1000"), asked);
    }

    /** Its client may be gone, and nobody tells the node. */
    @Test
    void noReadWaitsAtTheNodeForLongerThanItMay() {
        client.send(new ClientMessage.Reads(List.of(read(1, ReadLevel.LOCAL, 86_400_000))));
        assertEquals(List.of("1 of [1] LOCAL in " + EndpointLimits.READ_MILLIS_MAX), asked);
    }

    /** The answers before them are long: they are asked when the client has taken those, and nothing overtakes them. */
    @Test
    void whatTheNodeDidNotComeToIsAskedAgain() {
        client.send(new ClientMessage.Reads(List.of(
                read(11, ReadLevel.LOCAL, 1_000), read(12, ReadLevel.LOCAL, 1_000), read(13, ReadLevel.LOCAL, 1_000))));
        ReadReceiver receiver = receivers.get(0);
        receiver.answered(0, new byte[] {5}, 40, 0);
        receiver.refused(1, ReadRefusal.OVERLOADED, "too long");
        receiver.refused(2, ReadRefusal.OVERLOADED, "too long");
        assertEquals(List.of("11 ANSWERED"), said());
        assertEquals(List.of("3 of [1, 2, 3] LOCAL in 1000", "2 of [2, 3] LOCAL in 1000"), asked);
        receivers.get(1).refused(0, ReadRefusal.OVERLOADED, "no room");
        receivers.get(1).refused(1, ReadRefusal.OVERLOADED, "no room");
        assertEquals(List.of("12 OVERLOADED", "13 OVERLOADED"), said(), "nothing of it was asked");
        assertEquals(2, asked.size());
    }

    private List<String> said() {
        List<String> answers = new ArrayList<>();
        for (ClientMessage each : client.said()) {
            assertInstanceOf(ClientMessage.Answers.class, each)
                    .answers()
                    .forEach(answer -> answers.add(answer.id() + " " + answer.status()));
        }
        return answers;
    }

    @Test
    void whatIsSaidToAGroupIsOneFrame() {
        client.send(new ClientMessage.Reads(List.of(
                read(11, ReadLevel.LOCAL, 1_000), read(12, ReadLevel.LOCAL, 1_000), read(13, ReadLevel.LOCAL, 1_000))));
        ReadReceiver receiver = receivers.get(0);
        receiver.answered(0, new byte[] {5}, 40, 0);
        receiver.refused(1, ReadRefusal.THREW, "no such question");
        receiver.answered(2, new byte[0], 40, 0);
        List<ClientMessage> said = client.said();
        assertEquals(1, said.size());
        List<String> answers = new ArrayList<>();
        for (ReadAnswer each :
                assertInstanceOf(ClientMessage.Answers.class, said.get(0)).answers()) {
            answers.add(each.id() + " " + each.status() + " " + each.bytes().length);
        }
        assertEquals(List.of("11 ANSWERED 1", "12 THREW 16", "13 ANSWERED 0"), answers);
    }
}
