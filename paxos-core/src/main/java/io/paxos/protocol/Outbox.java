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
    private final List<DurableRecord> writes = new ArrayList<>();
    private final List<Envelope> sendNow = new ArrayList<>();
    private final List<Envelope> sendAfterWrites = new ArrayList<>();
    private final List<Proposal> chosen = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();

    Outbox(long nowMillis) {
        this.nowMillis = nowMillis;
    }

    long nowMillis() {
        return nowMillis;
    }

    void write(DurableRecord write) {
        writes.add(write);
    }

    boolean hasWrites() {
        return !writes.isEmpty();
    }

    /** For messages that say nothing about what this acceptor promised or voted. */
    void sendNow(NodeId to, Message message) {
        sendNow.add(new Envelope(to, message));
    }

    /** For messages that reveal a promise or a vote, and for what this replica tells itself. */
    void sendAfterWrites(NodeId to, Message message) {
        sendAfterWrites.add(new Envelope(to, message));
    }

    void chosen(Proposal proposal) {
        chosen.add(proposal);
    }

    void notice(Notice notice) {
        notices.add(notice);
    }

    Effects toEffects() {
        return new Effects(writes, sendNow, sendAfterWrites, chosen, notices);
    }
}
