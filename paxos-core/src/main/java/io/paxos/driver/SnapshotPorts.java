// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Founding;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;

/**
 * What a driver asks of whoever keeps the snapshots of this member. Called on the driver's thread; nothing may wait, and
 * nothing may call the driver back from in here. Calls are carried out in their order, and answered later.
 */
public interface SnapshotPorts {

    /**
     * Capture the state behind everything that was handed to apply so far, write it, and make it durable; then call {@link
     * SnapshotDuties#taken}, or {@link SnapshotDuties#notTaken}.
     *
     * @param founding whose log it is of, with the membership in force
     */
    void take(Founding founding);

    /** Read a piece for another member, then call {@link SnapshotDuties#read}. */
    void read(SnapshotRead read);

    /**
     * Keep that snapshot however many newer ones there are, and no longer the one that was to be kept before; {@link
     * SnapshotId#NONE} for none. It may be gone already. Not answered.
     */
    void hold(SnapshotId id);

    /**
     * Begin to receive that snapshot, or go on where an earlier attempt ended; then call {@link SnapshotDuties#stored} with
     * where, or {@link SnapshotDuties#notStored}.
     */
    void receive(SnapshotId id);

    /** Store a piece behind the last one, then call {@link SnapshotDuties#stored} or {@link SnapshotDuties#notStored}. */
    void store(SnapshotId id, long offset, Value piece);

    /** What is being received is not needed any more: let go of its files, and leave in them what is there. Not answered. */
    void stopReceiving();

    /**
     * All pieces are stored: verify the whole and make it durable, then restore from it behind everything that was handed to
     * apply so far, unless that is newer; then call {@link SnapshotDuties#installed}, or {@link SnapshotDuties#notStored}.
     */
    void install(SnapshotId id);
}
