// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One {@link DurableRecord} in the terms of the segment format.
 *
 * @param type what it says
 * @param slot 0 where the type has none
 * @param ballot {@link Ballot#NONE} where the type has none
 * @param payload bytes that follow the header, with their checksum; for a value, the value itself: no copy, and the
 *     checksum that was computed when it was made
 */
record EncodedRecord(RecordType type, long slot, Ballot ballot, Value payload) {

    private static final Value NOTHING = Value.of(new byte[0]);

    /** What is written behind the last batch when nothing else comes. */
    static final EncodedRecord IDLE_MARK = new EncodedRecord(RecordType.IDLE_MARK, 0, Ballot.NONE, NOTHING);

    /** Encodes any record that goes into a segment. */
    static EncodedRecord of(DurableRecord record) {
        if (record instanceof DurableRecord.Promised promised) {
            return new EncodedRecord(RecordType.PROMISE, 0, promised.ballot(), number(promised.attempt()));
        }
        if (record instanceof DurableRecord.Accepted accepted) {
            return of(RecordType.ACCEPT, accepted.proposal());
        }
        if (record instanceof DurableRecord.Chosen chosen) {
            return of(RecordType.CHOSEN, chosen.proposal());
        }
        if (record instanceof DurableRecord.KnownChosen mark) {
            return new EncodedRecord(RecordType.KNOWN_CHOSEN, mark.slot(), Ballot.NONE, NOTHING);
        }
        if (record instanceof DurableRecord.Trimmed trimmed) {
            return new EncodedRecord(RecordType.TRIM, trimmed.floor(), Ballot.NONE, NOTHING);
        }
        if (record instanceof DurableRecord.Booted booted) {
            return new EncodedRecord(RecordType.BOOT, 0, Ballot.NONE, number(booted.boot()));
        }
        throw new IllegalArgumentException("record: " + record + " does not belong into a segment");
    }

    private static EncodedRecord of(RecordType type, Proposal proposal) {
        return new EncodedRecord(type, proposal.slot(), proposal.ballot(), proposal.value());
    }

    private static Value number(long number) {
        return Value.of(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    /** The slot whose value this is, or may be; 0 if it is none's. */
    long valueSlot() {
        return type.holdsValue() ? slot : 0;
    }

    /** Header and payload, in bytes. */
    long length() {
        return RecordHeader.BYTES + (long) payload.length();
    }

    /**
     * The record again; null for an idle mark, which says nothing but what its header says.
     *
     * @throws IllegalArgumentException if slot, ballot or payload do not fit the type
     */
    @Nullable
    DurableRecord decode() {
        return switch (type) {
            case PROMISE -> {
                require(slot == 0 && payload.length() == Long.BYTES);
                yield new DurableRecord.Promised(ballot, payload.buffer().getLong());
            }
            case ACCEPT -> new DurableRecord.Accepted(new Proposal(slot, ballot, payload));
            case CHOSEN -> new DurableRecord.Chosen(new Proposal(slot, ballot, payload));
            case KNOWN_CHOSEN -> {
                require(ballot.isNone() && payload.length() == 0);
                yield new DurableRecord.KnownChosen(slot);
            }
            case TRIM -> {
                require(ballot.isNone() && payload.length() == 0);
                yield new DurableRecord.Trimmed(slot);
            }
            case BOOT -> {
                require(slot == 0 && ballot.isNone() && payload.length() == Long.BYTES);
                yield new DurableRecord.Booted(payload.buffer().getLong());
            }
            case IDLE_MARK -> {
                require(slot == 0 && ballot.isNone() && payload.length() == 0);
                yield null;
            }
        };
    }

    private void require(boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException("record of type " + type + " with slot " + slot + ", ballot " + ballot
                    + " and a payload of " + payload.length() + " bytes");
        }
    }
}
