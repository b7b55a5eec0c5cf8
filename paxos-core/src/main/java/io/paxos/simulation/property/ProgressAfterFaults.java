// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Within ten election timeouts after the last fault something that was asked for after it is answered: a quorum that is
 * connected and stays up chooses (Lamport, Paxos Made Simple, section 2.4, on progress with one distinguished proposer;
 * fault cases of this project, oracle LIVE). From then on, as long as clients wait, no ten election timeouts pass without an
 * answer: a run whose clients ask until its end shows by this that it goes on.
 */
public final class ProgressAfterFaults implements Property {

    private static final int TIMEOUTS = 10;
    private static final long NEVER = Long.MAX_VALUE;

    /** What was asked for after the faults and has no answer yet. */
    private final TreeSet<Long> fresh = new TreeSet<>();

    private long timeoutMicros;
    private long endedMicros = NEVER;
    private boolean progressed;

    /** Since when clients wait and nobody is answered. */
    private long waitingMicros;

    /** For one run. */
    public ProgressAfterFaults() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(
                TraceEvent.Kind.RUN_BEGAN,
                TraceEvent.Kind.FAULTS_ENDED,
                TraceEvent.Kind.CLIENT_INVOKED,
                TraceEvent.Kind.CLIENT_ANSWERED,
                TraceEvent.Kind.RUN_ENDED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.RunBegan began) {
            timeoutMicros = 1_000 * began.electionTimeoutMaxMillis();
        } else if (event instanceof TraceEvent.FaultsEnded) {
            endedMicros = event.atMicros();
        } else if (event instanceof TraceEvent.ClientInvoked invoked) {
            if (endedMicros != NEVER) {
                waitingMicros = fresh.isEmpty() ? invoked.atMicros() : waitingMicros;
                fresh.add(invoked.operation());
            }
        } else if (event instanceof TraceEvent.ClientAnswered answered) {
            return fresh.remove(answered.operation()) ? judge(answered) : null;
        } else if (event instanceof TraceEvent.RunEnded && !progressed) {
            return "nothing that was asked for after the faults was ever answered";
        }
        return null;
    }

    private @Nullable String judge(TraceEvent.ClientAnswered answered) {
        long allowed = TIMEOUTS * timeoutMicros;
        long since = progressed ? waitingMicros : endedMicros;
        if (answered.answer() != TraceEvent.Answer.DONE) {
            return null;
        }
        String what = progressed ? "an answer long after the faults" : "the first answer after the faults";
        progressed = true;
        waitingMicros = answered.atMicros();
        long taken = answered.atMicros() - since;
        return taken <= allowed ? null : what + " took " + taken / 1_000 + " ms; allowed are " + allowed / 1_000;
    }
}
