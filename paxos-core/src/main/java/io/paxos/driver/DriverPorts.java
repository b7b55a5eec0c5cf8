// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Frame;
import io.paxos.model.DurableRecord;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.protocol.Notice;
import java.util.List;

/**
 * What a driver asks of whoever turns it. Called on the driver's thread, in the middle of a turn; nothing may call the
 * driver back from in here, and nothing may wait.
 */
public interface DriverPorts {

    /**
     * Append the records after those of all earlier calls, force them, then call {@link Driver#forced}. Several may be
     * forced at once, and reported as the highest.
     *
     * @param writeSequence one higher with each call
     */
    void append(long writeSequence, List<DurableRecord> records);

    /** Send the frame; it may be lost. */
    void send(NodeId to, Frame frame);

    /**
     * Hand the values to {@link ApplySequence#apply} after those of all earlier calls, then call {@link Driver#applied}.
     *
     * @param chosen neighbouring slots, ascending, going on where the last call ended
     */
    void apply(List<Proposal> chosen);

    /** Run them behind everything that earlier calls gave to the apply side, then call {@link Driver#readsDone}. */
    void read(ApplyWork.Reads reads);

    /** Read from the journal, then call {@link Driver#chosenRead}. */
    void readChosen(JournalRead read);

    /** Who keeps the snapshots of this member. */
    SnapshotPorts snapshots();

    /** Something rare happened that an operator or the host application may want to know. */
    void notice(Notice notice);

    /** This member's state differs from another's, and no majority tells which of them is wrong; said once a slot. */
    void diverged(Divergence divergence);

    /**
     * Stop the node: going on would be wrong. The driver does nothing more.
     *
     * @param reason a sentence for the operator
     */
    void mustStop(String reason);
}
