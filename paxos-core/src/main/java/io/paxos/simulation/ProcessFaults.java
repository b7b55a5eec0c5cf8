// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.simulation.trace.TraceEvent;

/** Kills, power losses, pauses, clocks that jump; and an operator who starts again whatever is down. */
final class ProcessFaults implements Chance.Fault {

    private static final long OPERATOR_LOOKS_EVERY_MILLIS = 40;
    private static final int CALLS_OF_A_START_MAX = 16;

    private final Cluster cluster;
    private final Chance chance;

    ProcessFaults(Cluster cluster, Chance chance) {
        this.cluster = cluster;
        this.chance = chance;
    }

    @Override
    public void begin() {
        RunConfig config = cluster.config();
        chance.often(OPERATOR_LOOKS_EVERY_MILLIS, this::startSome);
        if (config.has(FaultClass.KILLS)) {
            long mean = chance.spread(150, 2_000);
            chance.often(mean, this::kill);
        }
        if (config.has(FaultClass.POWER_LOSS)) {
            long mean = chance.spread(150, 2_000);
            chance.often(mean, () -> any().crash(true));
        }
        if (config.has(FaultClass.POWER_LOSS_OF_ALL)) {
            chance.often(1_500, () -> cluster.nodes().forEach(node -> node.crash(true)));
        }
        if (config.has(FaultClass.PAUSES)) {
            chance.often(400, () -> pause(any()));
        }
        if (config.has(FaultClass.CLOCK_JUMPS)) {
            chance.often(500, this::jump);
        }
    }

    @Override
    public void end() {}

    private SimulatedNode any() {
        return chance.oneOf(cluster.nodes());
    }

    private void kill() {
        SimulatedNode node = any();
        if (chance.oneIn(4)) {
            node.close();
        } else {
            node.crash(false);
        }
    }

    private void pause(SimulatedNode node) {
        if (node.isUp()) {
            node.pause(1_000 * chance.spread(1, 4_000));
        }
    }

    private void jump() {
        SimulatedNode node = any();
        if (chance.oneIn(2)) {
            pause(node);
        }
        long millis = chance.spread(1, 20_000);
        node.clock().jump(cluster.nowMicros(), millis);
        cluster.recorder().record(new TraceEvent.ClockJumped(cluster.nowMicros(), node.id(), millis));
    }

    private void startSome() {
        for (SimulatedNode node : cluster.nodes()) {
            if (!node.isUp() && chance.oneIn(5)) {
                if (cluster.config().has(FaultClass.POWER_LOSS) && chance.oneIn(5)) {
                    node.dieStarting(chance.random().nextInt(1, CALLS_OF_A_START_MAX + 1));
                } else {
                    node.start();
                }
            }
        }
    }
}
