// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.message.Message;

/**
 * What may overtake what on the way to a peer. The protocol lets frames overtake each other; a link that is slower than what is to be
 * sent would otherwise hold a heartbeat up for as long as all that was sent before it takes, and its leader would be thought dead.
 */
enum Urgency {
    /** Small frames that others wait for: heartbeats, votes, questions and their answers. They overtake all others. */
    URGENT,

    /**
     * Values on their way to be chosen, the word that they were, and whatever else is large. In order among themselves: the word of a
     * value that has not come yet would have it fetched once more, and commands that overtook others of their session would be sent
     * again with all behind them.
     */
    VALUES,

    /** Pieces of snapshots and pages of old values, which have time. */
    BULK;

    /** @param bytes the length of the message's frame */
    static Urgency of(Message message, int bytes) {
        if (message instanceof Message.SnapshotPiece || message instanceof Message.CatchUpPage) {
            return BULK;
        }
        boolean ordered = message instanceof Message.Accept
                || message instanceof Message.ChosenNotice
                || message instanceof Message.ChosenValues
                || message instanceof Message.Forward;
        return ordered || bytes > Limits.SMALL_FRAME_BYTES_MAX ? VALUES : URGENT;
    }
}
