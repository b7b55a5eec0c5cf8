// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The one binary form of a {@link Membership} and of a {@link Founding}: on the wire, in the journal and in the payload
 * of a membership command. The layout is frozen (big-endian, whatever the order of the buffer):
 *
 * <pre>
 * founding    founding.high u64 | founding.low u64 | membership
 * membership  formatLevel u16 | version u64 | alpha u32 | quorums
 *             | voter count u16 | member × count | learner count u16 | learner × count
 * quorums     kind u8 | parameters     1 majority: none     2 flexible sizes: phase1 u16 | phase2 u16
 * member      node u32 | incarnation u64
 * learner     node u32 | 0 u64: whatever its incarnation
 * </pre>
 *
 * <p>Each membership has exactly one encoding: members that stand out of order are refused, not sorted.
 */
public final class MembershipCodec {

    /** Version of the layout above. */
    public static final int FORMAT_LEVEL = 1;

    /** Bytes of a member id. */
    public static final int MEMBER_BYTES = 4 + 8;

    private static final int FOUNDING_ID_BYTES = 8 + 8;
    private static final int FIXED_BYTES = 2 + 8 + 4 + 1 + 2 + 2;
    private static final int FLEXIBLE_BYTES = 2 + 2;

    private static final byte MAJORITY = 1;
    private static final byte FLEXIBLE_SIZES = 2;

    private MembershipCodec() {}

    /** Bytes that {@link #encode(Founding, ByteBuffer)} writes. */
    public static int encodedLength(Founding founding) {
        return FOUNDING_ID_BYTES + encodedLength(founding.membership());
    }

    /**
     * Writes the founding at the buffer's position and moves the position behind it.
     *
     * @throws BufferOverflowException if it does not fit; nothing was written
     */
    public static void encode(Founding founding, ByteBuffer out) {
        int length = encodedLength(founding);
        ByteBuffer slice = sliceFor(length, out);
        slice.putLong(founding.id().high()).putLong(founding.id().low());
        put(founding.membership(), slice);
        out.position(out.position() + length);
    }

    /**
     * Reads a founding at the buffer's position and moves the position behind it; more bytes may follow.
     *
     * @throws CorruptValueException if the bytes are no founding; the position stays where it was
     */
    public static Founding decodeFounding(ByteBuffer in) {
        ByteBuffer slice = in.slice();
        try {
            FoundingId id = new FoundingId(slice.getLong(), slice.getLong());
            Founding founding = new Founding(id, get(slice));
            in.position(in.position() + slice.position());
            return founding;
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw new CorruptValueException("founding: " + malformed);
        }
    }

    /** Bytes that {@link #encode(Membership, ByteBuffer)} writes. */
    public static int encodedLength(Membership membership) {
        int parameters = membership.quorums() instanceof QuorumSystem.FlexibleSizes ? FLEXIBLE_BYTES : 0;
        int members = membership.voters().size() + membership.learners().size();
        return FIXED_BYTES + parameters + members * MEMBER_BYTES;
    }

    /**
     * Writes the membership at the buffer's position and moves the position behind it.
     *
     * @throws BufferOverflowException if it does not fit; nothing was written
     */
    public static void encode(Membership membership, ByteBuffer out) {
        int length = encodedLength(membership);
        put(membership, sliceFor(length, out));
        out.position(out.position() + length);
    }

    /**
     * Reads a membership at the buffer's position and moves the position behind it; more bytes may follow. Allocates no
     * more than a few kilobytes, whatever the bytes say.
     *
     * @throws CorruptValueException if the bytes are no membership; the position stays where it was
     */
    public static Membership decode(ByteBuffer in) {
        ByteBuffer slice = in.slice();
        try {
            Membership membership = get(slice);
            in.position(in.position() + slice.position());
            return membership;
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw new CorruptValueException("membership: " + malformed);
        }
    }

    private static ByteBuffer sliceFor(int length, ByteBuffer out) {
        if (out.remaining() < length) {
            throw new BufferOverflowException();
        }
        return out.slice();
    }

    private static void put(Membership membership, ByteBuffer out) {
        out.putShort((short) FORMAT_LEVEL).putLong(membership.version()).putInt(membership.alpha());
        putQuorums(membership.quorums(), out);
        putMembers(membership.voters(), out);
        putLearners(membership.learners(), out);
    }

    private static Membership get(ByteBuffer in) {
        int formatLevel = Short.toUnsignedInt(in.getShort());
        if (formatLevel != FORMAT_LEVEL) {
            throw new CorruptValueException("membership format level: " + formatLevel
                    + " is unknown to this version, which knows " + FORMAT_LEVEL);
        }
        long version = in.getLong();
        int alpha = in.getInt();
        QuorumSystem quorums = getQuorums(in);
        List<MemberId> voters = getVoters(in);
        List<NodeId> learners = getLearners(in);
        return new Membership(version, voters, learners, quorums, alpha);
    }

    private static void putQuorums(QuorumSystem quorums, ByteBuffer out) {
        if (quorums instanceof QuorumSystem.Majority) {
            out.put(MAJORITY);
        } else if (quorums instanceof QuorumSystem.FlexibleSizes sizes) {
            out.put(FLEXIBLE_SIZES).putShort((short) sizes.phase1()).putShort((short) sizes.phase2());
        } else {
            throw new IllegalStateException("quorum system " + quorums + " has no binary form");
        }
    }

    private static QuorumSystem getQuorums(ByteBuffer in) {
        byte kind = in.get();
        if (kind == MAJORITY) {
            return new QuorumSystem.Majority();
        }
        if (kind == FLEXIBLE_SIZES) {
            int phase1 = Short.toUnsignedInt(in.getShort());
            return new QuorumSystem.FlexibleSizes(phase1, Short.toUnsignedInt(in.getShort()));
        }
        throw new CorruptValueException(
                "quorum system kind: " + Byte.toUnsignedInt(kind) + " is unknown to this version");
    }

    private static void putMembers(List<MemberId> members, ByteBuffer out) {
        out.putShort((short) members.size());
        for (MemberId member : members) {
            out.putInt(member.node().number()).putLong(member.incarnation().bits());
        }
    }

    private static void putLearners(List<NodeId> learners, ByteBuffer out) {
        out.putShort((short) learners.size());
        for (NodeId learner : learners) {
            out.putInt(learner.number()).putLong(Incarnation.NONE.bits());
        }
    }

    private static List<MemberId> getVoters(ByteBuffer in) {
        int count = getCount("voters", Membership.VOTERS_MAX, in);
        List<MemberId> voters = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addInOrder("voters", new MemberId(new NodeId(in.getInt()), new Incarnation(in.getLong())), voters);
        }
        return voters;
    }

    private static List<NodeId> getLearners(ByteBuffer in) {
        int count = getCount("learners", Membership.LEARNERS_MAX, in);
        List<NodeId> learners = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            NodeId learner = new NodeId(in.getInt());
            Incarnation incarnation = new Incarnation(in.getLong());
            if (!incarnation.isNone()) {
                throw new CorruptValueException("membership learners: " + learner + " with incarnation " + incarnation
                        + ", where none may stand");
            }
            addInOrder("learners", learner, learners);
        }
        return learners;
    }

    private static int getCount(String field, int max, ByteBuffer in) {
        int count = Short.toUnsignedInt(in.getShort());
        if (count > max) {
            throw new CorruptValueException(
                    "membership " + field + ": " + count + " is outside the allowed range 0.." + max);
        }
        return count;
    }

    private static <T extends Comparable<T>> void addInOrder(String field, T member, List<T> members) {
        if (!members.isEmpty() && member.compareTo(members.get(members.size() - 1)) <= 0) {
            throw new CorruptValueException("membership " + field + ": " + member + " stands out of order");
        }
        members.add(member);
    }
}
