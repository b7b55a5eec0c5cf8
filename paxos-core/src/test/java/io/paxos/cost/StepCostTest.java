// SPDX-License-Identifier: Apache-2.0
package io.paxos.cost;

import io.paxos.cost.TurnedMember.Part;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a command costs in each part of a leader and of a follower, when one, 16 or 256 commands of 256 bytes come at once. One thread
 * does it all, and time stands still, so what is counted is the same in every run, and what is allocated differs only by what
 * the compiler takes away.
 */
class StepCostTest {

    private static final int BYTES = 256;
    private static final int COMMANDS_PER_BLOCK = 2_048;
    private static final int BLOCKS_MAX = 40;

    @TempDir
    private Path directory;

    /**
     * What one command may cost when so many come at once. Allocations as recorded on JDK 17 on 2026-11-21, times 1.3; what is
     * counted exactly, a little above that.
     */
    private static final class Load {

        private final String name;
        private final int commands;
        private final List<Figure> figures = new ArrayList<>();

        Load(int commands) {
            this.commands = commands;
            this.name = commands + " at once";
        }

        private record Figure(Bound bound, ToLongFunction<TurnedMembers> total, double per) {}

        Load leader(Part part, double most, String look) {
            Bound bound = new Bound(name + ", leader, " + part, "bytes allocated per command", most, look);
            figures.add(new Figure(bound, members -> members.leader().allocated(part), 1));
            return this;
        }

        Load follower(Part part, double most, String look) {
            Bound bound = new Bound(name + ", follower, " + part, "bytes allocated per command", most, look);
            figures.add(new Figure(bound, members -> sum(members.followers(), each -> each.allocated(part)), 2));
            return this;
        }

        Load forces(double most) {
            String look = "what goes to DriverPorts.append by itself and could ride along";
            figures.add(new Figure(
                    new Bound(name + ", leader", "forces per command", most, look),
                    members -> members.leader().storage.forces(),
                    1));
            figures.add(new Figure(
                    new Bound(name + ", follower", "forces per command", most, look),
                    members -> sum(members.followers(), each -> each.storage.forces()),
                    2));
            return this;
        }

        Load frames(double most) {
            Bound bound = new Bound(
                    name + ", all members",
                    "frames per command",
                    most,
                    "what is sent that could be said along the way");
            figures.add(new Figure(bound, members -> sum(members.members(), each -> each.framesSent), 1));
            return this;
        }

        Load wire(double most) {
            Bound bound = new Bound(
                    name + ", to one follower and back",
                    "bytes on the wire per byte of payload",
                    most,
                    "FrameCodec and Batch: what is said more than once");
            figures.add(new Figure(bound, members -> sum(members.members(), each -> each.bytesSent), 2.0 * BYTES));
            return this;
        }

        Load disk(double most) {
            Bound bound = new Bound(
                    name + ", one member",
                    "bytes in the journal per byte of payload",
                    most,
                    "RecordHeader and Batch: what is written more than once");
            figures.add(new Figure(
                    bound,
                    members -> sum(members.members(), each -> each.storage.bytesWritten()),
                    (double) TurnedMembers.SIZE * BYTES));
            return this;
        }

        private static long sum(List<TurnedMember> members, ToLongFunction<TurnedMember> figure) {
            return members.stream().mapToLong(figure).sum();
        }

        void check(Path directory) {
            try (TurnedMembers members = new TurnedMembers(directory)) {
                Costs.of(BLOCKS_MAX, costs -> block(members, costs));
            }
        }

        private void block(TurnedMembers members, Costs costs) {
            byte[][] payloads = new byte[commands][BYTES];
            long[] before = totals(members);
            int rounds = COMMANDS_PER_BLOCK / commands;
            for (int round = 0; round < rounds; round++) {
                members.round(payloads);
            }
            long[] after = totals(members);
            for (int i = 0; i < figures.size(); i++) {
                Figure figure = figures.get(i);
                double commandsDone = (double) rounds * commands;
                costs.saw(figure.bound, (after[i] - before[i]) / commandsDone / figure.per);
            }
        }

        private long[] totals(TurnedMembers members) {
            return figures.stream()
                    .mapToLong(figure -> figure.total.applyAsLong(members))
                    .toArray();
        }
    }

    private static final String DRIVER = "Driver, Replica.step and their parts";
    private static final String JOURNAL = "SegmentedJournal.append";
    private static final String APPLY = "Batch.decode, ApplySequence, SessionTable";

    /**
     * Its bounds are wider: what the compiler leaves of a frame's views depends on what ran before it; 320 bytes alone, 449 among
     * all tests.
     */
    private static final String CODEC = "FrameCodec";

    @Test
    void oneCommandAtATime() {
        new Load(1)
                .leader(Part.TURN, 5_300, DRIVER)
                .leader(Part.APPEND, 390, JOURNAL)
                .leader(Part.APPLY, 870, APPLY)
                .leader(Part.ENCODE, 540, CODEC)
                .leader(Part.DECODE, 1_170, CODEC)
                .follower(Part.TURN, 1_850, DRIVER)
                .follower(Part.APPEND, 390, JOURNAL)
                .follower(Part.APPLY, 820, APPLY)
                .follower(Part.ENCODE, 110, CODEC)
                .follower(Part.DECODE, 1_420, CODEC)
                .forces(1.05)
                .frames(6.3)
                .wire(2.7)
                .disk(2.15)
                .check(directory);
    }

    @Test
    void sixteenCommandsAtOnce() {
        new Load(16)
                .leader(Part.TURN, 930, DRIVER)
                .leader(Part.APPEND, 25, JOURNAL)
                .leader(Part.APPLY, 610, APPLY)
                .leader(Part.ENCODE, 34, CODEC)
                .leader(Part.DECODE, 74, CODEC)
                .follower(Part.TURN, 110, DRIVER)
                .follower(Part.APPEND, 25, JOURNAL)
                .follower(Part.APPLY, 600, APPLY)
                .follower(Part.ENCODE, 7, CODEC)
                .follower(Part.DECODE, 500, CODEC)
                .forces(1.05 / 16)
                .frames(6.3 / 16)
                .wire(1.32)
                .disk(1.28)
                .check(directory);
    }

    @Test
    void manyCommandsAtOnce() {
        new Load(256)
                .leader(Part.TURN, 670, DRIVER)
                .leader(Part.APPEND, 1.6, JOURNAL)
                .leader(Part.APPLY, 670, APPLY)
                .leader(Part.ENCODE, 7.7, CODEC)
                .leader(Part.DECODE, 7.5, CODEC)
                .follower(Part.TURN, 8, DRIVER)
                .follower(Part.APPEND, 1.6, JOURNAL)
                .follower(Part.APPLY, 650, APPLY)
                .follower(Part.ENCODE, 2, CODEC)
                .follower(Part.DECODE, 400, CODEC)
                .forces(1.05 / 256)
                .frames(6.3 / 256)
                .wire(1.23)
                .disk(1.22)
                .check(directory);
    }
}
