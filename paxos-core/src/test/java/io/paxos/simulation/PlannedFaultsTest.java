// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Loss;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlannedFaultsTest {

    private static final NodeId A = new NodeId(1);
    private static final NodeId B = new NodeId(2);
    private static final NodeId C = new NodeId(3);

    @Test
    void framesAreLostAtTheGivenShareUntilTheFaultsEnd() {
        List<TraceEvent> events = run(FaultPlan.none().withLoss(200));
        long ended = events.stream()
                .filter(event -> event instanceof TraceEvent.FaultsEnded)
                .findFirst()
                .orElseThrow()
                .atMicros();
        long sent = count(events, TraceEvent.MessageSent.class, ended);
        long lost = events.stream()
                .filter(event -> event instanceof TraceEvent.MessageDropped drop && drop.loss() == Loss.LOST)
                .peek(event -> assertTrue(event.atMicros() <= ended, event::toString))
                .count();

        assertTrue(lost > sent / 10 && lost < 3 * sent / 10, lost + " of " + sent);
    }

    private static long count(List<TraceEvent> events, Class<?> type, long untilMicros) {
        return events.stream()
                .filter(event -> type.isInstance(event) && event.atMicros() <= untilMicros)
                .count();
    }

    @Test
    void aSplitCutsExactlyTheLinksBetweenItsPartsForItsTime() {
        FaultPlan plan = FaultPlan.none()
                .withSplits(List.of(new Split(500, 900, List.of(List.of(A), List.of(C, new NodeId(9))))));
        List<TraceEvent> events = run(plan);

        TraceEvent.PartitionBegan began = only(events, TraceEvent.PartitionBegan.class);
        assertEquals(500_000, began.atMicros());
        assertEquals(List.of(new TraceEvent.Link(A, C), new TraceEvent.Link(C, A)), began.cut());
        assertEquals(new TraceEvent.PartitionEnded(900_000, began.id()), only(events, TraceEvent.PartitionEnded.class));
        assertTrue(events.stream().anyMatch(PlannedFaultsTest::isCut));
        assertTrue(events.stream()
                .filter(PlannedFaultsTest::isCut)
                .allMatch(event -> event.atMicros() >= 500_000 && event.atMicros() <= 900_000));
    }

    private static boolean isCut(TraceEvent event) {
        return event instanceof TraceEvent.MessageDropped drop && drop.loss() == Loss.CUT;
    }

    @Test
    void theEndOfTheFaultsEndsASplit() {
        FaultPlan plan =
                FaultPlan.none().withSplits(List.of(new Split(800, 9_000, List.of(List.of(A), List.of(B, C)))));
        List<TraceEvent> events = run(plan);

        assertEquals(1_000_000, only(events, TraceEvent.PartitionEnded.class).atMicros());
    }

    private static <T extends TraceEvent> T only(List<TraceEvent> events, Class<T> type) {
        List<T> found = events.stream().filter(type::isInstance).map(type::cast).toList();
        assertEquals(1, found.size());
        return found.get(0);
    }

    private static List<TraceEvent> run(FaultPlan plan) {
        SimulationOptions options = SimulationOptions.DEFAULT
                .withNodes(3, 3)
                .withLoad(20, 1_000)
                .withFaults(plan)
                .withTrace(0, 100_000);
        SimulationResult result =
                Simulation.of(new KeyValueWorkload(2)).with(options).run(7);
        result.assertGood();
        return result.trace().events();
    }

    @Test
    void aPlanSaysWhatItHas() {
        FaultPlan plan = FaultPlan.drawn()
                .withLoss(100)
                .withSplits(List.of(new Split(1_000, 2_000, List.of(List.of(A, B), List.of(C)))));

        assertFalse(plan.possible().contains(FaultClass.LOSS));
        assertTrue(plan.toString().endsWith("loss of 100 in 1000 split 1000ms-2000ms:n1,n2/n3"), plan::toString);
        assertEquals(
                Set.of(FaultClass.PAUSES), FaultPlan.only(FaultClass.PAUSES).certain());
        assertEquals(Set.of(), FaultPlan.none().withDrawn(FaultClass.PAUSES).certain());
        assertEquals(
                Set.of(FaultClass.PAUSES),
                FaultPlan.none().withDrawn(FaultClass.PAUSES).possible());
        assertEquals(plan, plan.withSplits(plan.splits()));
        assertFalse(plan.equals(plan.withLoss(99)));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> FaultPlan.none().withLoss(1_001));
        assertThrows(IllegalArgumentException.class, () -> new Split(5, 5, List.of(List.of(A), List.of(B))));
        assertThrows(IllegalArgumentException.class, () -> new Split(-1, 5, List.of(List.of(A), List.of(B))));
        assertThrows(IllegalArgumentException.class, () -> new Split(1, 5, List.of(List.of(A))));
        assertThrows(IllegalArgumentException.class, () -> new Split(1, 5, List.of(List.of(A), List.of(B, A))));
    }
}
