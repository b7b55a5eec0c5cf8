// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.simulation.CrashPoint.Step;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A node loses power at the n-th call to its disk, for every n, in each step of writing, receiving and installing a snapshot and
 * of trimming behind it; it starts again, and has the state that the others have (hazards R2 and R5, fault cases 3 and 41). What
 * {@code SnapshotCrashTest} shows of the files, this shows of the whole node.
 */
class SnapshotCrashPointsTest {

    private static final SimulationOptions OPTIONS = SimulationOptions.DEFAULT
            .withNodes(3, 3)
            .withLoad(150, 1_500)
            .withFaults(FaultPlan.only(FaultClass.SNAPSHOTS));
    private static final int CALLS_MAX = 60;
    private static final int STEPS = 3;

    /** One with which the node that was away takes, fetches and installs snapshots, if it does not die. */
    private static long seed;

    @BeforeAll
    static void findASceneWithAnInstall() {
        boolean installs = false;
        while (!installs) {
            seed++;
            assertTrue(seed < 100, "no seed installs");
            CrashPoint write = new CrashPoint(Step.WRITE, STEPS, Integer.MAX_VALUE);
            Scene scene = scene(write);
            installs = scene.cluster.tally().installed > 0 && write.isMet();
        }
    }

    /** Node 3 is away until the others have let go of what it misses, and dies where it is told to. */
    private static Scene scene(CrashPoint point) {
        Scene scene = new Scene(seed, OPTIONS, new KeyValueWorkload(4));
        scene.node(3).diesAt(point);
        scene.runMillis(400);
        scene.node(3).crash(true);
        scene.runMillis(800);
        scene.node(3).start();
        scene.runMillis(300);
        return scene;
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void everyCallOfEveryStepIsSurvived(Step step) {
        int crashes = 0;
        for (int nth = 1; nth <= STEPS; nth++) {
            boolean reached = true;
            for (int call = 1; call <= CALLS_MAX && reached; call++) {
                CrashPoint point = new CrashPoint(step, nth, call);
                Scene scene = scene(point);
                assertEquals("", scene.endedBy(20_000), step + " " + nth + ", call " + call);
                reached = point.isReached();
                crashes += reached ? 1 : 0;
            }
            assertTrue(!reached, "a step of more than " + CALLS_MAX + " calls");
        }
        System.out.println(step + ": " + crashes + " crashes");
        assertTrue(crashes >= (step == Step.RECEIVE ? 1 : 3), step + ": crashes " + crashes);
    }
}
