// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * No queue, window or message grows beyond what was configured (hazards V1 and V2).
 */
public final class Bounds implements Property {

    private TraceEvent.@Nullable Bounds bounds;

    /** For one run. */
    public Bounds() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.RUN_BEGAN, TraceEvent.Kind.MEASURED, TraceEvent.Kind.MESSAGE_SENT);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.RunBegan began) {
            bounds = began.bounds();
            return null;
        }
        TraceEvent.Bounds allowed = bounds;
        if (allowed == null) {
            return null;
        }
        if (event instanceof TraceEvent.MessageSent sent) {
            return sent.bytes() > allowed.frameBytesMax()
                    ? sent.from() + " sends a frame of " + sent.bytes() + " bytes; allowed are "
                            + allowed.frameBytesMax()
                    : null;
        }
        if (event instanceof TraceEvent.Measured measured) {
            boolean within = measured.inFlightSlots() <= allowed.inFlightSlotsMax()
                    && measured.pendingBytes() <= allowed.pendingBytesMax()
                    && measured.submittedCommands() <= allowed.submittedCommandsMax()
                    && measured.submittedBytes() <= allowed.submittedBytesMax()
                    && measured.snapshotBytes() <= allowed.snapshotBytesMax()
                    && measured.inboxBytes() <= Math.max(allowed.inboxBytesMax(), allowed.frameBytesMax());
            return within ? null : measured + " exceeds " + allowed;
        }
        return null;
    }
}
