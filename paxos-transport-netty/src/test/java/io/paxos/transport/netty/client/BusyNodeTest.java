// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.paxos.ReadLevel;
import io.paxos.ReadReceiver;
import io.paxos.model.Command;
import io.paxos.model.SessionId;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import io.paxos.transport.netty.client.ClientMessage.ReadRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a client is told, and what is read from it, while the node can take no more. Its pings wait behind its commands: a client
 * that is not read has to be told unasked that the node is there, or it would take it for dead, and go round from node to node
 * with everything that it has under way. One that has as much under way as it may is read on, since what a leader took with it
 * has to be sent again.
 */
class BusyNodeTest {
    private static final int COMMANDS_MAX = 2;
    private static final int READS_MAX = 1;
    private static final SessionId SESSION = new SessionId(0, 7);

    private final Node node = new Node();
    private final EmbeddedClient client = new EmbeddedClient(
            node, new EndpointLimits(4, 2, COMMANDS_MAX, 4_096, READS_MAX, 1 << 16, 1 << 20, 3_000, 1));

    private static final class Node extends SilentGateway {
        private boolean hasRoom = true;
        private int refused;
        private final List<Long> taken = new ArrayList<>();
        private SessionReceiver attached;
        private ReadReceiver reader;

        @Override
        public void attach(SessionId session, long boot, SessionReceiver receiver) {
            attached = receiver;
        }

        @Override
        public boolean submit(List<Command> commands) {
            if (!hasRoom) {
                refused++;
                return false;
            }
            commands.forEach(command -> taken.add(command.sequence()));
            return true;
        }

        @Override
        public void read(ReadLevel level, List<byte[]> queries, long timeoutMillis, ReadReceiver receiver) {
            reader = receiver;
        }
    }

    @BeforeEach
    void attach() {
        client.send(new ClientMessage.Attach(SESSION, 1));
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    private static ClientMessage commands(long... sequences) {
        List<Command> commands = new ArrayList<>();
        for (long sequence : sequences) {
            commands.add(new Command(Command.Kind.COMMAND, SESSION, 1, sequence, 1, new byte[] {1}));
        }
        return new ClientMessage.Submit(commands);
    }

    private static final List<ClientMessage> THERE = List.of(new ClientMessage.Pong(0, 1));

    @Test
    void aNodeThatHasNoRoomSaysThatItIsThere() {
        node.hasRoom = false;
        client.send(commands(1));
        assertEquals(List.of(), client.saidWithin(EndpointLimits.BUSY_MILLIS - 1));
        assertEquals(THERE, client.saidWithin(1));
        assertEquals(THERE, client.saidWithin(EndpointLimits.BUSY_MILLIS));
        node.hasRoom = true;
        assertEquals(List.of(), client.saidWithin(10 * EndpointLimits.BUSY_MILLIS));
        assertEquals(List.of(1L), node.taken);
    }

    @Test
    void itIsOfferedTheSameAgainAfterPausesThatBecomeLonger() {
        node.hasRoom = false;
        client.send(commands(1));
        client.saidWithin(1 + 2 + 4 + 8 + 16);
        assertEquals(1 + 5, node.refused);
        client.saidWithin(EndpointLimits.RETRY_MILLIS_MAX);
        assertEquals(1 + 6, node.refused);
        node.hasRoom = true;
        client.saidWithin(EndpointLimits.RETRY_MILLIS_MAX);
        node.hasRoom = false;
        client.send(commands(2));
        client.saidWithin(EndpointLimits.RETRY_MILLIS_MIN);
        assertEquals(1 + 6 + 2, node.refused);
        assertEquals(List.of(1L), node.taken);
    }

    @Test
    void whatBelongsToASessionThatLeftIsNotOfferedAgain() {
        node.hasRoom = false;
        client.send(commands(1));
        node.attached.ended("the node knows better");
        assertInstanceOf(ClientMessage.Ended.class, client.said().get(0));
        node.hasRoom = true;
        client.saidWithin(EndpointLimits.RETRY_MILLIS_MAX);
        assertEquals(List.of(), node.taken);
    }

    /** Node 1 passed them to a leader that is gone, and nobody will ever answer. */
    @Test
    void aClientWithAllItsCommandsUnderWayIsHeardAndMaySendThemAgain() {
        client.send(commands(1, 2));
        client.send(new ClientMessage.Ping(5));
        assertEquals(List.of(new ClientMessage.Pong(5, 1)), client.said());
        for (int i = 0; i < 10; i++) {
            client.send(commands(1, 2));
        }
        assertEquals(22, node.taken.size());
        client.send(new ClientMessage.Ping(6));
        assertEquals(List.of(new ClientMessage.Pong(6, 1)), client.saidWithin(10 * EndpointLimits.BUSY_MILLIS));
    }

    @Test
    void oneThatHasMoreUnderWayThanItMayIsNotReadUntilSomethingIsDone() {
        client.send(commands(1, 2, 3));
        client.send(commands(4));
        client.send(new ClientMessage.Ping(5));
        assertEquals(List.of(), client.saidWithin(10 * EndpointLimits.BUSY_MILLIS));
        node.attached.results(List.of(gone(1), gone(2), gone(3)));
        List<ClientMessage> said = client.said();
        assertInstanceOf(ClientMessage.Results.class, said.get(0));
        assertEquals(List.of(new ClientMessage.Pong(5, 1)), said.subList(1, said.size()));
        assertEquals(List.of(1L, 2L, 3L, 4L), node.taken);
    }

    /** What came together need not be answered together. */
    @Test
    void eachThatIsAnsweredMakesRoomForAnother() {
        client.send(commands(1, 2, 3));
        client.send(commands(4));
        assertEquals(List.of(1L, 2L, 3L), node.taken);
        node.attached.results(List.of(gone(1)));
        client.said();
        assertEquals(List.of(1L, 2L, 3L, 4L), node.taken);
        client.send(commands(5));
        assertEquals(List.of(1L, 2L, 3L, 4L), node.taken);
        node.attached.results(List.of(gone(3), gone(2)));
        client.said();
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), node.taken);
        client.send(commands(6, 7)); // and 4 and 5, which have no answer: each counts, once
        client.send(commands(8));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L), node.taken);
    }

    /** They begin anew with what is due, which counts again. */
    @Test
    void behindAGapTheSameCommandsCountAgain() {
        client.send(commands(1, 2));
        node.attached.gap(1);
        assertInstanceOf(ClientMessage.Gap.class, client.said().get(0));
        client.send(commands(1, 2, 3));
        client.send(new ClientMessage.Ping(5));
        assertEquals(List.of(), client.said());
    }

    @Test
    void theSameGoesForReads() {
        client.send(new ClientMessage.Reads(List.of(read(1))));
        client.send(new ClientMessage.Ping(5));
        assertEquals(List.of(new ClientMessage.Pong(5, 1)), client.said());
        client.send(new ClientMessage.Reads(List.of(read(2))));
        client.send(new ClientMessage.Ping(6));
        assertEquals(List.of(), client.said());
        node.reader.answered(0, new byte[0], 40, 0);
        List<ClientMessage> said = client.said();
        assertInstanceOf(ClientMessage.Answers.class, said.get(0));
        assertEquals(new ClientMessage.Pong(6, 1), said.get(1));
    }

    private static SessionResult gone(long sequence) {
        return new SessionResult(sequence, SessionResult.Status.RESULT_GONE, null, new byte[0]);
    }

    private static ReadRequest read(long id) {
        return new ReadRequest(id, ReadLevel.LINEARIZABLE, 60_000, new byte[0]);
    }
}
