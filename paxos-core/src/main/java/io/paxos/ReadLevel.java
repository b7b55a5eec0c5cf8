// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.Position;
import io.paxos.model.Slots;

/**
 * What a read promises. None of them writes to the log.
 *
 * <table>
 * <caption>Levels</caption>
 * <tr><th>level</th><th>sees at least</th><th>costs</th></tr>
 * <tr><td>{@link #LINEARIZABLE}</td><td>every write that was answered, to anybody anywhere, before the read was asked
 *     for</td><td>a question to the leader and one of the leader to a quorum, shared by all reads that wait</td></tr>
 * <tr><td>{@link #LEASED}</td><td>the same, as long as all clocks keep to the declared drift</td><td>nothing on a leader
 *     that holds a lease; else as above</td></tr>
 * <tr><td>{@link #atLeast}</td><td>everything up to that position</td><td>nothing, but it may have to wait</td></tr>
 * <tr><td>{@link #LOCAL}</td><td>what this node has applied, which may be old</td><td>nothing</td></tr>
 * </table>
 *
 * @param kind which of them
 * @param slot for {@link Kind#AT_LEAST} the slot that must be applied, else 0
 */
public record ReadLevel(Kind kind, long slot) {

    /** The kinds of levels. */
    public enum Kind {
        /** Sees every write that was answered before. */
        LINEARIZABLE,
        /** The same by the clock, where leases are configured. */
        LEASED,
        /** Sees everything up to a slot. */
        AT_LEAST,
        /** Sees what is there. */
        LOCAL
    }

    /** Never old, on any node, whatever clocks do. The default. */
    public static final ReadLevel LINEARIZABLE = new ReadLevel(Kind.LINEARIZABLE, 0);

    /**
     * Never old as long as every member's clock keeps to the drift that was declared with {@link NodeBuilder#leasedReads}. Where
     * there is no lease, because none was configured, or on a node that does not lead, it is a linearizable read.
     */
    public static final ReadLevel LEASED = new ReadLevel(Kind.LEASED, 0);

    /** Whatever this node has applied, however old; the result says how old. */
    public static final ReadLevel LOCAL = new ReadLevel(Kind.LOCAL, 0);

    public ReadLevel {
        if (kind == Kind.AT_LEAST) {
            Slots.requirePrefix(slot);
        } else if (slot != 0) {
            throw new IllegalArgumentException("read level " + kind + ": slot " + slot + ", where none belongs");
        }
    }

    /** Sees that write and everything before it: read your own writes, on any node. */
    public static ReadLevel atLeast(Position position) {
        return new ReadLevel(Kind.AT_LEAST, position.slot());
    }

    /**
     * Sees everything up to that slot; with {@link ReadResult#slot()} of an earlier read: never less than that one saw.
     *
     * @param slot from 0
     */
    public static ReadLevel atLeast(long slot) {
        return new ReadLevel(Kind.AT_LEAST, slot);
    }

    @Override
    public String toString() {
        return kind == Kind.AT_LEAST ? "AT_LEAST(" + slot + ")" : kind.toString();
    }
}
