// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.Ballot;
import io.paxos.synod.Effects.Envelope;
import io.paxos.synod.Member;
import io.paxos.synod.Memory;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A member and its disk.
 *
 * @param member as it runs
 * @param forced what a restart would find
 * @param unforced steps whose writes or messages still wait for the disk, oldest first
 * @param revealed the highest ballot that the member has told others it promised or voted at; survives crashes
 * @param attempts how often it began; survives crashes, for it only names the next wish
 */
public record SynodNode(Member member, Memory forced, List<Unforced> unforced, Ballot revealed, int attempts) {

    public SynodNode {
        unforced = List.copyOf(unforced);
    }

    /**
     * What one step left behind.
     *
     * @param memory the disk's content once it is forced
     * @param held messages that leave then
     */
    public record Unforced(Memory memory, List<Envelope> held) {
        public Unforced {
            held = List.copyOf(held);
        }

        /** With more messages that wait for it, each once. */
        Unforced holding(List<Envelope> more) {
            Set<Envelope> all = new LinkedHashSet<>(held);
            all.addAll(more);
            return new Unforced(memory, List.copyOf(all));
        }
    }
}
