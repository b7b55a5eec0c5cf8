// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import java.util.SplittableRandom;

/** What network and disks do to everybody at the moment. The faults change it; {@link #clear} ends them. */
final class Weather {

    int lossPerMille;
    int duplicatePerMille;
    int replayPerMille;
    int damagedPiecesPerMille;
    boolean reorders;
    long bytesPerMilli;
    long linkQueueBytesMax;
    long delayLeastMicros = 100;
    long delayMostMicros = 1_000;

    /** One delivery in so many takes many times as long. */
    int stragglersPerMille;

    long stragglerMicros;

    long forceLeastMicros = 50;
    long forceMostMicros = 1_000;
    long applyMostMicros = 200;

    long delayMicros(SplittableRandom random) {
        long delay = random.nextLong(delayLeastMicros, delayMostMicros + 1);
        if (stragglersPerMille > 0 && random.nextInt(1000) < stragglersPerMille) {
            delay += random.nextLong(stragglerMicros);
        }
        return delay;
    }

    /** The network and the disks are well from now on. */
    void clear() {
        lossPerMille = 0;
        duplicatePerMille = 0;
        replayPerMille = 0;
        damagedPiecesPerMille = 0;
        reorders = false;
        bytesPerMilli = 0;
        stragglersPerMille = 0;
        delayLeastMicros = Math.min(delayLeastMicros, 1_000);
        delayMostMicros = Math.min(delayMostMicros, 5_000);
        forceLeastMicros = Math.min(forceLeastMicros, 1_000);
        forceMostMicros = Math.min(forceMostMicros, 5_000);
        applyMostMicros = Math.min(applyMostMicros, 1_000);
    }
}
