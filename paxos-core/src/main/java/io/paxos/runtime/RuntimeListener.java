// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.DiskReport;
import io.paxos.driver.Divergence;
import io.paxos.model.Ballot;
import org.jspecify.annotations.Nullable;

/** Rare events of a running node, for the host application. */
public interface RuntimeListener {

    /** Another leader, or none ({@link Ballot#NONE}). One call at a time, in order. */
    void leaderChanged(Ballot leader, boolean leadsHere);

    /** Ready for the first time. In order with the leader changes. */
    void ready();

    /** The disk allows more or less than before. In order with the others. */
    void diskChanged(DiskReport disk);

    /** Another member came to another state from the same log. In order with the others. */
    void diverged(Divergence divergence);

    /** Stopped for good; called once, and on a thread of its own. */
    void failed(String reason, @Nullable Throwable cause);
}
