// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.ClusterId;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The first {@link #BYTES} bytes of a segment file (big-endian, frozen; drawn in {@code docs/log-format.md}):
 *
 * <pre>
 * magic u64 | formatVersion u16 | 0 u16 | generation u32 | sequence u64 | firstRecord u64
 * | published (record u64, promise u160, highestSlot u64)
 * | before (promise u160, attempt u64, floor u64, knownChosen u64, highestSlot u64)
 * | founding u128 | incarnation u64 | node u32 | clusterLength u32 | cluster | 0 … | CRC32C u32
 *
 * a promise is round u64, incarnation u64, node u32
 * </pre>
 *
 * It fills a page of its own, so that no later write touches the page it is in.
 *
 * @param founding the founding all its promises and votes belong to
 * @param cluster whose journal it is
 * @param member whose journal it is
 * @param sequence of the segment, from 1; it is in the file's name too
 * @param generation how many segments lived in the file's space before, plus 1
 * @param firstRecord sequence of its first record. Records of earlier segments from this one on are superseded
 * @param published the last record that was in the file, and forced, before it got its name, with the promise as of it;
 *     the one before the first record if there was none
 * @param before what all records before the first one add up to
 */
record SegmentHeader(
        FoundingId founding,
        ClusterId cluster,
        MemberId member,
        long sequence,
        int generation,
        long firstRecord,
        Forced published,
        Checkpoint before) {

    static final int BYTES = 4096;
    static final int FORMAT_VERSION = 1;

    private static final long MAGIC = 0x5041584f534c4f47L; // "PAXOSLOG"
    private static final int CRC_OFFSET = BYTES - Integer.BYTES;

    private static final String PREFIX = "segment-";
    private static final String SUFFIX = ".log";

    SegmentHeader {
        if (sequence < 1
                || generation < 1
                || firstRecord < 1
                || firstRecord > RecordHeader.SEQUENCE_MAX
                || published.record() < firstRecord - 1
                || member.isNone()
                || founding.isNone()) {
            throw new IllegalArgumentException("segment header: sequence " + sequence + ", generation " + generation
                    + ", first record " + firstRecord + ", published up to " + published.record() + ", member " + member
                    + " or founding " + founding
                    + " is out of range");
        }
    }

    /** Whether it is of that journal, and of the founding that its promises belong to. */
    boolean belongsTo(Identity identity) {
        Founding adopted = identity.founding();
        return cluster.equals(identity.cluster())
                && member.equals(identity.self())
                && adopted != null
                && founding.equals(adopted.id());
    }

    String fileName() {
        return fileName(sequence);
    }

    static String fileName(long sequence) {
        return PREFIX + HexFormat.of().toHexDigits(sequence) + SUFFIX;
    }

    /** The sequence in a segment file's name, or -1 if the file is no segment. */
    static long sequenceOf(String fileName) {
        int digits = 16;
        if (fileName.length() != PREFIX.length() + digits + SUFFIX.length()
                || !fileName.startsWith(PREFIX)
                || !fileName.endsWith(SUFFIX)) {
            return -1;
        }
        String hex = fileName.substring(PREFIX.length(), PREFIX.length() + digits);
        if (!hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return -1;
        }
        long sequence = Long.parseUnsignedLong(hex, 16);
        return sequence < 1 ? -1 : sequence;
    }

    /**
     * What goes into every record's header checksum before the header itself. Bytes of another segment, also such that
     * a client put into a value, can therefore never pass for a record of this one.
     */
    byte[] salt() {
        return salt(member.incarnation(), sequence);
    }

    /** The same, for a segment whose header cannot be read: both are known from elsewhere. */
    static byte[] salt(Incarnation incarnation, long sequence) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(incarnation.bits())
                .putLong(sequence)
                .array();
    }

    /** The generation that a file's first bytes claim; 0 if they are no segment's. Nothing but a name for bytes depends on it. */
    static int generationIn(StorageFile file) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(Long.BYTES + 2 * Short.BYTES + Integer.BYTES);
        FileBytes.readFully(file, "", head, 0);
        boolean isSegment = !head.hasRemaining() && head.getLong(0) == MAGIC;
        int generation = isSegment ? head.getInt(Long.BYTES + 2 * Short.BYTES) : 0;
        return generation < 0 || generation == Integer.MAX_VALUE ? 0 : generation;
    }

    /** Appends the header to the buffer, which must be big enough. */
    void encode(ByteBuffer out) {
        int start = out.position();
        byte[] name = cluster.name().getBytes(StandardCharsets.US_ASCII);
        out.putLong(MAGIC).putShort((short) FORMAT_VERSION).putShort((short) 0).putInt(generation);
        out.putLong(sequence).putLong(firstRecord);
        published.encode(out);
        before.encode(out);
        out.putLong(founding.high()).putLong(founding.low());
        out.putLong(member.incarnation().bits()).putInt(member.node().number());
        out.putInt(name.length).put(name);
        out.put(new byte[start + CRC_OFFSET - out.position()]);
        out.putInt(Crc.of(out, start, start + CRC_OFFSET));
    }

    /**
     * Reads a header.
     *
     * @param in the first bytes of the file, as many of {@link #BYTES} as it has
     * @param file its name, for messages
     * @throws JournalException if they are no header of this version, or another segment's
     */
    static SegmentHeader decode(ByteBuffer in, String file) throws JournalException {
        if (in.remaining() < BYTES) {
            throw damaged(file, "only " + in.remaining() + " of the " + BYTES + " header bytes are there");
        }
        int start = in.position();
        if (Crc.of(in, start, start + CRC_OFFSET) != in.getInt(start + CRC_OFFSET)) {
            throw damaged(file, "the segment header does not match its checksum");
        }
        if (in.getLong() != MAGIC) {
            throw damaged(file, "this is no segment");
        }
        int version = Short.toUnsignedInt(in.getShort());
        if (version != FORMAT_VERSION) {
            throw new JournalException(
                    JournalException.Kind.UNSUPPORTED,
                    "journal file " + file + ": format version " + version + " is unknown to this version, which knows "
                            + FORMAT_VERSION);
        }
        in.getShort();
        SegmentHeader header = decodeFields(in);
        if (header == null) {
            throw damaged(file, "the segment header holds a field out of range");
        }
        if (header.sequence != sequenceOf(file)) {
            throw new JournalException(
                    JournalException.Kind.FOREIGN,
                    "journal file " + file + ": its header is of segment sequence " + header.sequence);
        }
        return header;
    }

    private static @Nullable SegmentHeader decodeFields(ByteBuffer in) {
        try {
            int generation = in.getInt();
            long sequence = in.getLong();
            long firstRecord = in.getLong();
            Forced published = Forced.decode(in);
            Checkpoint before = Checkpoint.decode(in);
            FoundingId founding = new FoundingId(in.getLong(), in.getLong());
            Incarnation incarnation = new Incarnation(in.getLong());
            MemberId member = new MemberId(new NodeId(in.getInt()), incarnation);
            int nameLength = in.getInt();
            if (nameLength < 1 || nameLength > ClusterId.LENGTH_MAX) {
                return null;
            }
            byte[] name = new byte[nameLength];
            in.get(name);
            ClusterId cluster = new ClusterId(new String(name, StandardCharsets.US_ASCII));
            return new SegmentHeader(founding, cluster, member, sequence, generation, firstRecord, published, before);
        } catch (IllegalArgumentException outOfRange) {
            return null;
        }
    }

    private static JournalException damaged(String file, String reason) {
        return JournalException.damaged(file, 0, reason);
    }
}
