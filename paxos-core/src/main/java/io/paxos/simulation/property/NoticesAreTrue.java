// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.Proposal;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Of whatever a leader announces as chosen at a ballot, to voters by the slot and to learners by the value, a phase-2 quorum has durably voted for it at that very ballot (Paxos
 * Made Simple, section 2.3; hazards P2 and P5). Stricter than {@link ChosenOnlyByQuorum}, which looks only at what is
 * applied: by then late votes may have made it true.
 */
public final class NoticesAreTrue implements Property {

    private final TreeMap<Long, TreeSet<Ballot>> chosen = new TreeMap<>();

    /** For one run. */
    public NoticesAreTrue() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.CHOSEN, TraceEvent.Kind.MESSAGE_SENT);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.Chosen seen) {
            chosen.computeIfAbsent(seen.proposal().slot(), slot -> new TreeSet<>())
                    .add(seen.proposal().ballot());
        } else if (event instanceof TraceEvent.MessageSent sent
                && sent.message() instanceof Message.ChosenNotice notice) {
            for (long slot = notice.slots().first(); slot <= notice.slots().last(); slot++) {
                TreeSet<Ballot> ballots = chosen.get(slot);
                if (ballots == null || !ballots.contains(notice.ballot())) {
                    return sent.from() + " announces slot " + slot + " as chosen at " + notice.ballot()
                            + ", where no quorum has voted for it";
                }
            }
        } else if (event instanceof TraceEvent.MessageSent sent
                && sent.message() instanceof Message.ChosenValues values) {
            for (Proposal value : values.chosen()) {
                TreeSet<Ballot> ballots = chosen.get(value.slot());
                if (ballots == null || !ballots.contains(value.ballot())) {
                    return sent.from() + " sends a value for slot " + value.slot() + " as chosen at " + value.ballot()
                            + ", where no quorum has voted for it";
                }
            }
        }
        return null;
    }
}
