// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Message;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.protocol.Notice;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where chosen values go from here: to the state machine, straight from the core or, if there was no room for them then, from
 * the journal; and from the journal to members that ask for what they have missed.
 *
 * <p>Owned by the driver's thread.
 */
final class ChosenDelivery {

    private final ApplyFeed feed;
    private final SnapshotDuties snapshots;
    private final Outbox outbox;
    private final DriverPorts ports;
    private final TurnClock clock;
    private final long retryMillis;
    private final int pageBytesMax;
    private final int pageSlotsMax;

    /** Members whose request for chosen values is being read, by the id of the read. */
    private final Map<Long, Notice.CatchUpRead> catchUpReads = new TreeMap<>();

    private long lastReadId;

    /** What is being read for the state machine, or 0. */
    private long feedReadId;

    ChosenDelivery(
            DriverOptions options,
            DriverPorts ports,
            TurnClock clock,
            ApplyFeed feed,
            SnapshotDuties snapshots,
            Outbox outbox) {
        this.feed = feed;
        this.snapshots = snapshots;
        this.outbox = outbox;
        this.ports = ports;
        this.clock = clock;
        this.retryMillis = options.timing().heartbeatMillis();
        this.pageBytesMax = options.limits().pageBytesMax();
        this.pageSlotsMax = options.limits().pageSlotsMax();
    }

    /** The core found these chosen; they go on where the last ones ended. */
    void chosen(List<Proposal> chosen) {
        apply(feed.chosen(chosen));
    }

    private void apply(List<Proposal> chosen) {
        if (!chosen.isEmpty()) {
            ports.apply(chosen);
        }
    }

    /** Reads a page for the state machine, if it has room again for what was left to the journal. */
    void readForApply() {
        JournalRead read = feed.nextRead(lastReadId + 1, clock.turnMillis());
        if (read != null) {
            feedReadId = ++lastReadId;
            ports.readChosen(read);
        }
    }

    /**
     * Reads a page for another member.
     *
     * @return false if one is being read for it already: who asks again before it was answered has lost patience, not the
     *     answer
     */
    boolean readFor(Notice.CatchUpRead request) {
        for (Notice.CatchUpRead running : catchUpReads.values()) {
            if (running.to().equals(request.to())) {
                return false;
            }
        }
        long first = request.slots().first();
        long last = Math.min(request.slots().last(), first + pageSlotsMax - 1);
        snapshots.catchesUp(first);
        lastReadId++;
        catchUpReads.put(lastReadId, request);
        ports.readChosen(new JournalRead(lastReadId, new SlotRange(first, last), pageBytesMax));
        return true;
    }

    /** The answer to either. */
    void read(JournalRead read, List<Proposal> chosen) {
        if (read.id() == feedReadId) {
            apply(feed.read(chosen, clock.turnMillis() + retryMillis));
            return;
        }
        Notice.CatchUpRead request = catchUpReads.remove(read.id());
        if (request != null) {
            long first = request.slots().first();
            outbox.send(
                    request.to(),
                    new Message.CatchUpPage(request.nonce(), first, chosen, snapshots.floor(), feed.knownChosen()));
        }
    }

    /** The state machine stands elsewhere now, by a snapshot. */
    void replaced() {
        feedReadId = 0; // what is being read for the state machine is in the snapshot
    }
}
