// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.simulation.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows each event to the properties that watch its kind, in their order, and keeps the first violation. */
@SuppressWarnings("EnumOrdinal") // an index into a list of its own
public final class Judges {

    /**
     * A property that did not hold.
     *
     * @param property its name
     * @param explanation what was seen
     * @param atMicros when
     */
    public record Violation(String property, String explanation, long atMicros) {
        @Override
        public String toString() {
            return property + " at " + atMicros / 1000 + " ms: " + explanation;
        }
    }

    private final List<Property> properties;
    private final Property[][] byKind = new Property[TraceEvent.Kind.values().length][];
    private @Nullable Violation first;

    /** Judges of one run. */
    public Judges(List<Property> properties) {
        this.properties = List.copyOf(properties);
        for (TraceEvent.Kind kind : TraceEvent.Kind.values()) {
            List<Property> watching = new ArrayList<>();
            for (Property property : properties) {
                if (property.watches().contains(kind)) {
                    watching.add(property);
                }
            }
            byKind[kind.ordinal()] = watching.toArray(Property[]::new);
        }
    }

    /** Shows an event. */
    public void observe(TraceEvent event) {
        for (Property property : byKind[event.kind().ordinal()]) {
            String wrong = property.observe(event);
            if (wrong != null && first == null) {
                first = new Violation(property.name(), wrong, event.atMicros());
            }
        }
    }

    /** Whether anybody watches that kind. */
    public boolean watch(TraceEvent.Kind kind) {
        return byKind[kind.ordinal()].length > 0;
    }

    /** A violation found outside of the events, such as by a check of the whole history at the end. */
    public void report(Violation violation) {
        if (first == null) {
            first = violation;
        }
    }

    /** The first violation, or null. */
    public @Nullable Violation violation() {
        return first;
    }

    public List<Property> properties() {
        return properties;
    }
}
