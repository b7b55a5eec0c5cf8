// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.simulate;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.Snapshot;
import io.paxos.StateMachine;
import io.paxos.model.Entry;
import io.paxos.simulation.SimulationOptions;
import io.paxos.simulation.StateMachineCheck;
import io.paxos.simulation.Workload;
import io.paxos.simulation.check.AppendList;
import io.paxos.simulation.check.Model;
import java.io.DataInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How to attack a state machine of your own. Start here: a state machine, a workload that says what clients ask and what a
 * right answer is, and one line that checks them. The second state machine looks as good as the first, and passes the tests
 * that people write; its replicas differ.
 */
class GuestListTest {

    private static final SimulationOptions OPTIONS =
            SimulationOptions.DEFAULT.withNodes(3, 5).withLoad(40, 1_000);

    @Test
    void aListInTheOrderOfTheLogIsFine() {
        StateMachineCheck.of(GuestList::new, new GuestListWorkload())
                .withDigest(GuestList::everybody)
                .with(OPTIONS)
                .withSeeds(1, 10)
                .assertGood();
    }

    @Test
    void aMapWhoseOrderDependsOnIdentityHashesIsCaught() {
        AssertionError error = assertThrows(
                AssertionError.class, () -> StateMachineCheck.of(HashedGuestList::new, new GuestListWorkload())
                        .withSeeds(1, 10)
                        .assertGood());

        assertTrue(error.getMessage().contains("not deterministic"), error.getMessage());
        assertTrue(error.getMessage().contains("seed 1"), error.getMessage());
    }

    @Test
    void itsReplicasAreSeenToDifferInAClusterToo(@TempDir Path reports) {
        AssertionError error = assertThrows(
                AssertionError.class, () -> StateMachineCheck.of(HashedGuestList::new, new GuestListWorkload())
                        .with(OPTIONS)
                        .withSeeds(1, 10)
                        .reportingTo(reports)
                        .assertGoodInClusters());

        assertTrue(error.getMessage().contains("seed"), error.getMessage());
        assertTrue(error.getMessage().contains("| report: " + reports.toAbsolutePath()), error.getMessage());
    }

    @Test
    void aRestoreThatAddsToWhatIsThereIsCaught() {
        AssertionError error = assertThrows(
                AssertionError.class, () -> StateMachineCheck.of(AddingGuestList::new, new GuestListWorkload())
                        .assertGood());

        assertTrue(error.getMessage().contains("not restorable"), error.getMessage());
        assertTrue(error.getMessage().contains("look for what restore does not replace"), error.getMessage());
    }

    // ---- the state machines ---------------------------------------------------------------------------------

    /** Zero asks for everybody, any other number is a guest that arrives. */
    private static class GuestList implements StateMachine {
        private final List<Long> guests = new ArrayList<>();

        @Override
        public Snapshot snapshot() {
            List<Long> now = List.copyOf(guests);
            return out -> {
                out.writeInt(now.size());
                for (long guest : now) {
                    out.writeLong(guest);
                }
            };
        }

        @Override
        public void restore(DataInput in) throws IOException {
            guests.clear();
            add(in);
        }

        final void add(DataInput in) throws IOException {
            for (int left = in.readInt(); left > 0; left--) {
                guests.add(in.readLong());
            }
        }

        @Override
        public byte[] apply(Entry entry) {
            long guest = ByteBuffer.wrap(entry.command()).getLong();
            if (guest == 0) {
                return everybody();
            }
            guests.add(guest);
            return new byte[0];
        }

        byte[] everybody() {
            return bytes(guests);
        }
    }

    /** The same; whoever wrote it tried restore on an empty list only. */
    private static final class AddingGuestList extends GuestList {
        @Override
        public void restore(DataInput in) throws IOException {
            add(in);
        }
    }

    /** The same with a map. Its keys have no {@code hashCode} of their own, so its order is another one in every process. */
    private static final class HashedGuestList implements StateMachine {

        /** Nobody wrote equals and hashCode. */
        private static final class Seat {}

        private final Map<Seat, Long> guests = new HashMap<>();

        @Override
        public byte[] apply(Entry entry) {
            long guest = ByteBuffer.wrap(entry.command()).getLong();
            if (guest == 0) {
                return bytes(guests.values());
            }
            guests.put(new Seat(), guest);
            return new byte[0];
        }
    }

    private static byte[] bytes(Collection<Long> numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * numbers.size());
        numbers.forEach(bytes::putLong);
        return bytes.array();
    }

    // ---- what clients ask of them ---------------------------------------------------------------------------

    private static final class GuestListWorkload
            implements Workload<AppendList.Contents<Long>, AppendList.Input<Long>, AppendList.Output<Long>> {

        @Override
        public StateMachine newStateMachine() {
            return new GuestList();
        }

        @Override
        public AppendList.Input<Long> nextInput(SplittableRandom random, long operation) {
            return random.nextInt(3) == 0 ? new AppendList.Read<>() : new AppendList.Append<>(operation);
        }

        @Override
        public byte[] encode(AppendList.Input<Long> input) {
            long guest = input instanceof AppendList.Append<Long> append ? append.element() : 0;
            return ByteBuffer.allocate(Long.BYTES).putLong(guest).array();
        }

        @Override
        public AppendList.@Nullable Output<Long> decode(AppendList.Input<Long> input, byte[] result) {
            if (input instanceof AppendList.Append<Long>) {
                return null;
            }
            List<Long> everybody = new ArrayList<>();
            ByteBuffer in = ByteBuffer.wrap(result);
            while (in.hasRemaining()) {
                everybody.add(in.getLong());
            }
            return new AppendList.Elements<>(everybody);
        }

        @Override
        public Model<AppendList.Contents<Long>, AppendList.Input<Long>, AppendList.Output<Long>> model() {
            return new AppendList<>();
        }
    }
}
