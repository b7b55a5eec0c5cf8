// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message.SnapshotRequest;
import io.paxos.model.DurableRecord;
import io.paxos.model.NodeId;
import io.paxos.model.SnapshotId;
import io.paxos.simulation.property.Property;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Runs with snapshots have what they are for, and machines without snapshots go on as before. */
class SnapshotsInRunsTest {

    private static final SimulationOptions OPTIONS = SimulationOptions.DEFAULT
            .withNodes(3, 5)
            .withFaults(FaultPlan.drawn().with(FaultClass.SNAPSHOTS).with(FaultClass.KILLS));

    /** Judges nothing: it counts. */
    private static final class Counting implements Property {
        private record Transfer(SnapshotId of, NodeId from) {}

        private final TreeMap<NodeId, TraceEvent.Started> starting = new TreeMap<>();
        private final TreeMap<NodeId, Transfer> transfers = new TreeMap<>();
        private long trims;
        private long restoredAtStart;
        private long installed;
        private long goneOnWithAnotherSource;

        @Override
        public Set<TraceEvent.Kind> watches() {
            return EnumSet.of(
                    TraceEvent.Kind.FORCED,
                    TraceEvent.Kind.STARTED,
                    TraceEvent.Kind.RESTORED,
                    TraceEvent.Kind.MESSAGE_SENT);
        }

        @Override
        public String observe(TraceEvent event) {
            if (event instanceof TraceEvent.Forced forced) {
                trims += forced.records().stream()
                        .filter(DurableRecord.Trimmed.class::isInstance)
                        .count();
            } else if (event instanceof TraceEvent.Started started) {
                starting.put(started.member().node(), started);
                transfers.remove(started.member().node());
            } else if (event instanceof TraceEvent.Restored restored) {
                TraceEvent.Started start = starting.get(restored.node());
                boolean atStart = start.atMicros() == restored.atMicros()
                        && start.remembered().boot() == restored.boot();
                restoredAtStart += atStart ? 1 : 0;
                installed += atStart ? 0 : 1;
            } else if (event instanceof TraceEvent.MessageSent sent
                    && sent.message() instanceof SnapshotRequest request
                    && !request.wanted().isNone()) {
                Transfer before = transfers.put(sent.from(), new Transfer(request.wanted(), sent.to()));
                boolean same = before != null && before.of().equals(request.wanted());
                if (same && !before.from().equals(sent.to()) && request.offset() > 0) {
                    goneOnWithAnotherSource++;
                }
            }
            return null;
        }
    }

    @Test
    void logsAreTrimmedAndSnapshotsRestoredInstalledAndGoneOnWith() {
        Counting counting = new Counting();
        Simulation<?, ?, ?> simulation =
                Simulation.of(new KeyValueWorkload(4)).with(OPTIONS).alsoJudging(() -> List.of(counting));
        for (long seed = 1; seed <= 100; seed++) {
            simulation.run(seed).assertGood();
        }
        String counts = "trims " + counting.trims + ", restored at starts " + counting.restoredAtStart
                + ", installed from others " + counting.installed + ", gone on with from another source "
                + counting.goneOnWithAnotherSource;
        assertTrue(counting.trims >= 500, counts);
        assertTrue(counting.restoredAtStart >= 100, counts);
        assertTrue(counting.installed >= 15, counts);
        assertTrue(counting.goneOnWithAnotherSource >= 1, counts);
    }

    /** A machine of the host application that knows nothing of snapshots. */
    @Test
    void aMachineWithoutSnapshotsKeepsItsWholeLog() {
        Counting counting = new Counting();
        Simulation<?, ?, ?> simulation =
                Simulation.of(new WithoutSnapshots()).with(OPTIONS).alsoJudging(() -> List.of(counting));
        for (long seed = 1; seed <= 20; seed++) {
            simulation.run(seed).assertGood();
        }
        assertEquals(0, counting.trims + counting.restoredAtStart + counting.installed);
    }
}
