// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.simulation.trace.TraceEvent;
import java.util.List;

/** Prints the last events of one seed, by hand: {@code java … io.paxos.simulation.SimulationReplay seed [events]}. */
final class SimulationReplay {

    private SimulationReplay() {}

    public static void main(String[] arguments) {
        SimulationOptions options = SimulationOptions.DEFAULT;
        SimulationResult result = Simulation.of(new KeyValueWorkload(4))
                .with(options.withTrace(options.encodedFramesPercent(), 10_000_000))
                .run(Long.parseLong(arguments[0]));
        System.out.println(result.summary());
        int shown = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
        List<TraceEvent> events = result.trace().events().stream()
                .filter(event -> event.kind() != TraceEvent.Kind.MEASURED)
                .toList();
        events.subList(Math.max(0, events.size() - shown), events.size()).forEach(System.out::println);
    }
}
