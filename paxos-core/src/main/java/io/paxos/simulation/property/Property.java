// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.simulation.trace.TraceEvent;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Something that must hold in every run. An instance judges one run, event by event, on one thread. */
public interface Property {

    /** A few words, as they stand in a verdict; the same for every instance of a class. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** The kinds of event it wants to see; asked once. */
    Set<TraceEvent.Kind> watches();

    /**
     * Sees the next event of a kind that it watches.
     *
     * @return what is wrong, in a sentence with numbers, or null if nothing is
     */
    @Nullable
    String observe(TraceEvent event);
}
