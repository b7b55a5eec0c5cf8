// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Harm;

/**
 * What happens to snapshots at rest and on their way. Chance comes from a stream of its own, so that the other faults of a
 * seed are what they were before there were these.
 */
final class SnapshotFaults implements Chance.Fault {

    private final Cluster cluster;
    private final Chance chance;

    SnapshotFaults(Cluster cluster) {
        this.cluster = cluster;
        this.chance = new Chance(cluster.world(), cluster.world().randomApart("faults of snapshots"));
    }

    @Override
    public void begin() {
        if (cluster.config().has(FaultClass.DAMAGED_SNAPSHOTS)) {
            chance.often(700, this::damage);
        }
        if (cluster.config().has(FaultClass.DAMAGED_PIECES)) {
            changePieces();
            chance.often(1_000, this::changePieces);
        }
    }

    @Override
    public void end() {
        chance.end();
    }

    private void changePieces() {
        cluster.weather().damagedPiecesPerMille = (int) chance.spread(1, 100);
    }

    /** Damage at rest: seen at a start, which is at once; or, now and then, by whoever is sent it. */
    private void damage() {
        SimulatedNode node = chance.oneOf(cluster.nodes());
        if (!cluster.canLose(node) || !othersKnow(node, node.disk().newestSnapshotSlot())) {
            return;
        }
        boolean goesOn = chance.oneIn(4);
        if (!goesOn) {
            node.crash(chance.oneIn(2));
        }
        String what = node.disk().damageSnapshots(chance.random());
        if (what != null) {
            node.damage();
            cluster.recorder()
                    .record(new TraceEvent.DiskFault(cluster.nowMicros(), node.id(), Harm.SNAPSHOTS_DAMAGED, what));
            cluster.tally().damagedSnapshots++;
        }
        node.tryToStart();
    }

    /**
     * Whether everybody who is sound remembers as much. Then the state is not lost with these files, whoever is down next: what
     * only this node knows to be chosen is in its log, above them.
     */
    private boolean othersKnow(SimulatedNode node, long slot) {
        for (SimulatedNode other : cluster.nodes()) {
            boolean sound =
                    !other.isLearner() && !other.isLostForGood() && !other.isDamaged() && !other.hasLostItsVote();
            if (other != node && sound && other.knownChosenDurably() < slot) {
                return false;
            }
        }
        return slot > 0;
    }
}
