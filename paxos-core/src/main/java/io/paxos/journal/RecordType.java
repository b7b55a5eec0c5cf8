// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import org.jspecify.annotations.Nullable;

/**
 * What a record of a segment says. Codes are for ever. Reserved: 8 for a founding. A reader that meets a code it does not
 * know stops: skipping it would forget something (hazard V12).
 */
enum RecordType {
    /** Payload: the attempt nonce, u64. */
    PROMISE(1),
    /** Payload: the value. */
    ACCEPT(2),
    /** Payload: the value. */
    CHOSEN(3),
    /** No payload; the slot is the mark. */
    KNOWN_CHOSEN(4),
    /** No payload; the slot is the floor. */
    TRIM(5),
    /** Payload: the boot, u64. */
    BOOT(6),
    /** No payload, no slot: it only says, as every header does, up to where all was forced before it was written. */
    IDLE_MARK(7);

    private final byte code;

    RecordType(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    /** Whether its payload is what a slot holds, or may hold. */
    boolean holdsValue() {
        return this == ACCEPT || this == CHOSEN;
    }

    static @Nullable RecordType ofCode(byte code) {
        for (RecordType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }
}
