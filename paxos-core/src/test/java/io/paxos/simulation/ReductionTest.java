// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.simulation.property.Property;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReductionTest {

    private static final SimulationOptions OPTIONS =
            SimulationOptions.DEFAULT.withNodes(3, 5).withLoad(80, 800);

    @Test
    void whatDoesNotMatterIsLeftOut() {
        Simulation<?, ?, ?> simulation = failingWhen(TraceEvent.Kind.CHOSEN, 5);
        SimulationResult failure = simulation.with(OPTIONS).run(3);
        assertFalse(failure.isGood());

        Reduction.Reduced reduced = Reduction.of(simulation, OPTIONS, failure, 200);

        assertEquals(FaultPlan.none(), reduced.options().faults());
        assertEquals(1, reduced.options().nodesMax());
        assertTrue(reduced.options().operations() <= 10, reduced.options()::toString);
        assertEquals("Counted", violated(reduced.result()));
    }

    @Test
    void whatMattersStays() {
        Simulation<?, ?, ?> simulation = failingWhen(TraceEvent.Kind.MESSAGE_DROPPED, 5);
        SimulationOptions options = OPTIONS.withFaults(FaultPlan.drawn().withLoss(100));
        SimulationResult failure = firstFailure(simulation.with(options));

        Reduction.Reduced reduced = Reduction.of(simulation, options, failure, 200);

        assertTrue(reduced.options().nodesMax() >= 2, reduced.options()::toString);
        assertEquals("Counted", violated(reduced.result()));
    }

    private static SimulationResult firstFailure(Simulation<?, ?, ?> simulation) {
        for (long seed = 1; seed <= 100; seed++) {
            SimulationResult result = simulation.run(seed);
            if (!result.isGood()) {
                return result;
            }
        }
        throw new AssertionError("none of a hundred seeds fails");
    }

    @Test
    void theSameFailureIsReducedTheSameWayAndReplays() {
        Simulation<?, ?, ?> simulation = failingWhen(TraceEvent.Kind.CHOSEN, 5);
        SimulationResult failure = simulation.with(OPTIONS).run(4);

        Reduction.Reduced one = Reduction.of(simulation, OPTIONS, failure, 100);
        Reduction.Reduced other = Reduction.of(simulation, OPTIONS, failure, 100);

        assertEquals(one.options(), other.options());
        assertEquals(one.runs(), other.runs());
        SimulationResult again = simulation.with(one.options()).run(one.result().seed());
        assertEquals(one.result().trace().fingerprint(), again.trace().fingerprint());
        assertEquals(one.result().violation(), again.violation());
    }

    @Test
    void aReductionStopsWhenItsRunsAreUsedUp() {
        Simulation<?, ?, ?> simulation = failingWhen(TraceEvent.Kind.CHOSEN, 5);
        SimulationResult failure = simulation.with(OPTIONS).run(3);

        Reduction.Reduced reduced = Reduction.of(simulation, OPTIONS, failure, 0);

        assertEquals(0, reduced.runs());
        assertEquals(OPTIONS, reduced.options());
        assertEquals(failure, reduced.result());
    }

    @Test
    void aGoodRunCannotBeReduced() {
        Simulation<?, ?, ?> simulation = Simulation.of(new KeyValueWorkload(2));
        SimulationOptions options = OPTIONS.withFaults(FaultPlan.none());
        SimulationResult good = simulation.with(options).run(3);
        good.assertGood();

        assertThrows(IllegalArgumentException.class, () -> Reduction.of(simulation, options, good, 10));
    }

    private static String violated(SimulationResult result) {
        var violation = result.violation();
        return violation == null ? "" : violation.property();
    }

    private static Simulation<?, ?, ?> failingWhen(TraceEvent.Kind kind, int count) {
        return Simulation.of(new KeyValueWorkload(2)).alsoJudging(() -> List.of(new Counted(kind, count)));
    }

    /** Objects to the so-many-th event of a kind. */
    private static final class Counted implements Property {
        private final TraceEvent.Kind kind;
        private final int most;
        private int seen;

        Counted(TraceEvent.Kind kind, int most) {
            this.kind = kind;
            this.most = most;
        }

        @Override
        public Set<TraceEvent.Kind> watches() {
            return EnumSet.of(kind);
        }

        @Override
        public @Nullable String observe(TraceEvent event) {
            return ++seen == most ? "number " + most : null;
        }
    }
}
