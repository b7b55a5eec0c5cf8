// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.transport.CopyRefusal;
import org.jspecify.annotations.Nullable;

/**
 * What the two ends of a connection say to each other about the connection itself. The dialer says hello first; it is welcomed
 * or refused. After a welcome the dialer sends frames, and the other end sends receipts.
 */
sealed interface ControlFrame {

    /** The dialer's first words. */
    record Hello(Greeting greeting) implements ControlFrame {}

    /** The answer to a hello that was accepted. */
    record Welcome(Greeting greeting) implements ControlFrame {}

    /**
     * The answer to a hello that was not accepted; the connection is closed behind it.
     *
     * @param reason for programs
     * @param text for the other side's log; printable ASCII
     */
    record Refusal(Reason reason, String text) implements ControlFrame {}

    /** "I have read something since the last receipt." A dialer that sends and gets none takes its peer for dead. */
    record Receipt() implements ControlFrame {}

    /** Why a hello was refused. The codes are part of the format. */
    enum Reason {
        /** A reason that this version does not know. */
        UNKNOWN(0),
        /** The cluster ids differ. */
        OTHER_CLUSTER(1),
        /** The dialer wanted another node: its list of addresses is wrong, or the address was reused. */
        WRONG_NODE(2),
        /** The dialer is not among the peers, or claims to be this very node. */
        UNKNOWN_NODE(3),
        /** This node heard the same member at a higher boot: the dialer is an older copy. */
        OLD_BOOT(4),
        /** Another process is connected as the same member with the same boot: the directory was copied. */
        SAME_BOOT_TWICE(5),
        /** The node is connected, alive, with another incarnation. */
        OTHER_INCARNATION(6),
        /** No version of frames that both read. */
        WIRE_VERSION(7),
        /** The groups differ. */
        OTHER_GROUP(8);

        private final int code;

        Reason(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        /** What it says of another process of the dialer's member; null if it says nothing of one. */
        CopyRefusal.@Nullable Why whyCopy() {
            if (this == OLD_BOOT) {
                return CopyRefusal.Why.NEWER_BOOT;
            }
            return this == SAME_BOOT_TWICE ? CopyRefusal.Why.SAME_BOOT : null;
        }

        static Reason ofCode(int code) {
            for (Reason reason : values()) {
                if (reason.code == code) {
                    return reason;
                }
            }
            return UNKNOWN;
        }
    }
}
