// SPDX-License-Identifier: Apache-2.0
package io.paxos.session;

import io.paxos.model.SessionId;
import java.util.ArrayDeque;

/** One session of the {@link SessionTable}, which alone changes it. */
final class Session {

    private static final SessionOpening NONE = new SessionOpening(0, 0, 0, 0);

    final SessionId id;

    /** The owner's boot; 0 while the session is not in the table. */
    long boot;

    /** The last sequence that took effect. */
    long last;

    /** The boot before, and its last sequence: what its commands came to is asked for after a restart of their owner. */
    long bootBefore;

    long lastBefore;

    /** What a client asked for; of no meaning for a node's session. */
    SessionOpening opening = NONE;

    /** Agreed time when something of it was last applied. */
    long activeMillis;

    /** A client closed it; it is remembered so that a late copy of its opening does not open it again. */
    boolean closed;

    /** Where it stands among those that can expire: at or before the last moment of its life. */
    long queuedAtMillis;

    /** Of the sequences up to {@link #last}, without a gap. */
    final ArrayDeque<SessionResult> results = new ArrayDeque<>(2);

    long resultBytes;

    Session(SessionId id) {
        this.id = id;
    }

    boolean isAbsent() {
        return boot == 0;
    }

    void begin(long atBoot) {
        bootBefore = boot;
        lastBefore = last;
        boot = atBoot;
        last = 1;
    }

    /** In agreed time; for a client's session only. */
    long lastMomentMillis() {
        return closed ? opening.notAfterAgreedMillis() : activeMillis + opening.timeoutMillis();
    }
}
