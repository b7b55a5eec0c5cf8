// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Frame;
import io.paxos.message.Message;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * Frames for other members, each in the name of this one, of its boot, and of the founding it belongs to. It belongs to one
 * from when that is durable here: were it to say so before and crash, it would come back as a stranger.
 *
 * <p>Owned by the driver's thread.
 */
final class Outbox {

    private final MemberId self;
    private final long boot;
    private final DriverPorts ports;

    private @Nullable Founding founding;
    private @Nullable Founding foundingToBe;
    private long foundingWrite;

    Outbox(DurableState remembered, DriverPorts ports) {
        this.self = remembered.self();
        this.boot = remembered.boot();
        this.founding = remembered.founding();
        this.ports = ports;
    }

    void send(NodeId to, Message message) {
        Founding held = founding;
        FoundingId id = held == null ? FoundingId.NONE : held.id();
        ports.send(to, new Frame(id, 0, self, boot, message));
    }

    /** This member adopts a founding by that write. */
    void adopts(Founding by, long writeSequence) {
        foundingToBe = by;
        foundingWrite = writeSequence;
    }

    /** Every write up to that one is on the disk. */
    void forced(long writeSequence) {
        if (foundingToBe != null && writeSequence >= foundingWrite) {
            founding = foundingToBe;
            foundingToBe = null;
        }
    }

    /** The founding that this member holds durably, or null. */
    @Nullable
    Founding founding() {
        return founding;
    }
}
