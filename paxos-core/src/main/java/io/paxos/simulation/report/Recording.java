// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import io.paxos.model.NodeId;
import io.paxos.simulation.property.Property;
import io.paxos.simulation.trace.TraceEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Watches a run for a report, in memory that does not grow with the number of events: it keeps the first ones, the last ones,
 * and what still held when the last ones began. It is a {@link Property} because these see every event; it never objects.
 *
 * <pre>{@code
 * Recording recording = new Recording(5_000);
 * SimulationResult result = simulation.alsoJudging(() -> List.of(recording)).run(seed);
 * }</pre>
 */
public final class Recording implements Property {

    /** Unless said otherwise: what a browser shows without effort and a person can still follow. */
    public static final int EVENTS_MAX_DEFAULT = 5_000;

    /** Messages on their way that are remembered from before the last events. */
    private static final int ON_THEIR_WAY_MAX = 4_096;

    private final int eventsMax;
    private final List<TraceEvent> first = new ArrayList<>();
    private final ArrayDeque<TraceEvent> last = new ArrayDeque<>();
    private final Standing standing = new Standing();
    private final FigureTally figures = new FigureTally();
    private long total;

    /**
     * @param eventsMax how many events are kept of the beginning, and how many of the end, 1 to 1,000,000
     * @throws IllegalArgumentException if it is out of range
     */
    public Recording(int eventsMax) {
        if (eventsMax < 1 || eventsMax > 1_000_000) {
            throw new IllegalArgumentException("eventsMax: " + eventsMax + " is outside the allowed range 1..1000000");
        }
        this.eventsMax = eventsMax;
    }

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.allOf(TraceEvent.Kind.class);
    }

    @SuppressWarnings("NullAway") // never objects
    @Override
    public String observe(TraceEvent event) {
        figures.observe(event);
        if (!Chronicle.isDrawn(event.kind())) {
            return null;
        }
        total++;
        if (first.size() < eventsMax) {
            first.add(event);
        }
        last.add(event);
        if (last.size() > eventsMax) {
            standing.absorb(last.remove());
        }
        return null;
    }

    /** The four figures over the whole run. */
    public Figures figures() {
        return figures.whole();
    }

    FigureTally tally() {
        return figures;
    }

    /** The first events. */
    Window beginning() {
        return new Window(List.of(), List.copyOf(first), 0, total - first.size());
    }

    /** The last events. */
    Window ending() {
        return new Window(standing.events(), List.copyOf(last), total - last.size(), 0);
    }

    /**
     * Events that are drawn.
     *
     * @param before earlier ones that still held when the window began, such as a partition
     * @param events in order
     * @param leftOutBefore how many were not kept before it
     * @param leftOutAfter how many were not kept after it
     */
    record Window(List<TraceEvent> before, List<TraceEvent> events, long leftOutBefore, long leftOutAfter) {}

    /** What still holds after events that are no longer kept. */
    private static final class Standing {

        private final Map<String, TraceEvent> once = new LinkedHashMap<>();
        private final Map<NodeId, TraceEvent> processes = new TreeMap<>();
        private final Map<NodeId, TraceEvent> leaders = new TreeMap<>();
        private final Map<NodeId, TraceEvent> pauses = new TreeMap<>();
        private final Map<Long, TraceEvent> partitions = new TreeMap<>();
        private final Map<Long, TraceEvent> operations = new TreeMap<>();
        private final Map<Long, TraceEvent> onTheirWay = new LinkedHashMap<>();

        void absorb(TraceEvent event) {
            if (event instanceof TraceEvent.RunBegan || event instanceof TraceEvent.FaultsEnded) {
                once.put(event.kind().name(), event);
            } else if (event instanceof TraceEvent.Started started) {
                process(started.member().node(), started);
            } else if (event instanceof TraceEvent.Crashed crashed) {
                process(crashed.node(), crashed);
            } else if (event instanceof TraceEvent.Stopped stopped) {
                process(stopped.node(), stopped);
            } else if (event instanceof TraceEvent.LostForGood lost) {
                process(lost.node(), lost);
            } else if (event instanceof TraceEvent.Paused paused) {
                pauses.put(paused.node(), paused);
            } else if (event instanceof TraceEvent.LeaderChanged changed) {
                leaders.put(changed.node(), changed);
            } else if (event instanceof TraceEvent.PartitionBegan began) {
                partitions.put(began.id(), began);
            } else if (event instanceof TraceEvent.PartitionEnded ended) {
                partitions.remove(ended.id());
            } else if (event instanceof TraceEvent.ClientInvoked invoked) {
                operations.put(invoked.operation(), invoked);
            } else if (event instanceof TraceEvent.ClientAnswered answered) {
                operations.remove(answered.operation());
            } else {
                absorbMessage(event);
            }
        }

        private void process(NodeId node, TraceEvent event) {
            processes.put(node, event);
            leaders.remove(node);
            pauses.remove(node);
        }

        private void absorbMessage(TraceEvent event) {
            if (event instanceof TraceEvent.MessageSent sent) {
                onTheirWay.put(sent.id(), sent);
                if (onTheirWay.size() > ON_THEIR_WAY_MAX) {
                    onTheirWay.remove(onTheirWay.keySet().iterator().next());
                }
            } else if (event instanceof TraceEvent.MessageDelivered delivered) {
                onTheirWay.remove(delivered.id());
            } else if (event instanceof TraceEvent.MessageDropped dropped) {
                onTheirWay.remove(dropped.id());
            }
        }

        List<TraceEvent> events() {
            List<TraceEvent> events = new ArrayList<>(once.values());
            events.addAll(processes.values());
            events.addAll(leaders.values());
            events.addAll(pauses.values());
            events.addAll(partitions.values());
            events.addAll(operations.values());
            events.addAll(onTheirWay.values());
            return events;
        }
    }
}
