// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.driver.DiskReport;
import io.paxos.driver.Divergence;
import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.runtime.RuntimeListener;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The host application's listener, as the runtime calls it. */
record ListenerBridge(NodeListener listener) implements RuntimeListener {

    @Override
    public void leaderChanged(Ballot leader, boolean leadsHere) {
        Optional<NodeId> node =
                leader.isNone() ? Optional.empty() : Optional.of(leader.owner().node());
        listener.leaderChanged(node, leadsHere);
    }

    @Override
    public void ready() {
        listener.ready();
    }

    @Override
    public void diskChanged(DiskReport disk) {
        listener.diskChanged(disk.fitToLead(), disk.reasons());
    }

    @Override
    public void diverged(Divergence divergence) {
        listener.diverged(divergence.toString());
    }

    @Override
    public void failed(String reason, @Nullable Throwable cause) {
        listener.failed(reason, cause);
    }
}
