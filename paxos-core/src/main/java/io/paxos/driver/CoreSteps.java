// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Message;
import io.paxos.message.Message.Heartbeat;
import io.paxos.model.DurableRecord;
import io.paxos.model.Founding;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.protocol.Effects;
import io.paxos.protocol.Event;
import io.paxos.protocol.Notice;
import io.paxos.protocol.Replica;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Steps the core, and does what it asks for in the order that keeps it safe: what reveals a write leaves when that and all
 * before it are forced. Messages that the core addresses to its own member go the same way, and come back as events of their
 * own: a leader's vote for itself is a vote, and counts when it is durable (hazard S6).
 *
 * <p>Owned by the driver's thread.
 */
final class CoreSteps {

    /** The driver, as far as it is needed here. Nothing of it may step, but {@link #noticed} may stop. */
    interface Host {
        /** The core is about to write that it adopts a founding. */
        void adopts(Founding founding);

        /** The core leads, and tells another member so. */
        void leads(Heartbeat heartbeat);

        void chosen(List<Proposal> chosen);

        void noticed(Notice notice);
    }

    private final Replica replica;
    private final MemberId self;
    private final Outbox outbox;
    private final DiskWatch disk;
    private final DriverPorts ports;
    private final Host host;

    private final ReleaseQueue release = new ReleaseQueue();
    private final ArrayDeque<Message> toSelf = new ArrayDeque<>();
    private boolean stopped;

    CoreSteps(Replica replica, MemberId self, Outbox outbox, DiskWatch disk, DriverPorts ports, Host host) {
        this.replica = replica;
        this.self = self;
        this.outbox = outbox;
        this.disk = disk;
        this.ports = ports;
        this.host = host;
    }

    /** Steps with the event, and then with what the core has sent to itself. */
    void stepAndDrain(Event event) {
        step(event);
        drainSelf();
    }

    /** Steps with the event alone; nothing happens if the node has stopped. */
    void step(Event event) {
        if (stopped) {
            return;
        }
        Effects effects = replica.step(event);
        if (!effects.writes().isEmpty()) {
            write(effects.writes());
        }
        // By index, here and below: an iterator for each part of each step is an object, even over nothing.
        for (int i = 0; i < effects.sendNow().size(); i++) {
            Effects.Envelope envelope = effects.sendNow().get(i);
            if (envelope.message() instanceof Heartbeat heartbeat) {
                host.leads(heartbeat);
            }
            dispatch(envelope);
        }
        if (!effects.sendAfterWrites().isEmpty()) {
            release.hold(effects.sendAfterWrites());
            releaseHeld();
        }
        if (!effects.chosen().isEmpty()) {
            host.chosen(effects.chosen());
        }
        for (int i = 0; i < effects.notices().size(); i++) {
            host.noticed(effects.notices().get(i));
        }
    }

    void drainSelf() {
        for (Message message = toSelf.pollFirst(); message != null; message = toSelf.pollFirst()) {
            step(new Event.MessageArrived(self, message));
        }
    }

    private void write(List<DurableRecord> records) {
        long sequence = release.nextWrite();
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i) instanceof DurableRecord.FoundingAdopted adopted) {
                outbox.adopts(adopted.founding(), sequence);
                host.adopts(adopted.founding());
            }
        }
        disk.handedOver(sequence, records);
        ports.append(sequence, records);
    }

    /** Every write up to that one is on the disk. */
    void forced(long writeSequence) {
        release.forced(writeSequence);
        disk.forced(writeSequence);
        outbox.forced(writeSequence);
        releaseHeld();
        drainSelf();
    }

    private void releaseHeld() {
        for (List<Effects.Envelope> free = release.poll(); free != null; free = release.poll()) {
            for (int i = 0; i < free.size(); i++) {
                dispatch(free.get(i));
            }
        }
    }

    private void dispatch(Effects.Envelope envelope) {
        if (envelope.to().equals(self.node())) {
            toSelf.addLast(envelope.message());
        } else {
            outbox.send(envelope.to(), envelope.message());
        }
    }

    /** Going on would be wrong. */
    void stop(String reason) {
        if (!stopped) {
            stopped = true;
            ports.mustStop(reason);
        }
    }

    /** The node closes. */
    void close() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }
}
