// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Records in memory, and what they add up to: a journal without a disk, for tests that turn drivers. */
public final class RecordLog {

    private final List<DurableRecord> records = new ArrayList<>();
    private final TreeMap<Long, Proposal> values = new TreeMap<>();
    private long knownChosen;
    private long floor;

    /** Appends, and so forces: what was appended is there after a crash. */
    public void append(List<DurableRecord> more) {
        for (DurableRecord record : more) {
            records.add(record);
            if (record instanceof DurableRecord.Accepted accepted) {
                values.put(accepted.proposal().slot(), accepted.proposal());
            } else if (record instanceof DurableRecord.Chosen chosen) {
                values.put(chosen.proposal().slot(), chosen.proposal());
            } else if (record instanceof DurableRecord.KnownChosen mark) {
                knownChosen = mark.slot();
            } else if (record instanceof DurableRecord.Trimmed trimmed) {
                floor = trimmed.floor();
            }
        }
    }

    /** What a copy of the directory would hold. */
    public RecordLog copy() {
        RecordLog copy = new RecordLog();
        copy.append(records);
        return copy;
    }

    /** As {@code Journal.readChosen}. */
    public List<Proposal> readChosen(SlotRange slots, int bytesMax) {
        List<Proposal> page = new ArrayList<>();
        long bytes = 0;
        for (long slot = slots.first(); slot <= Math.min(slots.last(), knownChosen); slot++) {
            Proposal value = values.get(slot);
            bytes += value.value().length();
            if (!page.isEmpty() && bytes > bytesMax) {
                break;
            }
            page.add(value);
        }
        return page;
    }

    /** What a member that starts with this log remembers. */
    public DurableState recover(MemberId self, long boot) {
        Founding founding = null;
        boolean activated = false;
        Ballot promised = Ballot.NONE;
        long attempt = 0;
        TreeMap<Long, Proposal> votes = new TreeMap<>();
        TreeMap<Long, Proposal> chosen = new TreeMap<>();
        for (DurableRecord record : records) {
            if (record instanceof DurableRecord.FoundingAdopted adopted) {
                founding = adopted.founding();
            } else if (record instanceof DurableRecord.FoundingActivated) {
                activated = true;
            } else if (record instanceof DurableRecord.Promised promise) {
                promised = promise.ballot();
                attempt = promise.attempt();
            } else if (record instanceof DurableRecord.Accepted accepted) {
                Proposal vote = accepted.proposal();
                votes.put(vote.slot(), vote);
                attempt = vote.ballot().isAbove(promised) ? 0 : attempt;
                promised = Ballot.max(promised, vote.ballot());
            } else if (record instanceof DurableRecord.Chosen learnt) {
                chosen.put(learnt.proposal().slot(), learnt.proposal());
            }
        }
        long stamp = knownChosen <= floor
                ? 0
                : Batch.agreedTimeMillisOf(values.get(knownChosen).value());
        return new DurableState(
                self,
                boot,
                founding,
                activated,
                promised,
                attempt,
                floor,
                knownChosen,
                stamp,
                List.copyOf(votes.tailMap(knownChosen, false).values()),
                List.copyOf(chosen.tailMap(knownChosen, false).values()),
                List.of());
    }
}
