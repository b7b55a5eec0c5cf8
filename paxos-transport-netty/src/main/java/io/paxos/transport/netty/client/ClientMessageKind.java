// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.message.MalformedFrameException;

/** The codes of the messages on the wire; frozen. */
enum ClientMessageKind {
    HELLO(1, ClientMessage.Hello.class),
    WELCOME(2, ClientMessage.Welcome.class),
    REFUSAL(3, ClientMessage.Refusal.class),
    ATTACH(4, ClientMessage.Attach.class),
    ATTACHED(5, ClientMessage.Attached.class),
    DETACH(6, ClientMessage.Detach.class),
    SUBMIT(7, ClientMessage.Submit.class),
    RESULTS(8, ClientMessage.Results.class),
    GAP(9, ClientMessage.Gap.class),
    REFUSED(10, ClientMessage.Refused.class),
    ENDED(11, ClientMessage.Ended.class),
    READS(12, ClientMessage.Reads.class),
    ANSWERS(13, ClientMessage.Answers.class),
    LEADER(14, ClientMessage.Leader.class),
    PING(15, ClientMessage.Ping.class),
    PONG(16, ClientMessage.Pong.class);

    private static final ClientMessageKind[] ALL = values();

    private final int code;
    private final Class<? extends ClientMessage> type;

    ClientMessageKind(int code, Class<? extends ClientMessage> type) {
        this.code = code;
        this.type = type;
    }

    int code() {
        return code;
    }

    Class<? extends ClientMessage> type() {
        return type;
    }

    static ClientMessageKind of(ClientMessage message) {
        for (ClientMessageKind kind : ALL) {
            if (kind.type == message.getClass()) {
                return kind;
            }
        }
        throw new IllegalStateException("no code stands for " + message);
    }

    static ClientMessageKind ofCode(int code) {
        if (code < 1 || code > ALL.length) {
            throw new MalformedFrameException(
                    "client message kind: " + code + " is outside the allowed range 1.." + ALL.length);
        }
        return ALL[code - 1];
    }
}
