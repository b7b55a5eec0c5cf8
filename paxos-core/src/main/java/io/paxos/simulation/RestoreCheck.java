// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.Snapshot;
import io.paxos.StateMachine;
import io.paxos.model.Entry;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a state machine comes back from its snapshot as it was, whatever it held before (hazards R4 and R6).
 *
 * <pre>
 *   original   commands 1..k ── capture ── k+1..n ── now write the capture, and one of the end
 *   fresh                        restore ── k+1..n: the same results, digests, and snapshot of the end
 *   dirty      1..j, j &lt; k       restore ── k+1..n: the same
 *   dirty      1..n              restore ── k+1..n: the same
 *   dirty      other commands    restore ── k+1..n: the same
 * </pre>
 */
final class RestoreCheck<M extends StateMachine, I> {

    private static final int COMMANDS = 200;

    /** Snapshots are taken after so many commands: of nothing, of little, of more. */
    private static final int[] CUTS = {0, 1, 7, 100};

    private static final SessionId SESSION = new SessionId(1, 1);

    private final Supplier<M> stateMachines;
    private final Workload<?, I, ?> workload;
    private final @Nullable Function<? super M, byte[]> digest;
    private final long seed;
    private final boolean equalBytes;
    private final List<I> inputs;
    private final List<I> others;

    RestoreCheck(
            Supplier<M> stateMachines,
            Workload<?, I, ?> workload,
            @Nullable Function<? super M, byte[]> digest,
            long seed,
            boolean equalBytes) {
        this.stateMachines = stateMachines;
        this.workload = workload;
        this.digest = digest;
        this.seed = seed;
        this.equalBytes = equalBytes;
        this.inputs = drawn(new SplittableRandom(seed), 1);
        this.others = drawn(new SplittableRandom(seed + 1), COMMANDS + 1);
    }

    private List<I> drawn(SplittableRandom random, int first) {
        List<I> drawn = new ArrayList<>();
        for (int i = 0; i < COMMANDS; i++) {
            drawn.add(workload.nextInput(random, first + i));
        }
        return drawn;
    }

    void run() {
        if (capture(stateMachines.get()) != null) {
            // A fresh one first, whatever the cut: what fails there says most.
            for (Dirt dirt : Dirt.values()) {
                for (int cut : CUTS) {
                    run(cut, dirt);
                }
            }
        }
    }

    private void run(int cut, Dirt dirt) {
        M original = stateMachines.get();
        apply(original, inputs, 0, cut);
        Snapshot captured = capture(original);
        byte[] at = written(capture(original), cut);
        byte[] digestAt = digestOf(original);
        List<byte[]> results = apply(original, inputs, cut, COMMANDS);
        byte[] later = written(captured, cut);
        if (equalBytes && !Arrays.equals(at, later)) {
            throw wrong(
                    cut,
                    "a snapshot that is written after further commands is other bytes than one that is written at once",
                    at,
                    later,
                    "look for state that the capture shares with apply, and for hash order in writeTo");
        }
        byte[] digestEnd = digestOf(original);
        byte[] end = written(capture(original), COMMANDS);

        M restored = stateMachines.get();
        soil(restored, dirt, cut);
        restore(restored, later, cut, dirt);
        same(cut, dirt, "digest right after the restore", digestAt, digestOf(restored));
        if (equalBytes) {
            same(cut, dirt, "snapshot taken right after the restore", later, written(capture(restored), cut));
        }
        for (int i = cut; i < COMMANDS; i++) {
            byte[] result = apply(restored, inputs, i, i + 1).get(0);
            String what = "result of command " + (i + 1) + ", " + inputs.get(i);
            same(cut, dirt, what, results.get(i - cut), result);
        }
        same(cut, dirt, "digest at the end", digestEnd, digestOf(restored));
        if (equalBytes) {
            same(cut, dirt, "snapshot at the end", end, written(capture(restored), COMMANDS));
        }
    }

    /** What is in the instance that is restored into. */
    private enum Dirt {
        FRESH("a fresh instance"),
        OLDER("an instance with an older state"),
        NEWER("an instance with a newer state"),
        OTHER("an instance with another state");

        private final String shown;

        Dirt(String shown) {
            this.shown = shown;
        }
    }

    private void soil(M machine, Dirt dirt, int cut) {
        if (dirt == Dirt.OLDER) {
            apply(machine, inputs, 0, cut / 2);
        } else if (dirt == Dirt.NEWER) {
            apply(machine, inputs, 0, COMMANDS);
        } else if (dirt == Dirt.OTHER) {
            apply(machine, others, 0, COMMANDS);
        }
    }

    private List<byte[]> apply(M machine, List<I> commands, int from, int to) {
        List<byte[]> results = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Position position = new Position(i + 1L, 0);
            results.add(
                    machine.apply(new Entry(position, 1_000L * (i + 1), SESSION, workload.encode(commands.get(i)))));
        }
        return results;
    }

    /** Null if it takes none. */
    private @Nullable Snapshot capture(M machine) {
        try {
            return machine.snapshot();
        } catch (UnsupportedOperationException none) {
            return null;
        }
    }

    private byte[] written(@Nullable Snapshot snapshot, int after) {
        if (snapshot == null) {
            throw new AssertionError("a fresh instance takes snapshots, one that applied " + after
                    + " commands does not, or returned null | seed " + seed);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            snapshot.writeTo(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new AssertionError("writeTo failed, after " + after + " commands | seed " + seed, e);
        }
        return bytes.toByteArray();
    }

    private void restore(M machine, byte[] snapshot, int cut, Dirt dirt) {
        ByteArrayInputStream bytes = new ByteArrayInputStream(snapshot);
        try {
            machine.restore(new DataInputStream(bytes));
        } catch (IOException e) {
            throw new AssertionError(
                    "restore failed: a snapshot after " + cut + " commands, into " + dirt.shown + " | seed " + seed, e);
        }
        if (bytes.available() > 0) {
            throw new AssertionError("restore left " + bytes.available() + " of " + snapshot.length
                    + " bytes unread: a snapshot after " + cut + " commands, into " + dirt.shown + " | seed " + seed);
        }
    }

    private byte[] digestOf(M machine) {
        return digest == null ? new byte[0] : digest.apply(machine);
    }

    private void same(int cut, Dirt dirt, String what, byte[] expected, byte[] actual) {
        if (!Arrays.equals(expected, actual)) {
            throw wrong(
                    cut,
                    "restored into " + dirt.shown + ", the " + what
                            + " differs from that of the instance it was taken of",
                    expected,
                    actual,
                    dirt == Dirt.FRESH
                            ? "look for fields that the snapshot does not hold, and for hash order in writeTo"
                            : "look for what restore does not replace");
        }
    }

    private AssertionError wrong(int cut, String what, byte[] expected, byte[] actual, String advice) {
        return new AssertionError("not restorable: a snapshot after " + cut + " commands: " + what + ": "
                + StateMachineCheck.shown(expected) + " and " + StateMachineCheck.shown(actual) + " | seed " + seed
                + " | " + advice);
    }
}
