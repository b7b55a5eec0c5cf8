// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ClientGateway;
import io.paxos.ReadReceiver;
import io.paxos.ReadRefusal;
import io.paxos.transport.netty.client.ClientMessage.ReadAnswer;
import io.paxos.transport.netty.client.ClientMessage.ReadRequest;
import io.paxos.transport.netty.client.ClientMessage.ReadStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The reads that one connection has open at the node. They are handed on as many at a time as are of one kind, since to the
 * node those are one read, and each such group is answered as one message. Those of a group that the node did not come to, as
 * the answers before them are long, are handed on again when the client has taken what there is. On the event loop, but for
 * what the node says.
 */
final class ServedReads {

    /** Reads that go to the node as one, at most: no slot is applied while it reads them. */
    private static final int GROUP_MAX = 256;

    /** Reads whose timeouts are as close as this have the longest of them all: nobody counts on hearing it so exactly. */
    private static final int GROUP_MILLIS = 10;

    /**
     * The end of a group.
     *
     * @param answers what its reads were answered
     * @param unasked the others
     */
    record Told(List<ReadAnswer> answers, List<ReadRequest> unasked) {}

    private final ClientGateway gateway;
    private final Consumer<Told> teller;
    private final ArrayDeque<ReadRequest> later = new ArrayDeque<>();
    private int open;

    /**
     * @param teller takes the end of a group, on a thread of the node
     */
    ServedReads(ClientGateway gateway, Consumer<Told> teller) {
        this.gateway = gateway;
        this.teller = teller;
    }

    /** Taken in, and not {@link #answered} yet. */
    int open() {
        return open;
    }

    /** Its answers have left for the client, or will. */
    void answered(Told group) {
        open -= group.answers().size();
        later.addAll(group.unasked());
    }

    /** Takes them in, and hands them on, unless others are left for later. */
    void ask(List<ReadRequest> reads) {
        open += reads.size();
        if (later.isEmpty()) {
            handOn(reads);
        } else {
            later.addAll(reads);
        }
    }

    /** The client has taken what there was: hands on some of what is left for later. */
    void goOn() {
        if (later.isEmpty()) {
            return;
        }
        List<ReadRequest> reads = new ArrayList<>();
        int groupMax = Math.min(GROUP_MAX, gateway.readsMax());
        while (!later.isEmpty() && reads.size() < groupMax) {
            reads.add(later.remove());
        }
        handOn(reads);
    }

    /** The connection is gone. */
    void clear() {
        later.clear();
    }

    private void handOn(List<ReadRequest> reads) {
        int groupMax = Math.min(GROUP_MAX, gateway.readsMax());
        int from = 0;
        while (from < reads.size()) {
            ReadRequest first = reads.get(from);
            int timeoutMillis = first.timeoutMillis();
            int to = from + 1;
            while (to < reads.size() && to - from < groupMax && isLike(first, reads.get(to))) {
                timeoutMillis = Math.max(timeoutMillis, reads.get(to).timeoutMillis());
                to++;
            }
            handOn(reads.subList(from, to), timeoutMillis);
            from = to;
        }
    }

    private static boolean isLike(ReadRequest one, ReadRequest other) {
        return one.level().equals(other.level())
                && Math.abs((long) one.timeoutMillis() - other.timeoutMillis()) <= GROUP_MILLIS;
    }

    private void handOn(List<ReadRequest> group, int timeoutMillis) {
        List<byte[]> queries = new ArrayList<>(group.size());
        for (ReadRequest read : group) {
            queries.add(read.query());
        }
        try {
            int millis = Math.min(timeoutMillis, EndpointLimits.READ_MILLIS_MAX);
            gateway.read(group.get(0).level(), queries, millis, new Answering(group));
        } catch (RuntimeException impossible) {
            List<ReadAnswer> answers = new ArrayList<>(group.size());
            for (ReadRequest read : group) {
                answers.add(refusal(read, ReadRefusal.THREW, String.valueOf(impossible)));
            }
            teller.accept(new Told(answers, List.of()));
        }
    }

    private static ReadAnswer refusal(ReadRequest read, ReadRefusal refusal, String detail) {
        return new ReadAnswer(read.id(), ReadStatus.of(refusal), 0, -1, detail.getBytes(StandardCharsets.US_ASCII));
    }

    /** Collects what the node says to a group, and passes it on as one. Called on a thread of the node. */
    private final class Answering implements ReadReceiver {
        private final List<ReadRequest> group;
        private final List<ReadAnswer> answers;
        private final List<ReadRequest> unasked = new ArrayList<>();

        /** A node that has no room takes none of a group. */
        private boolean wasTaken;

        Answering(List<ReadRequest> group) {
            this.group = group;
            this.answers = new ArrayList<>(group.size());
        }

        @Override
        public void answered(int query, byte[] result, long slot, long ageMillis) {
            wasTaken = true;
            add(new ReadAnswer(group.get(query).id(), ReadStatus.ANSWERED, slot, ageMillis, result));
        }

        @Override
        public void refused(int query, ReadRefusal reason, String detail) {
            if (reason == ReadRefusal.OVERLOADED && wasTaken) {
                unasked.add(group.get(query));
                tellAtTheEnd();
            } else {
                add(refusal(group.get(query), reason, detail));
            }
        }

        private void add(ReadAnswer answer) {
            answers.add(answer);
            tellAtTheEnd();
        }

        private void tellAtTheEnd() {
            if (answers.size() + unasked.size() == group.size()) {
                teller.accept(new Told(answers, unasked));
            }
        }
    }
}
