// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

/** Why a frame was dropped before the core saw it. The protocol repeats what matters. */
public enum DropReason {
    /** The sender is of another founding, or of none yet. */
    OTHER_FOUNDING,
    /**
     * The sender is no voter of the founding: a learner, or one whose directory stands in the place of one that was lost. It
     * may ask for what was chosen, and send commands; this is something else, such as a promise or a vote.
     */
    NO_VOTE,
    /** The frame is about a group that this node does not carry. */
    OTHER_GROUP,
    /** An earlier boot of a member that was heard since at a higher one. */
    OLDER_BOOT,
    /** The sender calls itself by this node's id. */
    OWN_NAME,
    /** The core's inbox was full. */
    INBOX_FULL,
    /** It carries values, and too much waits for the disk already. */
    JOURNAL_BEHIND,
    /** It asks for a promise or a vote, or brings values, and the journal has no room to go on. */
    JOURNAL_FULL,
    /** A request for chosen values, while as many reads as allowed are under way. */
    READS_BUSY
}
