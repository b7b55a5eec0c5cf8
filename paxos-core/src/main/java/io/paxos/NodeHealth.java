// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import java.util.List;

/** Whether a node works, seen from itself alone: nothing is asked of other nodes. Fits liveness and readiness probes. */
public final class NodeHealth {

    private final boolean live;
    private final boolean ready;
    private final List<String> reasons;

    private NodeHealth(boolean live, boolean ready, List<String> reasons) {
        this.live = live;
        this.ready = ready;
        this.reasons = List.copyOf(reasons);
    }

    /** Of a node that runs. */
    static NodeHealth of(NodeStatus status) {
        return new NodeHealth(true, status.isReady(), HealthReasons.of(status));
    }

    /** Of a node that was closed or has failed. */
    static NodeHealth ended(PaxosException by) {
        return new NodeHealth(false, false, List.of(String.valueOf(by.getMessage())));
    }

    /** Whether the node runs: it was neither closed nor has it failed. If not, only a restart helps. */
    public boolean isLive() {
        return live;
    }

    /** Whether a command submitted now is likely to succeed: see {@link PaxosNode#awaitReady}. */
    public boolean isReady() {
        return ready;
    }

    /**
     * Why it is not live or not ready, or what is wrong with its disk although it is both, a sentence each. A node whose
     * disk is slow goes on, but does not lead; one whose log is damaged names the slots that are unknown by it.
     */
    public List<String> reasons() {
        return reasons;
    }

    @Override
    public String toString() {
        return (live ? "live" : "dead")
                + (ready ? ", ready" : ", not ready")
                + (reasons.isEmpty() ? "" : ": ")
                + String.join("; ", reasons);
    }
}
