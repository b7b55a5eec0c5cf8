// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Which loads are made, in which order: every size with every number of operations in flight, or with every rate; then reads.
 *
 * @param loads of a round
 * @param rounds how often all of them
 * @param warmUpMillis a round is warmed up for so long at most
 * @param prefills how many commands the log is to hold before the loads are made, ascending; with several, the loads are made
 *     at each. Empty: as many as there are
 */
record LoadPlan(List<LoadSpec> loads, int rounds, long warmUpMillis, List<Long> prefills) {

    /** Bytes of all commands in flight that a load may ask for. */
    static final int IN_FLIGHT_BYTES_MAX = 64 << 20;

    static final int SIZE_MAX = 512 << 10;
    static final int OUTSTANDING_MAX = 65_536;

    /** Of an answer to a query. */
    static final int READ_BYTES = 8;

    private static final long SETTLE_MILLIS_MAX = 2_000;
    private static final long COMMAND_OVERHEAD_BYTES = 128;
    private static final int WARM_OUTSTANDING = 64;
    private static final int WARM_BYTES = 256;

    LoadPlan {
        loads = List.copyOf(loads);
        prefills = List.copyOf(prefills);
    }

    /** What each load is made of. */
    static LoadPlan of(BenchOptions options) {
        long span = TimeUnit.SECONDS.toMillis(options.seconds());
        long settle = Math.min(SETTLE_MILLIS_MAX, span / 2);
        List<LoadSpec> loads = new ArrayList<>();
        for (int size : options.sizes()) {
            addAll(loads, Operation.WRITE, size, options, settle, span);
        }
        if (options.reads()) {
            addAll(loads, Operation.READ, READ_BYTES, options, settle, span);
        }
        return new LoadPlan(
                loads, options.rounds(), TimeUnit.SECONDS.toMillis(options.warmUpSeconds()), options.prefills());
    }

    private static void addAll(
            List<LoadSpec> loads, Operation operation, int size, BenchOptions options, long settle, long span) {
        for (long rate : options.rates()) {
            loads.add(LoadSpec.open(operation, size, rate, settle, span));
        }
        for (int outstanding : options.rates().isEmpty() ? options.outstanding() : List.<Integer>of()) {
            loads.add(LoadSpec.closed(operation, size, outstanding, settle, span));
        }
    }

    /** What a cluster is warmed up with, in windows of that length. */
    static LoadSpec warmUp(Operation operation, long millis) {
        int size = operation == Operation.READ ? READ_BYTES : WARM_BYTES;
        return LoadSpec.closed(operation, size, WARM_OUTSTANDING, 0, millis);
    }

    /** The same, with as few operations in flight as any load of this plan has; one, for a rate. */
    LoadSpec quietWarmUp(Operation operation, long millis) {
        LoadSpec busy = warmUp(operation, millis);
        int least = WARM_OUTSTANDING;
        for (LoadSpec load : loads) {
            least = Math.min(least, load.isOpen() ? 1 : load.outstanding());
        }
        return LoadSpec.closed(operation, busy.sizeBytes(), least, 0, millis);
    }

    boolean hasReads() {
        return loads.stream().anyMatch(load -> load.operation() == Operation.READ);
    }

    /** Operations in flight at most. */
    int inFlightMax() {
        int most = WARM_OUTSTANDING;
        for (LoadSpec load : loads) {
            most = Math.max(most, load.isOpen() ? OpenLoop.inFlightMax(load.sizeBytes()) : load.outstanding());
        }
        return most;
    }

    /** Their size, with what the library adds to each. */
    int inFlightBytesMax() {
        long most = 0;
        for (LoadSpec load : loads) {
            long count = load.isOpen() ? OpenLoop.inFlightMax(load.sizeBytes()) : load.outstanding();
            most = Math.max(most, count * (load.sizeBytes() + COMMAND_OVERHEAD_BYTES));
        }
        return Math.toIntExact(most);
    }

    /** How long it takes at most; what a prefill takes is not in it, for that depends on what is measured. */
    long millisMax() {
        long round = warmUpMillis * (hasReads() ? 3 : 2) / 2;
        for (LoadSpec load : loads) {
            round += (load.settleMillis() + load.spanMillis()) * Math.max(1, prefills.size());
        }
        return round * rounds;
    }

    /** The greatest of the numbers of commands that the log is to hold; 0 for none. */
    long prefillMax() {
        return prefills.isEmpty() ? 0 : Collections.max(prefills);
    }
}
