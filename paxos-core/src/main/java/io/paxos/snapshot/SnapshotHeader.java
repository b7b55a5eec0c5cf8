// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.model.CorruptValueException;
import io.paxos.model.FoundingId;
import io.paxos.model.Membership;
import io.paxos.model.MembershipCodec;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The first page of a snapshot file (big-endian, frozen; drawn in {@code docs/snapshot-format.md}):
 *
 * <pre>
 * magic u64 | formatVersion u16 | flags u16 | 0 u32 | founding u128 | slot u64 | agreedTime u64 | chain u64
 * | membershipLength u32 | membership | pendingLength u32 | pending | 0 … | CRC32C u32
 * </pre>
 *
 * <p>Its length is fixed, so nothing depends on a length that was not checked yet. The pending membership is empty in
 * version 1.
 */
final class SnapshotHeader {

    private static final long MAGIC = 0x5041584f53534e50L; // "PAXOSSNP"
    private static final int CRC_OFFSET = Layout.HEADER_BYTES - Layout.CRC_BYTES;

    private SnapshotHeader() {}

    static ByteBuffer encode(SnapshotMeta meta) {
        ByteBuffer out = ByteBuffer.allocate(Layout.HEADER_BYTES);
        out.putLong(MAGIC)
                .putShort((short) Layout.FORMAT_VERSION)
                .putShort((short) 0)
                .putInt(0);
        out.putLong(meta.founding().high()).putLong(meta.founding().low());
        out.putLong(meta.slot()).putLong(meta.agreedTimeMillis()).putLong(meta.chain());
        out.putInt(MembershipCodec.encodedLength(meta.membership()));
        MembershipCodec.encode(meta.membership(), out);
        out.putInt(0);
        out.putInt(CRC_OFFSET, Crc.of(out, 0, CRC_OFFSET));
        return out.rewind();
    }

    /** The checksum of an encoded header: the first of the chain. */
    static int checksum(ByteBuffer header) {
        return header.getInt(CRC_OFFSET);
    }

    /**
     * Reads a header.
     *
     * @param in the whole page
     * @param file its path, for messages
     */
    static SnapshotMeta decode(ByteBuffer in, String file) throws SnapshotException {
        if (in.getLong(0) != MAGIC) {
            throw SnapshotException.damaged(file, 0, "this is no snapshot");
        }
        if (Crc.of(in, 0, CRC_OFFSET) != checksum(in)) {
            throw SnapshotException.damaged(file, 0, "the header does not match its checksum");
        }
        in.position(Long.BYTES);
        int version = Short.toUnsignedInt(in.getShort());
        int flags = Short.toUnsignedInt(in.getShort());
        if (version != Layout.FORMAT_VERSION || flags != 0) {
            throw unsupported(file, "format version " + version + " with flags " + flags);
        }
        in.getInt();
        try {
            FoundingId founding = new FoundingId(in.getLong(), in.getLong());
            long slot = in.getLong();
            long agreedTimeMillis = in.getLong();
            long chain = in.getLong();
            int membershipLength = in.getInt();
            int start = in.position();
            Membership membership = MembershipCodec.decode(in);
            if (in.position() - start != membershipLength) {
                throw SnapshotException.damaged(file, start, "the membership has not the length it claims");
            }
            if (in.getInt() != 0) {
                throw unsupported(file, "a pending membership");
            }
            return new SnapshotMeta(founding, membership, slot, agreedTimeMillis, chain);
        } catch (CorruptValueException | IllegalArgumentException | BufferUnderflowException malformed) {
            throw SnapshotException.damaged(file, 0, "the header holds a field out of range: " + malformed);
        }
    }

    private static SnapshotException unsupported(String file, String what) {
        return new SnapshotException(
                SnapshotException.Kind.UNSUPPORTED,
                file,
                what + " is unknown to this version, which knows format version " + Layout.FORMAT_VERSION);
    }
}
