// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The events of one run: all of them in the fingerprint and the counts, the first ones kept, up to a cap. */
@SuppressWarnings("EnumOrdinal") // an index into an array of its own
public final class Trace {

    private final int eventsMax;
    private final List<TraceEvent> events = new ArrayList<>();
    private final long[] counts = new long[TraceEvent.Kind.values().length];
    private final Fingerprint fingerprint = new Fingerprint();
    private long total;

    /** @param eventsMax how many events are kept, from 0 */
    public Trace(int eventsMax) {
        if (eventsMax < 0) {
            throw new IllegalArgumentException(
                    "eventsMax: " + eventsMax + " is outside the allowed range 0.." + Integer.MAX_VALUE);
        }
        this.eventsMax = eventsMax;
    }

    /** Notes an event. */
    public void record(TraceEvent event) {
        total++;
        counts[event.kind().ordinal()]++;
        fingerprint.add(event);
        if (events.size() < eventsMax) {
            events.add(event);
        }
    }

    /** Adds something to the fingerprint that is no event, such as the content of a disk. */
    public void seal(long number) {
        fingerprint.add(number);
    }

    /** The events that were kept, in order; not modifiable. */
    public List<TraceEvent> events() {
        return Collections.unmodifiableList(events);
    }

    /** How many events happened beyond those that were kept. */
    public long eventsLeftOut() {
        return total - events.size();
    }

    /** How many events happened, by kind. */
    public Map<TraceEvent.Kind, Long> counts() {
        Map<TraceEvent.Kind, Long> byKind = new EnumMap<>(TraceEvent.Kind.class);
        for (TraceEvent.Kind kind : TraceEvent.Kind.values()) {
            byKind.put(kind, counts[kind.ordinal()]);
        }
        return byKind;
    }

    /** How many events of that kind happened. */
    public long count(TraceEvent.Kind kind) {
        return counts[kind.ordinal()];
    }

    /** A hash over all events, kept or not: equal for two runs of one seed, in any JVM. */
    public long fingerprint() {
        return fingerprint.value();
    }

    /** The kept events, one a line. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        for (TraceEvent event : events) {
            text.append(event).append('\n');
        }
        if (eventsLeftOut() > 0) {
            text.append("… and ").append(eventsLeftOut()).append(" more events\n");
        }
        return text.toString();
    }
}
