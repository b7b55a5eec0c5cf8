// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

/** What the network does to every frame: it changes a few times a run, for sometimes the worst is a change. */
final class WeatherFaults implements Chance.Fault {

    private static final long CHANGES_EVERY_MILLIS = 1_500;

    private final Cluster cluster;
    private final Chance chance;

    WeatherFaults(Cluster cluster, Chance chance) {
        this.cluster = cluster;
        this.chance = chance;
    }

    @Override
    public void begin() {
        change();
        chance.often(CHANGES_EVERY_MILLIS, this::change);
    }

    private boolean has(FaultClass fault) {
        return cluster.config().has(fault);
    }

    private void change() {
        Weather weather = cluster.weather();
        if (has(FaultClass.LOSS)) {
            weather.lossPerMille = (int) chance.spread(1, 400);
        }
        if (has(FaultClass.DUPLICATION)) {
            weather.duplicatePerMille = (int) chance.spread(1, 500);
        }
        if (has(FaultClass.LATE_REPLAY)) {
            weather.replayPerMille = (int) chance.spread(1, 200);
        }
        weather.reorders = has(FaultClass.REORDERING);
        if (has(FaultClass.DELAY)) {
            weather.delayMostMicros = 1_000 * chance.spread(2, 120);
            weather.delayLeastMicros = weather.delayMostMicros / 4;
            weather.stragglersPerMille = (int) chance.spread(1, 100);
            weather.stragglerMicros = 1_000 * chance.spread(50, 2_000);
        }
        if (has(FaultClass.BANDWIDTH)) {
            weather.bytesPerMilli = chance.spread(10, 2_000);
            weather.linkQueueBytesMax = chance.spread(2_000, 200_000);
        }
        if (has(FaultClass.SLOW_DISK) && chance.oneIn(2)) {
            weather.forceMostMicros = 1_000 * chance.spread(2, 100);
            weather.applyMostMicros = 1_000 * chance.spread(1, 50);
        }
    }

    @Override
    public void end() {}
}
