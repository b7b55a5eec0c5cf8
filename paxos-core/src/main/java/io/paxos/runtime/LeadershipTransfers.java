// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.protocol.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Those who asked this node to hand leadership over, and are told how it ended.
 *
 * <pre>
 *   ASKED ── taken: a higher ballot was promised ──▶ TAKEN ── this node follows another leader ──▶ told who leads
 *     └──── not taken, nobody fit, not leading ───────┴────── none within an election timeout ───▶ told why not
 * </pre>
 *
 * <p>Asked on any thread; everything else happens on the core's, but for the end of the node.
 */
final class LeadershipTransfers {

    private final Callbacks callbacks;
    private final long patienceMillis;

    /** Guarded by itself. */
    private final List<CompletableFuture<NodeId>> waiting = new ArrayList<>();

    private boolean taken;
    private long takenMillis;

    /** @param patienceMillis how long it may take, once the leadership is given up, until the new leader is heard */
    LeadershipTransfers(Callbacks callbacks, long patienceMillis) {
        this.callbacks = callbacks;
        this.patienceMillis = patienceMillis;
    }

    /** Somebody asks. */
    CompletableFuture<NodeId> ask(@Nullable NodeId target, FrameInbox inbox, StopSignal stop) {
        CompletableFuture<NodeId> asked = new CompletableFuture<>();
        synchronized (waiting) {
            waiting.add(asked);
        }
        inbox.put(driver -> driver.handOver(target));
        if (stop.isRequested()) {
            end();
        }
        return asked;
    }

    void notice(Notice notice, long nowMillis) {
        if (notice instanceof Notice.HandOverEnded ended) {
            ended(ended, nowMillis);
        } else if (notice instanceof Notice.LeaderChanged changed && taken) {
            Ballot leader = changed.leader();
            if (!leader.isNone() && !changed.leadsHere()) {
                taken = false;
                tell(asked -> asked.complete(leader.owner().node()));
            }
        }
    }

    private void ended(Notice.HandOverEnded ended, long nowMillis) {
        switch (ended.result()) {
            case TAKEN -> {
                taken = true;
                takenMillis = nowMillis;
            }
            case NOT_TAKEN ->
                refuse("leadership was offered to " + ended.target() + ", which did not take it in time; resigned");
            case NOBODY_FIT ->
                refuse(
                        ended.target().equals(NodeId.NONE)
                                ? "no other member that could lead was heard lately"
                                : ended.target()
                                        + " was not heard lately, is behind, or says that its disk is not well");
            case NOT_LEADING -> {
                if (!taken) { // else this node led a moment ago, and who leads now is about to be known
                    refuse("this node does not lead");
                }
            }
        }
    }

    /** Time passes. */
    void turned(long nowMillis) {
        if (taken && nowMillis - takenMillis > patienceMillis) {
            taken = false;
            refuse("leadership was given up, and no new leader was heard within " + patienceMillis + " ms");
        }
    }

    /** The node ends. Any thread. */
    void end() {
        refuse("the node has ended");
    }

    private void refuse(String why) {
        tell(asked -> asked.completeExceptionally(new IllegalStateException("no transfer: " + why)));
    }

    private void tell(Consumer<CompletableFuture<NodeId>> what) {
        List<CompletableFuture<NodeId>> told;
        synchronized (waiting) {
            told = List.copyOf(waiting);
            waiting.clear();
        }
        if (!told.isEmpty()) {
            callbacks.run(() -> told.forEach(what));
        }
    }
}
