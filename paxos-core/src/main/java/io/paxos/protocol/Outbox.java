// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message;
import io.paxos.model.DurableRecord;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.protocol.Effects.Envelope;
import java.util.ArrayList;
import java.util.List;

/** Collects what one step asks for, and carries the time of the step. The roles write into it; none reads it. */
final class Outbox {

    private final long nowMillis;
    private List<DurableRecord> writes = List.of();
    private List<Envelope> sendNow = List.of();
    private List<Envelope> sendAfterWrites = List.of();
    private List<Proposal> chosen = List.of();
    private List<Notice> notices = List.of();

    Outbox(long nowMillis) {
        this.nowMillis = nowMillis;
    }

    long nowMillis() {
        return nowMillis;
    }

    /** Most parts of most steps stay empty, and most others hold as many as there are other members. */
    private static <T> List<T> open(List<T> part) {
        return part.isEmpty() ? new ArrayList<>(2) : part;
    }

    void write(DurableRecord write) {
        writes = open(writes);
        writes.add(write);
    }

    boolean hasWrites() {
        return !writes.isEmpty();
    }

    /** For messages that say nothing about what this acceptor promised or voted. */
    void sendNow(NodeId to, Message message) {
        sendNow = open(sendNow);
        sendNow.add(new Envelope(to, message));
    }

    /** For messages that reveal a promise or a vote, and for what this replica tells itself. */
    void sendAfterWrites(NodeId to, Message message) {
        sendAfterWrites = open(sendAfterWrites);
        sendAfterWrites.add(new Envelope(to, message));
    }

    void chosen(Proposal proposal) {
        chosen = open(chosen);
        chosen.add(proposal);
    }

    void notice(Notice notice) {
        notices = open(notices);
        notices.add(notice);
    }

    Effects toEffects() {
        return new Effects(writes, sendNow, sendAfterWrites, chosen, notices);
    }
}
