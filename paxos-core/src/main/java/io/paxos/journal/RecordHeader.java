// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Slots;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What precedes a record's payload in a segment: {@link #BYTES} bytes (big-endian, frozen; drawn in
 * {@code docs/log-format.md}):
 *
 * <pre>
 * magic u32 | generation u32 | sequence u64 | type u8 | 0 u24 | group u32 | slot u64
 * | ballot (round u64, incarnation u64, node u32) | promise in force (round u64, incarnation u64, node u32)
 * | forcedUpTo u64 | highestSlot u64 | payloadLength u32 | payloadCrc u32 | 0 u32 | CRC32C of the salt and the above u32
 * </pre>
 *
 * @param generation the segment's
 * @param sequence of the record in the journal, from 1, one higher with each
 * @param type what it says
 * @param slot 0 where the type has none
 * @param ballot of a promise, a vote or a chosen value; {@link Ballot#NONE} where the type has none
 * @param promised the promise in force once this record is durable
 * @param forcedUpTo every record up to this sequence was forced before this one was written: whoever reads it knows
 *     that those cannot be a torn tail
 * @param highestSlot the highest slot of any vote or chosen value up to and with this record: records before it that
 *     cannot be read were about no slot above
 * @param payloadLength bytes that follow
 * @param payloadChecksum CRC32C of them; for a value, the one that came along with it
 */
record RecordHeader(
        int generation,
        long sequence,
        RecordType type,
        long slot,
        Ballot ballot,
        Ballot promised,
        long forcedUpTo,
        long highestSlot,
        int payloadLength,
        int payloadChecksum) {

    static final int BYTES = 104;

    /** "PXRC". */
    static final int MAGIC = 0x50585243;

    /** More than a journal will ever hold, and far enough from overflow that the next one can be counted. */
    static final long SEQUENCE_MAX = 1L << 62;

    private static final int GROUP = 0;
    private static final int CRC_OFFSET = BYTES - Integer.BYTES;
    private static final int TYPE_OFFSET = 4 + 4 + 8;

    RecordHeader {
        Slots.requirePrefix(slot);
        Slots.requirePrefix(highestSlot);
        if (generation < 1 || sequence < 1 || sequence > SEQUENCE_MAX || forcedUpTo < 0 || forcedUpTo >= sequence) {
            throw new IllegalArgumentException("record header: generation " + generation + ", sequence " + sequence
                    + " or forced-up-to " + forcedUpTo + " is out of range");
        }
        if (payloadLength < 0 || type.holdsValue() == (slot == 0 || ballot.isNone())) {
            throw new IllegalArgumentException("record header: " + type + " with slot " + slot + ", ballot " + ballot
                    + " and a payload of " + payloadLength + " bytes");
        }
    }

    /** Header and payload, in bytes. */
    long length() {
        return BYTES + (long) payloadLength;
    }

    /** Appends headers of one segment to one buffer; it makes no garbage, since a batch has many. One thread. */
    static final class Encoder {

        private final byte[] salt;
        private final ByteBuffer out;
        private final ByteBuffer view;
        private final CRC32C crc = new CRC32C();

        Encoder(byte[] salt, ByteBuffer out) {
            this.salt = salt;
            this.out = out;
            this.view = out.duplicate();
        }

        /** Appends a header at the buffer's position; there must be room for it. */
        void append(RecordHeader header) {
            int start = out.position();
            header.encodeFields(out);
            crc.reset();
            crc.update(salt, 0, salt.length);
            crc.update(view.limit(start + CRC_OFFSET).position(start));
            out.putInt((int) crc.getValue());
        }
    }

    /** All of it but the checksum. */
    private void encodeFields(ByteBuffer out) {
        out.putInt(MAGIC).putInt(generation).putLong(sequence);
        out.put(type.code()).put((byte) 0).putShort((short) 0).putInt(GROUP).putLong(slot);
        encode(ballot, out);
        encode(promised, out);
        out.putLong(forcedUpTo)
                .putLong(highestSlot)
                .putInt(payloadLength)
                .putInt(payloadChecksum)
                .putInt(0);
    }

    static void encode(Ballot ballot, ByteBuffer out) {
        MemberId owner = ballot.owner();
        out.putLong(ballot.round())
                .putLong(owner.incarnation().bits())
                .putInt(owner.node().number());
    }

    static Ballot decodeBallot(ByteBuffer in) {
        long round = in.getLong();
        Incarnation incarnation = new Incarnation(in.getLong());
        return new Ballot(round, new MemberId(new NodeId(in.getInt()), incarnation));
    }

    /** Whether the next {@link #BYTES} bytes of the buffer are a header of that segment, intact; its position stays. */
    static boolean isIntact(ByteBuffer in, byte[] salt) {
        int start = in.position();
        return in.remaining() >= BYTES
                && in.getInt(start) == MAGIC
                && in.getInt(start + CRC_OFFSET) == Crc.of(salt, in, start, start + CRC_OFFSET);
    }

    /** The generation that the header claims, or 0 if it has no header's first bytes; the buffer's position stays. */
    static int claimedGeneration(ByteBuffer in) {
        int start = in.position();
        return in.remaining() >= 8 && in.getInt(start) == MAGIC ? in.getInt(start + 4) : 0;
    }

    /** The type code of an intact header; the buffer's position stays. */
    static byte typeCode(ByteBuffer in) {
        return in.get(in.position() + TYPE_OFFSET);
    }

    /** Takes an intact header off the buffer; null if this version cannot have written it. */
    static @Nullable RecordHeader decode(ByteBuffer in) {
        try {
            in.getInt();
            int generation = in.getInt();
            long sequence = in.getLong();
            RecordType type = RecordType.ofCode(in.get());
            int flags = in.get() | in.getShort();
            int group = in.getInt();
            long slot = in.getLong();
            Ballot ballot = decodeBallot(in);
            Ballot promised = decodeBallot(in);
            long forcedUpTo = in.getLong();
            long highestSlot = in.getLong();
            int payloadLength = in.getInt();
            int payloadChecksum = in.getInt();
            int reserved = in.getInt();
            in.getInt();
            if (type == null || flags != 0 || group != GROUP || reserved != 0) {
                return null;
            }
            return new RecordHeader(
                    generation,
                    sequence,
                    type,
                    slot,
                    ballot,
                    promised,
                    forcedUpTo,
                    highestSlot,
                    payloadLength,
                    payloadChecksum);
        } catch (IllegalArgumentException outOfRange) {
            return null;
        }
    }
}
