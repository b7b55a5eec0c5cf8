// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ReadRefusal;
import io.paxos.model.SessionId;
import io.paxos.session.SessionResult;
import io.paxos.transport.netty.client.ClientMessage.ReadAnswer;
import io.paxos.transport.netty.client.ClientMessage.ReadStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Packs what a client is told in one turn into as few frames as may be, none longer than the client takes. What fits in none
 * is told without its bytes: a result as gone, a read as failed.
 */
final class Answers {
    private static final byte[] NOTHING = {};

    private final Frames frames;
    private final int frameBytesMax;
    private final int bodyBytesMax;
    private final long agreedTimeMillis;
    private List<ReadAnswer> reads = new ArrayList<>();
    private long readBytes;

    Answers(Frames frames, int frameBytesMax, long agreedTimeMillis) {
        this.frames = frames;
        this.frameBytesMax = frameBytesMax;
        this.bodyBytesMax = FramePacking.bodyBytesMax(frameBytesMax);
        this.agreedTimeMillis = agreedTimeMillis;
    }

    void message(ClientMessage message) {
        frames.add(message);
    }

    void results(SessionId session, List<SessionResult> results) {
        List<SessionResult> fitting = new ArrayList<>(results.size());
        for (SessionResult result : results) {
            fitting.add(fitting(result));
        }
        FramePacking.results(session, fitting, frameBytesMax, frames::add);
    }

    private SessionResult fitting(SessionResult result) {
        return ClientFields.RESULT_BYTES + (long) result.result().length <= bodyBytesMax
                ? result
                : new SessionResult(result.sequence(), SessionResult.Status.RESULT_GONE, result.position(), NOTHING);
    }

    /** First the results that the session still has, then how it stands. */
    void attached(SessionId session, long due, List<SessionResult> cached) {
        results(session, cached);
        frames.add(new ClientMessage.Attached(session, due, agreedTimeMillis));
    }

    void read(ReadAnswer answer) {
        ReadAnswer fitting = fitting(answer);
        long length = ClientFields.ANSWER_BYTES + (long) fitting.bytes().length;
        if (readBytes + length > bodyBytesMax) {
            finish();
        }
        reads.add(fitting);
        readBytes += length;
    }

    private ReadAnswer fitting(ReadAnswer answer) {
        if (ClientFields.ANSWER_BYTES + (long) answer.bytes().length <= bodyBytesMax) {
            return answer;
        }
        String text = "the answer has " + answer.bytes().length + " bytes, and a frame holds " + bodyBytesMax;
        return new ReadAnswer(
                answer.id(), ReadStatus.of(ReadRefusal.TOO_LARGE), 0, -1, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Nothing more comes in this turn. */
    void finish() {
        if (!reads.isEmpty()) {
            frames.add(new ClientMessage.Answers(reads));
            reads = new ArrayList<>();
            readBytes = 0;
        }
    }
}
