// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.message.Message.RefusalReason;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SessionId;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One message of each kind, with a different number in each field. The golden files hold exactly these. */
final class SampleFrames {

    static final FoundingId FOUNDING = new FoundingId(0x0123456789abcdefL, 0xfedcba9876543210L);
    static final MemberId N1 = new MemberId(new NodeId(1), new Incarnation(0xa1a1a1a1a1a1a1a1L));
    static final MemberId N2 = new MemberId(new NodeId(2), new Incarnation(0xb2b2b2b2b2b2b2b2L));
    static final MemberId N3 = new MemberId(new NodeId(3), new Incarnation(0xc3c3c3c3c3c3c3c3L));
    static final Ballot LOW = new Ballot(7, N1);
    static final Ballot HIGH = new Ballot(0x1122334455667788L, N2);
    static final Membership MEMBERSHIP =
            new Membership(5, List.of(N1, N2), List.of(N3.node()), new QuorumSystem.FlexibleSizes(2, 1), 128);

    private SampleFrames() {}

    static Command command(int sequence, String text) {
        return new Command(
                Command.Kind.COMMAND,
                SessionId.ofNode(N3),
                4,
                sequence,
                sequence - 1,
                text.getBytes(StandardCharsets.US_ASCII));
    }

    static Batch batch() {
        return new Batch(0, 0x0000018bcfe56800L, 0, List.of(command(9, "set a 1"), command(10, ""), Command.noOp()));
    }

    static Proposal proposal(long slot, Ballot ballot) {
        return new Proposal(slot, ballot, batch().encode());
    }

    private static Proposal tiny(long slot, Ballot ballot) {
        return new Proposal(slot, ballot, Value.of(new byte[] {(byte) slot, 0x55}));
    }

    /** In the order of their codes. */
    static List<Message> messages() {
        return List.of(
                new Message.FoundingGreeting(FOUNDING, 0x6677889900aabbccL),
                new Message.FoundingOffer(new Founding(FOUNDING, MEMBERSHIP)),
                new Message.FoundingAdopted(FOUNDING),
                new Message.FoundingActivation(FOUNDING),
                new Message.FoundingRefusal(FOUNDING),
                new Message.FollowRequest(FOUNDING),
                new Message.FollowAnswer(new Founding(FOUNDING, MEMBERSHIP), HIGH, 48),
                new Message.Canvass(0x1010101010101010L, 41),
                new Message.CanvassReply(0x1010101010101010L, true, LOW, Ballot.NONE, 42),
                new Message.Prepare(HIGH, 0x2020202020202020L, 43),
                new Message.Promise(
                        HIGH,
                        0x2020202020202020L,
                        new SlotRange(43, Slots.MAX),
                        30,
                        42,
                        List.of(tiny(44, LOW), tiny(45, HIGH)),
                        List.of(tiny(46, LOW)),
                        List.of(new SlotRange(50, 51), new SlotRange(60, 60))),
                new Message.Accept(proposal(44, HIGH)),
                new Message.Accepted(LOW, new SlotRange(44, 47), HIGH, 42),
                new Message.Rejected(LOW, 0x2020202020202020L, 44, HIGH, Ballot.NONE, 42),
                new Message.Heartbeat(HIGH, 99, true, 47),
                new Message.HeartbeatAck(HIGH, 99, HIGH, HIGH, 46, true),
                new Message.ChosenNotice(HIGH, new SlotRange(44, 47), 47),
                new Message.LeadershipOffer(HIGH, 0x4040404040404040L, 47),
                new Message.CatchUpRequest(0x3030303030303030L, new SlotRange(31, 46), 30),
                new Message.CatchUpPage(0x3030303030303030L, 31, List.of(tiny(31, LOW), tiny(32, HIGH)), 30, 47),
                new Message.SnapshotRequest(0x5050505050505050L, new SnapshotId(30, 1_234, 0x77777777), 1_000, 200),
                new Message.SnapshotPiece(
                        0x5050505050505050L,
                        new SnapshotId(30, 1_234, 0x77777777),
                        1_000,
                        Value.of("piece of state".getBytes(StandardCharsets.US_ASCII))),
                new Message.ChosenValues(List.of(tiny(31, LOW), tiny(33, HIGH)), 47),
                new Message.Learned(46),
                new Message.ReadRound(HIGH, 17, 300),
                new Message.ReadRoundAnswer(HIGH, 17, true),
                new Message.ReadPointRequest(1, N3.node(), 0x6060606060606060L),
                new Message.ReadPointAnswer(N3.node(), 0x6060606060606060L, HIGH, 46),
                new Message.LeaseSurrender(HIGH),
                new Message.Forward(1, List.of(command(11, "del a"), command(12, "get b"))),
                new Message.ForwardRefused(RefusalReason.OVERLOADED, 11, N3, HIGH, 47),
                new Message.ClientRefused(RefusalReason.NO_LEADER, new SessionId(0, 0xd4d4d4d4d4d4d4d4L), 12, HIGH, 47),
                new Message.AppliedDigest(46, 0x1122334455667788L),
                new Message.Remembered(HIGH, 44, LOW));
    }

    static Frame frame(Message message) {
        return new Frame(FOUNDING, 0, N1, 3, message);
    }

    static byte[] encoded(Message message) {
        ByteBuffer out = ByteBuffer.allocate(FrameCodec.encodedLength(frame(message)));
        FrameCodec.encode(frame(message), out);
        return out.array();
    }
}
