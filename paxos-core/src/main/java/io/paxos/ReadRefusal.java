// SPDX-License-Identifier: Apache-2.0
package io.paxos;

/** Why a read got no answer. A read has no effect, so it may always be asked for again. */
public enum ReadRefusal {
    /** No leader confirmed within the deadline that what would be read is not old. */
    NO_LEADER,
    /** What has to be read was not applied here within the deadline. */
    TIMED_OUT,
    /** Too many reads wait on this node, or their answers are too long together. */
    OVERLOADED,
    /** The node is closed. */
    CLOSED,
    /** The node stopped for good. */
    FAILED,
    /** The state machine threw from its query; most likely it answers none, or not this one. */
    THREW,
    /** The query or its answer is longer than a frame between client and node may be; to ask again is no use. */
    TOO_LARGE
}
