// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipCodecTest {

    private static final Membership MAJORITY =
            new Membership(1, List.of(member(1), member(2), member(3)), List.of(), new QuorumSystem.Majority(), 64);
    private static final Membership FLEXIBLE = new Membership(
            Long.MAX_VALUE,
            List.of(member(1), member(2), member(3), member(4)),
            List.of(new NodeId(9), new NodeId(10)),
            new QuorumSystem.FlexibleSizes(3, 2),
            Membership.ALPHA_MAX);

    @Test
    void whatIsWrittenIsReadBackAndTheRestIsLeftAlone() {
        for (Membership membership : List.of(MAJORITY, FLEXIBLE, largest())) {
            ByteBuffer buffer = ByteBuffer.allocate(MembershipCodec.encodedLength(membership) + 7);
            buffer.position(3).order(ByteOrder.LITTLE_ENDIAN);
            MembershipCodec.encode(membership, buffer);
            assertEquals(4, buffer.remaining());
            buffer.position(3);
            assertEquals(membership, MembershipCodec.decode(buffer));
            assertEquals(4, buffer.remaining());
        }
    }

    @Test
    void aFoundingIsItsIdAndItsMembership() {
        Founding founding = new Founding(new FoundingId(-1, 2), FLEXIBLE);
        ByteBuffer buffer = ByteBuffer.allocate(MembershipCodec.encodedLength(founding));
        MembershipCodec.encode(founding, buffer);
        assertEquals(0, buffer.remaining());
        assertEquals(founding, MembershipCodec.decodeFounding(buffer.flip()));
        assertEquals(0, buffer.remaining());
        buffer.putLong(0, 0).putLong(8, 0).rewind();
        assertEquals(
                "founding: java.lang.IllegalArgumentException: founding: the id is none",
                assertThrows(CorruptValueException.class, () -> MembershipCodec.decodeFounding(buffer))
                        .getMessage());
        assertEquals(0, buffer.position());
    }

    @Test
    void aBufferThatIsTooSmallIsLeftAsItWas() {
        ByteBuffer small = ByteBuffer.allocate(MembershipCodec.encodedLength(MAJORITY) - 1);
        assertThrows(BufferOverflowException.class, () -> MembershipCodec.encode(MAJORITY, small));
        assertEquals(ByteBuffer.allocate(small.capacity()), small);
    }

    @Test
    void everyTruncationIsCorrupt() {
        byte[] whole = encoded(FLEXIBLE);
        for (int length = 0; length < whole.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(whole, 0, length);
            assertThrows(CorruptValueException.class, () -> MembershipCodec.decode(cut), "cut at " + length);
            assertEquals(0, cut.position());
        }
    }

    @Test
    void nonsenseIsRefusedWithItsReason() {
        assertCorrupt(MAJORITY, bytes -> bytes.putShort(0, (short) 2), "membership format level: 2 is unknown");
        assertCorrupt(MAJORITY, bytes -> bytes.putLong(2, 0), "membership version: 0 is below 1");
        assertCorrupt(MAJORITY, bytes -> bytes.putInt(10, -1), "membership alpha: -1 slots");
        assertCorrupt(MAJORITY, bytes -> bytes.put(14, (byte) 200), "quorum system kind: 200 is unknown");
        assertCorrupt(MAJORITY, bytes -> bytes.putShort(15, (short) -1), "membership voters: 65535 is outside");
        assertCorrupt(MAJORITY, bytes -> bytes.putInt(17, 3), "membership voters: n2/0200 stands out of order");
        assertCorrupt(FLEXIBLE, bytes -> bytes.putShort(15, (short) 2), "must exceed 4 voters");
        assertCorrupt(FLEXIBLE, bytes -> bytes.putInt(71, 4), "membership: node n4 is named twice");
        assertCorrupt(
                FLEXIBLE,
                bytes -> bytes.putLong(75, 7),
                "membership learners: n9 with incarnation 0000000000000007, where none may stand");
        assertCorrupt(FLEXIBLE, bytes -> bytes.putInt(83, 9), "membership learners: n9 stands out of order");
    }

    @Test
    void everyQuorumSystemHasABinaryForm() {
        List<Class<?>> covered =
                List.of(MAJORITY.quorums().getClass(), FLEXIBLE.quorums().getClass());
        assertEquals(List.of(QuorumSystem.class.getPermittedSubclasses()), covered);
    }

    private interface Damage {
        void to(ByteBuffer bytes);
    }

    private static void assertCorrupt(Membership membership, Damage damage, String reason) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded(membership));
        damage.to(bytes);
        String message = assertThrows(CorruptValueException.class, () -> MembershipCodec.decode(bytes))
                .getMessage();
        assertEquals(true, message.contains(reason), message);
    }

    private static byte[] encoded(Membership membership) {
        ByteBuffer out = ByteBuffer.allocate(MembershipCodec.encodedLength(membership));
        MembershipCodec.encode(membership, out);
        return out.array();
    }

    private static Membership largest() {
        List<MemberId> voters = new ArrayList<>();
        for (int i = 1; i <= Membership.VOTERS_MAX; i++) {
            voters.add(member(i));
        }
        List<NodeId> learners = new ArrayList<>();
        for (int i = 0; i < Membership.LEARNERS_MAX; i++) {
            learners.add(new NodeId(NodeId.NUMBER_MAX - i));
        }
        return new Membership(7, voters, learners, new QuorumSystem.Majority(), 1);
    }

    private static MemberId member(int node) {
        return new MemberId(new NodeId(node), new Incarnation((long) node << 56));
    }
}
