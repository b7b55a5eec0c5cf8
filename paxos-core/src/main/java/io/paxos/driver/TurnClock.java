// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

/**
 * Turns the time of the turns into the core's time: the same, except that a pause of the driver's thread longer than an
 * election timeout counts as one heartbeat only. The members did not fall silent while this node was not listening.
 */
final class TurnClock {

    private final long pauseMillis;
    private final long countedMillis;
    private long turnMillis;
    private long lastTurnMillis;
    private long coreMillis;
    private boolean started;
    private boolean paused;

    /**
     * @param pauseMillis turns further apart than this are a pause
     * @param countedMillis what a pause counts as
     */
    TurnClock(long pauseMillis, long countedMillis) {
        this.pauseMillis = pauseMillis;
        this.countedMillis = countedMillis;
    }

    /**
     * A turn begins.
     *
     * @return whether the core's time moved
     * @throws IllegalArgumentException if time went back
     */
    boolean advance(long nowMillis) {
        if (!started) {
            started = true;
            lastTurnMillis = nowMillis;
            turnMillis = nowMillis;
            coreMillis = nowMillis;
            return true;
        }
        long passed = nowMillis - turnMillis;
        if (passed < 0) {
            throw new IllegalArgumentException("time went back by " + -passed + " ms");
        }
        paused = passed > pauseMillis;
        lastTurnMillis = turnMillis;
        turnMillis = nowMillis;
        coreMillis += paused ? countedMillis : passed;
        return passed > 0;
    }

    /** Whether a pause lay before this turn. */
    boolean wasPaused() {
        return paused;
    }

    /** When this turn began. */
    long turnMillis() {
        return turnMillis;
    }

    /** When the turn before this one began. */
    long lastTurnMillis() {
        return lastTurnMillis;
    }

    long coreMillis() {
        return coreMillis;
    }
}
