// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.SessionId;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session whose news are wanted here, with those that were not told yet. Owned by whoever applies. */
final class AttachedSession {

    private final SessionId id;
    private final long boot;
    private final @Nullable SessionReceiver receiver;
    private List<SessionResult> results = new ArrayList<>();
    private long gap;

    /** @param receiver null for this node's own session, whose news go to the driver */
    AttachedSession(SessionId id, long boot, @Nullable SessionReceiver receiver) {
        this.id = id;
        this.boot = boot;
        this.receiver = receiver;
    }

    SessionId id() {
        return id;
    }

    long boot() {
        return boot;
    }

    @Nullable
    SessionReceiver receiver() {
        return receiver;
    }

    boolean hasNews() {
        return gap != 0 || !results.isEmpty();
    }

    void add(SessionResult result) {
        results.add(result);
    }

    void gap(long due) {
        gap = due;
    }

    /** Results since the last call; not written to any more. */
    List<SessionResult> takeResults() {
        if (results.isEmpty()) {
            return List.of();
        }
        List<SessionResult> taken = results;
        results = new ArrayList<>(taken.size());
        return taken;
    }

    /** The sequence that is due where a gap was seen since the last call; 0 if none was. */
    long takeGap() {
        long due = gap;
        gap = 0;
        return due;
    }
}
