// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ReadLevel;
import io.paxos.model.Command;
import io.paxos.model.NodeId;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.session.SessionOpening;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import io.paxos.transport.netty.client.ClientMessage.LeaderHint;
import io.paxos.transport.netty.client.ClientMessage.ReadAnswer;
import io.paxos.transport.netty.client.ClientMessage.ReadRequest;
import io.paxos.transport.netty.client.ClientMessage.ReadStatus;
import io.paxos.transport.netty.client.ClientMessage.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One message of each kind, as the golden files hold them. */
final class ClientSamples {
    static final SessionId SESSION = new SessionId(0, 0x1122_3344_5566_7788L);

    private ClientSamples() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static Map<String, ClientMessage> goldens() {
        Map<String, ClientMessage> all = new TreeMap<>();
        all.put("hello", new ClientMessage.Hello(1, 1, 4 << 20, "orders", "till-7"));
        LeaderHint leader = new LeaderHint(new NodeId(2), "b.example", 7400);
        all.put(
                "welcome",
                new ClientMessage.Welcome(
                        1, "orders", new NodeId(1), 4 << 20, 4_096, 16 << 20, 1_024, 1 << 20, 123_456, leader));
        all.put("refusal", new ClientMessage.Refusal(Reason.TOO_MANY_CONNECTIONS, "as many clients as are allowed"));
        all.put("attach", new ClientMessage.Attach(SESSION, 1));
        all.put("attached", new ClientMessage.Attached(SESSION, 43, 123_456));
        all.put("detach", new ClientMessage.Detach(SESSION));
        SessionOpening opening = new SessionOpening(0x0102_0304_0506_0708L, 0x090a_0b0c_0d0e_0f10L, 120_000, 243_456);
        all.put(
                "submit",
                new ClientMessage.Submit(List.of(
                        new Command(Command.Kind.SESSION_OPEN, SESSION, 1, 1, 1, opening.encode()),
                        new Command(Command.Kind.COMMAND, SESSION, 1, 44, 43, ascii("add 5")),
                        new Command(Command.Kind.SESSION_CLOSE, SESSION, 1, 45, 43, new byte[0]))));
        all.put(
                "results",
                new ClientMessage.Results(
                        SESSION,
                        List.of(
                                new SessionResult(43, SessionResult.Status.APPLIED, new Position(1_000, 2), ascii("5")),
                                new SessionResult(44, SessionResult.Status.RESULT_GONE, null, new byte[0]),
                                new SessionResult(
                                        45, SessionResult.Status.EXPIRED, new Position(1_001, 0), new byte[0]))));
        all.put("gap", new ClientMessage.Gap(SESSION, 44));
        all.put("refused", new ClientMessage.Refused(SESSION, 44, SessionReceiver.Refusal.OVERLOADED));
        all.put("ended", new ClientMessage.Ended(SESSION, "the node stops"));
        all.put(
                "reads",
                new ClientMessage.Reads(List.of(
                        new ReadRequest(7, ReadLevel.LINEARIZABLE, 5_000, ascii("sum")),
                        new ReadRequest(8, ReadLevel.atLeast(1_000), 250, ascii("sum")))));
        all.put(
                "answers",
                new ClientMessage.Answers(List.of(
                        new ReadAnswer(7, ReadStatus.ANSWERED, 1_002, 0, ascii("5")),
                        new ReadAnswer(8, ReadStatus.NO_LEADER, 0, -1, ascii("no leader confirmed")))));
        all.put("leader", new ClientMessage.Leader(LeaderHint.NONE));
        all.put("ping", new ClientMessage.Ping(0x0011_2233_4455_6677L));
        all.put("pong", new ClientMessage.Pong(0x0011_2233_4455_6677L, 123_457));
        return all;
    }
}
