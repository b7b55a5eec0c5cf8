// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WorldTest {

    private record Done(long atMicros, int number) {}

    @Test
    void thingsAreDoneInTheOrderOfTimeThenInWhichTheyWereScheduled() {
        SplittableRandom random = new SplittableRandom(7);
        World world = new World(1);
        List<Done> wanted = new ArrayList<>();
        List<Done> done = new ArrayList<>();
        for (int number = 0; number < 5_000; number++) {
            Done each = new Done(random.nextLong(0, 500), number);
            wanted.add(each);
            world.at(each.atMicros, () -> done.add(new Done(world.nowMicros(), each.number)));
        }
        wanted.sort(Comparator.comparingLong(Done::atMicros));
        runAll(world, 1_000);
        assertEquals(wanted, done);
    }

    @Test
    void whatIsDoneMaySchedule() {
        World world = new World(1);
        List<String> done = new ArrayList<>();
        world.at(10, () -> {
            done.add("first");
            world.after(0, () -> done.add("now, behind the others"));
            world.at(3, () -> done.add("past, so now"));
            world.after(5, () -> done.add("later"));
        });
        world.at(10, () -> done.add("second"));
        runAll(world, 12);
        assertEquals(List.of("first", "second", "now, behind the others", "past, so now"), done);
        assertEquals(12, world.nowMicros());
        runAll(world, 15);
        assertEquals("later", done.get(4));
        assertFalse(world.runNext(1_000));
        assertEquals(1_000, world.nowMicros());
    }

    private static void runAll(World world, long untilMicros) {
        boolean ran = true;
        while (ran) {
            ran = world.runNext(untilMicros);
        }
    }
}
