// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

/**
 * The monotonic clock of one node: an origin of its own, a rate of its own, jumps forward. It never goes back, as no
 * {@code nanoTime} does.
 */
final class NodeClock {

    private static final long PARTS = 1_000_000;

    private final long ratePartsPerMillion;
    private long localMicros;
    private long worldMicros;

    /**
     * @param originMicros what it shows when the world begins
     * @param driftPartsPerMillion how much faster than the world it runs; negative for slower
     */
    NodeClock(long originMicros, long driftPartsPerMillion) {
        this.localMicros = originMicros;
        this.ratePartsPerMillion = PARTS + driftPartsPerMillion;
    }

    private void advanceTo(long nowMicros) {
        localMicros += (nowMicros - worldMicros) * ratePartsPerMillion / PARTS;
        worldMicros = nowMicros;
    }

    long millisAt(long nowMicros) {
        if (ratePartsPerMillion == PARTS) {
            advanceTo(nowMicros);
            return localMicros / 1_000;
        }
        // Rounding at each reading would add up, so a drifting clock moves its base in steps of a second.
        if (nowMicros - worldMicros > PARTS) {
            advanceTo(worldMicros + PARTS);
            return millisAt(nowMicros);
        }
        return (localMicros + (nowMicros - worldMicros) * ratePartsPerMillion / PARTS) / 1_000;
    }

    void jump(long nowMicros, long byMillis) {
        advanceTo(nowMicros);
        localMicros += byMillis * 1_000;
    }
}
