// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import io.paxos.model.MemberId;
import java.util.ArrayList;
import java.util.List;

/**
 * What a step asks of the world, in the order that safety needs; as in {@code protocol}:
 *
 * <ol>
 *   <li>{@code writes} go to the disk, in this order, after those of all earlier steps;
 *   <li>{@code sendNow} may leave at once: it depends on no unforced write of any step;
 *   <li>{@code sendAfterWrites} leaves when the writes of this <em>and all earlier steps</em> are forced, also if this
 *       step wrote nothing. What a member addresses to itself comes back to it then.
 * </ol>
 *
 * @param writes what to remember, the last one counts
 * @param sendNow messages free to go
 * @param sendAfterWrites messages that reveal what this member remembers
 */
public record Effects(List<Memory> writes, List<Envelope> sendNow, List<Envelope> sendAfterWrites) {

    /** Nothing happens. */
    public static final Effects NONE = new Effects(List.of(), List.of(), List.of());

    public Effects {
        writes = List.copyOf(writes);
        sendNow = List.copyOf(sendNow);
        sendAfterWrites = List.copyOf(sendAfterWrites);
    }

    static Effects now(List<Envelope> messages) {
        return new Effects(List.of(), messages, List.of());
    }

    static Effects afterWrites(List<Envelope> messages) {
        return new Effects(List.of(), List.of(), messages);
    }

    static Effects write(Memory memory) {
        return new Effects(List.of(memory), List.of(), List.of());
    }

    Effects and(Effects later) {
        return new Effects(
                joined(writes, later.writes),
                joined(sendNow, later.sendNow),
                joined(sendAfterWrites, later.sendAfterWrites));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    /**
     * A message with its address.
     *
     * @param to the receiver, perhaps the sender itself
     * @param message what it says
     */
    public record Envelope(MemberId to, SynodMessage message) {}
}
