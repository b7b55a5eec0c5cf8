// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Harm;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What happens to disks. A node with a flipped bit starts and is repaired from the others. One whose directory is beyond recovery is lost for the run, if the quorums can spare it. */
final class DiskFaults implements Chance.Fault {

    private static final int CALLS_AHEAD_MAX = 4;
    private static final int FREE_BYTES_MAX = 8_192;

    private final Cluster cluster;
    private final Chance chance;
    private final Map<Integer, SortedMap<String, byte[]>> copies = new TreeMap<>();

    DiskFaults(Cluster cluster, Chance chance) {
        this.cluster = cluster;
        this.chance = chance;
    }

    @Override
    public void begin() {
        RunConfig config = cluster.config();
        if (config.has(FaultClass.SLOW_DISK)) {
            chance.often(800, this::slow);
        }
        if (config.has(FaultClass.FORCE_FAILS)) {
            chance.often(800, this::failForce);
        }
        if (config.has(FaultClass.WRITE_FAILS)) {
            chance.often(800, this::failWrite);
        }
        if (config.has(FaultClass.READ_FAILS)) {
            chance.often(800, this::failRead);
        }
        if (config.has(FaultClass.DISK_FULL)) {
            chance.often(1_000, this::fill);
        }
        if (config.has(FaultClass.BIT_FLIPS)) {
            chance.often(1_500, this::flipBit);
        }
        if (config.has(FaultClass.LOST_SECTORS)) {
            cluster.nodes().forEach(node -> node.disk().keepOlderSectors());
            chance.often(1_500, this::loseSector);
        }
        if (config.has(FaultClass.WIPED_DIRECTORY)) {
            chance.often(2_000, this::wipe);
        }
        if (config.has(FaultClass.ROLLED_BACK_DIRECTORY)) {
            chance.often(700, this::copyOrRollBack);
        }
    }

    @Override
    public void end() {
        for (SimulatedNode node : cluster.nodes()) {
            node.slowDisk(false);
            node.disk().forgetFailures();
            node.disk().limitCapacity(Long.MAX_VALUE);
            node.rejoin();
        }
    }

    private SimulatedNode any() {
        return chance.oneOf(cluster.nodes());
    }

    private void record(SimulatedNode node, Harm harm, String detail) {
        cluster.recorder().record(new TraceEvent.DiskFault(cluster.nowMicros(), node.id(), harm, detail));
    }

    private void slow() {
        SimulatedNode node = any();
        long millis = chance.spread(20, 3_000);
        node.slowDisk(true);
        record(node, Harm.SLOW, "for " + millis + " ms");
        cluster.world().after(1_000 * millis, () -> node.slowDisk(false));
    }

    private void failForce() {
        SimulatedNode node = any();
        int calls = chance.random().nextInt(1, CALLS_AHEAD_MAX + 1);
        node.disk().failForce(calls);
        record(node, Harm.FORCE_FAILS, "force " + calls + " from now");
    }

    private void failWrite() {
        SimulatedNode node = any();
        int calls = chance.random().nextInt(1, CALLS_AHEAD_MAX + 1);
        node.disk().failWrite(calls);
        record(node, Harm.WRITE_FAILS, "write " + calls + " from now");
    }

    /** Half of the time at once at a start, where every record is read; a node that runs reads seldom. */
    private void failRead() {
        SimulatedNode node = any();
        int calls = chance.random().nextInt(1, CALLS_AHEAD_MAX + 1);
        node.disk().failRead(calls);
        record(node, Harm.READ_FAILS, "read " + calls + " from now");
        if (chance.oneIn(2)) {
            node.crash(chance.oneIn(2));
            node.tryToStart();
        }
    }

    private void fill() {
        SimulatedNode node = any();
        int free = chance.random().nextInt(FREE_BYTES_MAX);
        node.disk().limitCapacity(node.disk().bytesUsed() + free);
        record(node, Harm.FULL, free + " bytes are left");
        cluster.world()
                .after(1_000 * chance.spread(50, 2_000), () -> node.disk().limitCapacity(Long.MAX_VALUE));
    }

    // ---- beyond recovery ------------------------------------------------------------------------------------

    private void flipBit() {
        damage(Harm.BIT_FLIPPED, SimulatedDisk::flipProvenBit);
    }

    private void loseSector() {
        damage(Harm.SECTOR_LOST, SimulatedDisk::loseProvenSector);
    }

    /** Damage at rest, seen at the next start, which is at once. */
    private void damage(Harm harm, Function<SimulatedDisk, @Nullable String> done) {
        SimulatedNode node = any();
        if (!cluster.canLose(node)) {
            return;
        }
        node.crash(chance.oneIn(2));
        String where = done.apply(node.disk());
        if (where != null) {
            node.damage();
            record(node, harm, where);
            node.tryToStart();
            if (!node.isUp()) {
                node.loseForGood();
            }
        }
    }

    private void wipe() {
        SimulatedNode node = any();
        if (cluster.canLose(node)) {
            node.crash(true);
            boolean byMistake = chance.oneIn(4);
            record(node, Harm.WIPED, byMistake ? "formatted anew, by mistake as if it were new" : "rejoins");
            node.wipe(byMistake);
            node.tryToStart();
            if (byMistake) {
                cluster.world().after(1_000 * chance.spread(20, 2_000), node::rejoin);
            }
        }
    }

    private void copyOrRollBack() {
        SimulatedNode node = any();
        SortedMap<String, byte[]> copy = copies.remove(node.index());
        if (copy == null) {
            copies.put(node.index(), node.disk().copy());
        } else if (cluster.canLose(node)) {
            node.crash(true);
            node.loseForGood();
            node.damage();
            record(node, Harm.ROLLED_BACK, "to an older copy");
            node.disk().rollBack(copy);
            node.tryToStart();
        }
    }
}
