// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message;
import io.paxos.model.DurableRecord;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.protocol.Effects.Envelope;
import java.util.ArrayList;
import java.util.List;

/** The exact effects that a step must have: what is not named here must not happen. */
final class Wanted {

    private final List<DurableRecord> writes = new ArrayList<>();
    private final List<Envelope> now = new ArrayList<>();
    private final List<Envelope> afterWrites = new ArrayList<>();
    private final List<Proposal> chosen = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();

    private Wanted() {}

    static Wanted wanted() {
        return new Wanted();
    }

    Wanted write(DurableRecord... records) {
        writes.addAll(List.of(records));
        return this;
    }

    Wanted now(MemberId to, Message message) {
        now.add(new Envelope(to.node(), message));
        return this;
    }

    Wanted afterWrites(MemberId to, Message message) {
        afterWrites.add(new Envelope(to.node(), message));
        return this;
    }

    Wanted chosen(Proposal... proposals) {
        chosen.addAll(List.of(proposals));
        return this;
    }

    Wanted notice(Notice notice) {
        notices.add(notice);
        return this;
    }

    /** Part by part, so that a failure names the part that differs; together they are the whole record. */
    void of(Effects actual) {
        assertEquals(writes, actual.writes(), "writes");
        assertEquals(now, actual.sendNow(), "sendNow");
        assertEquals(afterWrites, actual.sendAfterWrites(), "sendAfterWrites");
        assertEquals(chosen, actual.chosen(), "chosen");
        assertEquals(notices, actual.notices(), "notices");
        assertEquals(new Effects(writes, now, afterWrites, chosen, notices), actual);
    }
}
