// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message;
import io.paxos.model.DurableRecord;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import java.util.List;

/**
 * What a step asks of the world. The order of persist and send lives in the type, so that no driver can get it wrong:
 *
 * <ol>
 *   <li>{@code writes} go to the journal, in this order, after those of all earlier steps;
 *   <li>{@code sendNow} may leave at once: it depends on no unforced write of <em>any</em> step;
 *   <li>{@code sendAfterWrites} leaves when the writes of this <em>and all earlier steps</em> are forced, also if this
 *       step wrote nothing. (Step 1 queues a promise; step 2 gets the same prepare again, writes nothing, and would
 *       answer at once. A crash then forgets a promise that was revealed.) Messages addressed to the replica itself
 *       come back as events then: a leader's vote counts only once it is durable (hazard S6);
 *   <li>{@code chosen} is contiguous, in slot order, and goes on where the last step's ended;
 *   <li>{@code notices} is the rest.
 * </ol>
 *
 * @param writes records to append
 * @param sendNow messages free to go
 * @param sendAfterWrites messages that reveal what this acceptor remembers
 * @param chosen slots newly known chosen
 * @param notices leadership changes, refused commands, reads of the journal
 */
public record Effects(
        List<DurableRecord> writes,
        List<Envelope> sendNow,
        List<Envelope> sendAfterWrites,
        List<Proposal> chosen,
        List<Notice> notices) {

    /** Nothing happens. */
    public static final Effects NONE = new Effects(List.of(), List.of(), List.of(), List.of(), List.of());

    public Effects {
        writes = copyOf(writes);
        sendNow = copyOf(sendNow);
        sendAfterWrites = copyOf(sendAfterWrites);
        chosen = copyOf(chosen);
        notices = copyOf(notices);
    }

    /** Most parts of most steps are empty, and most others hold one: neither needs an array in between. */
    private static <T> List<T> copyOf(List<T> part) {
        return switch (part.size()) {
            case 0 -> List.of();
            case 1 -> List.of(part.get(0));
            default -> List.copyOf(part);
        };
    }

    public boolean isNothing() {
        return writes.isEmpty()
                && sendNow.isEmpty()
                && sendAfterWrites.isEmpty()
                && chosen.isEmpty()
                && notices.isEmpty();
    }

    /**
     * A message with its address.
     *
     * @param to the receiver; the replica's own node for what it tells itself
     * @param message what it says
     */
    public record Envelope(NodeId to, Message message) {}
}
