// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.ChosenNotice;
import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.SlotRange;
import io.paxos.model.SlotSet;
import java.util.List;

/**
 * What a leader found chosen and has not told the other members yet. They vote without knowing it, so the word of it goes
 * along with the next accepts: on its own it would wake each of them once more for every slot. When no accept is about to
 * leave it goes alone, a few milliseconds later; and at once while somebody is known to wait for it at another member, whose
 * answers come from its own log.
 */
final class ChosenNews {

    private final long delayMillis;
    private SlotSet untold = new SlotSet();
    private long sinceMillis;

    /** @param delayMillis how long it waits for an accept to go along with */
    ChosenNews(long delayMillis) {
        this.delayMillis = delayMillis;
    }

    /** This slot was chosen. */
    void chosen(long slot, long nowMillis) {
        if (untold.isEmpty()) {
            sinceMillis = nowMillis;
        }
        untold.add(new SlotRange(slot, slot));
    }

    boolean isDue(boolean atOnce, long nowMillis) {
        return !untold.isEmpty() && (atOnce || nowMillis - sinceMillis >= delayMillis);
    }

    /** Tells all of it, in as few notices as the slots allow. */
    void tell(Ballot ballot, long knownChosen, List<NodeId> to, Outbox out) {
        for (SlotRange slots : untold.ranges()) {
            ChosenNotice notice = new ChosenNotice(ballot, slots, knownChosen);
            for (NodeId other : to) {
                out.sendNow(other, notice);
            }
        }
        clear();
    }

    void clear() {
        untold = new SlotSet();
    }
}
