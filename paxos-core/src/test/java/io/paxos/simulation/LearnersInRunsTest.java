// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message;
import io.paxos.model.NodeId;
import io.paxos.simulation.property.Property;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Half of the runs have learners, and these are told what is chosen at once. */
class LearnersInRunsTest {

    /** Judges nothing: it counts. */
    private static final class Counting implements Property {
        private final TreeMap<Long, Long> firstAppliedMicros = new TreeMap<>();
        private List<NodeId> learners = List.of();
        private long runsWithLearners;
        private long pushes;
        private long pages;
        private long submittedByLearners;
        private long slots;
        private long lateSlots;
        private boolean ended;

        @Override
        public Set<TraceEvent.Kind> watches() {
            return EnumSet.of(
                    TraceEvent.Kind.RUN_BEGAN,
                    TraceEvent.Kind.APPLIED,
                    TraceEvent.Kind.MESSAGE_SENT,
                    TraceEvent.Kind.CLIENT_INVOKED,
                    TraceEvent.Kind.RUN_ENDED);
        }

        @Override
        public @Nullable String observe(TraceEvent event) {
            if (event instanceof TraceEvent.RunBegan began) {
                learners = began.membership().learners();
                runsWithLearners += learners.isEmpty() ? 0 : 1;
                ended = false;
                firstAppliedMicros.clear();
            } else if (event instanceof TraceEvent.MessageSent sent) {
                pushes += sent.message() instanceof Message.ChosenValues ? 1 : 0;
                pages += sent.message() instanceof Message.CatchUpPage && learners.contains(sent.to()) ? 1 : 0;
            } else if (event instanceof TraceEvent.ClientInvoked invoked) {
                submittedByLearners += learners.contains(invoked.node()) ? 1 : 0;
            } else if (event instanceof TraceEvent.RunEnded) {
                ended = true; // what is applied from now on is applied again
            } else if (event instanceof TraceEvent.Applied done && !ended) {
                long slot = done.proposal().slot();
                Long first = firstAppliedMicros.putIfAbsent(slot, done.atMicros());
                if (learners.contains(done.node()) && first != null) {
                    slots++;
                    lateSlots += done.atMicros() - first > 50_000 ? 1 : 0;
                }
            }
            return null;
        }
    }

    @Test
    void learnersAreDrawnInHalfOfTheRunsAndUsed() {
        Counting counting = new Counting();
        Simulation<?, ?, ?> simulation = Simulation.of(new KeyValueWorkload(4))
                .with(SimulationOptions.DEFAULT)
                .alsoJudging(() -> List.of(counting));
        for (long seed = 1; seed <= 60; seed++) {
            simulation.run(seed).assertGood();
        }
        assertTrue(counting.runsWithLearners >= 20 && counting.runsWithLearners <= 40, "" + counting.runsWithLearners);
        assertTrue(counting.pushes > 1_000, counting.pushes + " pushes");
        assertTrue(counting.pages > 100, counting.pages + " pages to learners");
        assertTrue(counting.submittedByLearners > 100, counting.submittedByLearners + " commands of learners");
    }

    /** With nothing going wrong, a learner is a network delay and its own force behind, not a turn to ask. */
    @Test
    void aLearnerIsToldAtOnceWhenNothingGoesWrong() {
        Counting counting = new Counting();
        Simulation<?, ?, ?> simulation = Simulation.of(new KeyValueWorkload(4))
                .with(SimulationOptions.DEFAULT.withNodes(3, 5).withFaults(FaultPlan.none()))
                .alsoJudging(() -> List.of(counting));
        for (long seed = 1; seed <= 20; seed++) {
            simulation.run(seed).assertGood();
        }
        assertTrue(counting.slots > 500, counting.slots + " slots applied by learners");
        // Some runs have pages of a kilobyte, which fill up.
        assertTrue(counting.lateSlots * 20 < counting.slots, counting.lateSlots + " of " + counting.slots);
    }
}
