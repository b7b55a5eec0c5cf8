// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.model.Command;
import io.paxos.model.SessionId;
import io.paxos.session.SessionResult;
import io.paxos.transport.netty.client.ClientMessage.ReadRequest;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** What one end sends in a turn, in as few frames as may be, none longer than the other one takes. */
final class FramePacking {

    private FramePacking() {}

    static void commands(List<Command> all, int frameBytesMax, Consumer<ClientMessage> to) {
        pack(all, Command::encodedLength, frameBytesMax, part -> to.accept(new ClientMessage.Submit(part)));
    }

    static void reads(List<ReadRequest> all, int frameBytesMax, Consumer<ClientMessage> to) {
        pack(
                all,
                read -> ClientFields.READ_BYTES + (long) read.query().length,
                frameBytesMax,
                part -> to.accept(new ClientMessage.Reads(part)));
    }

    static void results(SessionId session, List<SessionResult> all, int frameBytesMax, Consumer<ClientMessage> to) {
        pack(
                all,
                result -> ClientFields.RESULT_BYTES + (long) result.result().length,
                frameBytesMax,
                part -> to.accept(new ClientMessage.Results(session, part)));
    }

    /** How much a frame of that length holds beside what comes before the first of a list. */
    static int bodyBytesMax(int frameBytesMax) {
        return frameBytesMax - ClientCodec.HEADER_BYTES - ClientFields.LIST_BYTES;
    }

    /** Longest payload of a command that such a frame holds. */
    static int commandBytesMax(int frameBytesMax) {
        return bodyBytesMax(frameBytesMax) - Command.OVERHEAD_BYTES;
    }

    /** Longest query that such a frame holds. */
    static int queryBytesMax(int frameBytesMax) {
        return bodyBytesMax(frameBytesMax) - ClientFields.READ_BYTES;
    }

    /** One that is too long by itself has a frame to itself: it is for who takes it in to refuse such. */
    private static <T> void pack(List<T> all, ToLongFunction<T> length, int frameBytesMax, Consumer<List<T>> to) {
        long bytesMax = bodyBytesMax(frameBytesMax);
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < all.size(); i++) {
            long next = length.applyAsLong(all.get(i));
            if (i > from && bytes + next > bytesMax) {
                to.accept(all.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += next;
        }
        if (!all.isEmpty()) {
            to.accept(from == 0 ? all : all.subList(from, all.size()));
        }
    }
}
