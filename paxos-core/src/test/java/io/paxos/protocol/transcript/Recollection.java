// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sum of some {@link DurableRecord}s, as {@link DurableState} describes it; written without looking at the journal's. */
final class Recollection {

    private final TreeMap<Long, Proposal> votes = new TreeMap<>();
    private final TreeMap<Long, Proposal> chosen = new TreeMap<>();
    private @Nullable Founding founding;
    private boolean activated;
    private Ballot promised = Ballot.NONE;
    private long attempt;
    private long knownChosen;

    void add(DurableRecord each) {
        if (each instanceof DurableRecord.Promised promise) {
            promised = promise.ballot();
            attempt = promise.attempt();
        } else if (each instanceof DurableRecord.Accepted accepted) {
            Proposal vote = accepted.proposal();
            if (vote.ballot().isAbove(promised)) {
                promised = vote.ballot();
                attempt = 0;
            }
            votes.put(vote.slot(), vote);
        } else if (each instanceof DurableRecord.Chosen known) {
            chosen.put(known.proposal().slot(), known.proposal());
        } else if (each instanceof DurableRecord.KnownChosen mark) {
            knownChosen = mark.slot();
        } else if (each instanceof DurableRecord.FoundingAdopted adopted) {
            founding = adopted.founding();
        } else if (each instanceof DurableRecord.FoundingActivated) {
            activated = true;
        } else {
            throw new Violation("the core does not write " + each);
        }
    }

    Ballot promised() {
        return promised;
    }

    long knownChosen() {
        return knownChosen;
    }

    boolean isActivated() {
        return activated;
    }

    @Nullable
    Founding founding() {
        return founding;
    }

    SortedMap<Long, Proposal> votes() {
        return votes;
    }

    SortedMap<Long, Proposal> chosen() {
        return chosen;
    }

    /** The recorded chosen value of the slot, else the vote. */
    @Nullable
    Proposal valueOf(long slot) {
        Proposal known = chosen.get(slot);
        return known != null ? known : votes.get(slot);
    }

    DurableState toState(MemberId self, long boot) {
        Proposal last = knownChosen == 0 ? null : valueOf(knownChosen);
        return new DurableState(
                self,
                boot,
                founding,
                activated,
                promised,
                attempt,
                0,
                knownChosen,
                last == null ? 0 : Batch.agreedTimeMillisOf(last.value()),
                List.copyOf(votes.tailMap(knownChosen, false).values()),
                List.copyOf(chosen.tailMap(knownChosen, false).values()),
                List.of());
    }
}
