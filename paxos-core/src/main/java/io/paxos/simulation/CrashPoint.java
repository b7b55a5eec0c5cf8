// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

/**
 * One place where one node loses power: the n-th call that changes its disk, in the n-th step of a kind. Chance finds such places
 * too; a test goes through all of them.
 */
final class CrashPoint {

    /** What a node does to its disk about snapshots, beside voting. */
    enum Step {
        /** One is written, from the first byte to the deletion of the oldest. */
        WRITE,
        /** A transfer begins. */
        RECEIVE,
        /** A piece is stored. */
        STORE,
        /** What was received is forced, renamed and read back. */
        FINISH,
        /** The journal notes that the log may go up to a floor, and lets segments go. */
        TRIM
    }

    private final Step step;
    private final int call;
    private int stepsLeft;
    private boolean inside;
    private boolean met;
    private boolean reached;

    /**
     * @param nth which step of that kind, from 1
     * @param call which call in it, from 1
     */
    CrashPoint(Step step, int nth, int call) {
        this.step = step;
        this.stepsLeft = nth;
        this.call = call;
    }

    /** The step begins: from here on the disk counts, if it is the one. */
    void begins(Step now, SimulatedDisk disk) {
        inside = now == step && --stepsLeft == 0;
        if (inside) {
            met = true;
            disk.loseCurrentIn(call);
        }
    }

    /** The step ended, or was cut off. Whether the node dies now. */
    boolean ends(SimulatedDisk disk) {
        boolean dies = inside;
        reached |= inside && disk.isCurrentLost();
        inside = false;
        return dies;
    }

    /** Whether there was such a step. */
    boolean isMet() {
        return met;
    }

    /** Whether the step came to that call; if not, it has fewer. */
    boolean isReached() {
        return reached;
    }
}
