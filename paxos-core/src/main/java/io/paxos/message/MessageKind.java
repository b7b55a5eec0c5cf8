// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.message.Message.RefusalReason;
import io.paxos.model.SessionId;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The table of messages on the wire: for each its code, which never changes and is never used again, and its fields in
 * their order. {@code FrameCodecTest} fails for a message that has no line here. The layouts in words are in
 * {@code docs/wire-format.md}.
 */
@SuppressWarnings("ImmutableEnumChecker") // its functions hold no state
enum MessageKind {
    FOUNDING_GREETING(
            1,
            Message.FoundingGreeting.class,
            (m, out) -> out.putFoundingId(m.adopted()).putLong(m.configuration()),
            in -> new Message.FoundingGreeting(in.getFoundingId(), in.getLong())),
    FOUNDING_OFFER(
            2,
            Message.FoundingOffer.class,
            (m, out) -> out.putFounding(m.founding()),
            in -> new Message.FoundingOffer(in.getFounding())),
    FOUNDING_ADOPTED(
            3,
            Message.FoundingAdopted.class,
            (m, out) -> out.putFoundingId(m.id()),
            in -> new Message.FoundingAdopted(in.getFoundingId())),
    FOUNDING_ACTIVATION(
            4,
            Message.FoundingActivation.class,
            (m, out) -> out.putFoundingId(m.id()),
            in -> new Message.FoundingActivation(in.getFoundingId())),
    FOUNDING_REFUSAL(
            5,
            Message.FoundingRefusal.class,
            (m, out) -> out.putFoundingId(m.id()),
            in -> new Message.FoundingRefusal(in.getFoundingId())),
    FOLLOW_REQUEST(
            6,
            Message.FollowRequest.class,
            (m, out) -> out.putFoundingId(m.adopted()),
            in -> new Message.FollowRequest(in.getFoundingId())),
    FOLLOW_ANSWER(
            7,
            Message.FollowAnswer.class,
            (m, out) -> out.putFounding(m.founding()).putBallot(m.leader()).putLong(m.knownChosen()),
            in -> new Message.FollowAnswer(in.getFounding(), in.getBallot(), in.getLong())),

    CANVASS(
            16,
            Message.Canvass.class,
            (m, out) -> out.putLong(m.nonce()).putLong(m.knownChosen()),
            in -> new Message.Canvass(in.getLong(), in.getLong())),
    CANVASS_REPLY(
            17,
            Message.CanvassReply.class,
            (m, out) -> out.putLong(m.nonce())
                    .putBoolean(m.granted())
                    .putBallot(m.promised())
                    .putBallot(m.leader())
                    .putLong(m.knownChosen()),
            in -> new Message.CanvassReply(
                    in.getLong(), in.getBoolean(), in.getBallot(), in.getBallot(), in.getLong())),

    PREPARE(
            32,
            Message.Prepare.class,
            (m, out) -> out.putBallot(m.ballot()).putLong(m.attempt()).putLong(m.from()),
            in -> new Message.Prepare(in.getBallot(), in.getLong(), in.getLong())),
    PROMISE(
            33,
            Message.Promise.class,
            (m, out) -> out.putBallot(m.ballot())
                    .putLong(m.attempt())
                    .putRange(m.covered())
                    .putLong(m.floor())
                    .putLong(m.knownChosen())
                    .putProposals(m.votes())
                    .putProposals(m.chosen())
                    .putRanges(m.unknown()),
            in -> new Message.Promise(
                    in.getBallot(),
                    in.getLong(),
                    in.getRange(),
                    in.getLong(),
                    in.getLong(),
                    in.getProposals(),
                    in.getProposals(),
                    in.getRanges())),

    ACCEPT(
            48,
            Message.Accept.class,
            (m, out) -> out.putProposal(m.proposal()),
            in -> new Message.Accept(in.getProposal())),
    ACCEPTED(
            49,
            Message.Accepted.class,
            (m, out) -> out.putBallot(m.ballot())
                    .putRange(m.slots())
                    .putBallot(m.promised())
                    .putLong(m.knownChosen()),
            in -> new Message.Accepted(in.getBallot(), in.getRange(), in.getBallot(), in.getLong())),
    REJECTED(
            50,
            Message.Rejected.class,
            (m, out) -> out.putBallot(m.ballot())
                    .putLong(m.attempt())
                    .putLong(m.slot())
                    .putBallot(m.promised())
                    .putBallot(m.leader())
                    .putLong(m.knownChosen()),
            in -> new Message.Rejected(
                    in.getBallot(), in.getLong(), in.getLong(), in.getBallot(), in.getBallot(), in.getLong())),

    HEARTBEAT(
            64,
            Message.Heartbeat.class,
            (m, out) -> out.putBallot(m.ballot())
                    .putLong(m.sequence())
                    .putBoolean(m.hasQuorum())
                    .putLong(m.knownChosen()),
            in -> new Message.Heartbeat(in.getBallot(), in.getLong(), in.getBoolean(), in.getLong())),
    HEARTBEAT_ACK(
            65,
            Message.HeartbeatAck.class,
            (m, out) -> out.putBallot(m.ballot())
                    .putLong(m.sequence())
                    .putBallot(m.promised())
                    .putBallot(m.leader())
                    .putLong(m.knownChosen())
                    .putBoolean(m.fit()),
            in -> new Message.HeartbeatAck(
                    in.getBallot(), in.getLong(), in.getBallot(), in.getBallot(), in.getLong(), in.getBoolean())),
    CHOSEN_NOTICE(
            66,
            Message.ChosenNotice.class,
            (m, out) -> out.putBallot(m.ballot()).putRange(m.slots()).putLong(m.knownChosen()),
            in -> new Message.ChosenNotice(in.getBallot(), in.getRange(), in.getLong())),
    LEADERSHIP_OFFER(
            67,
            Message.LeadershipOffer.class,
            (m, out) -> out.putBallot(m.ballot()).putLong(m.nonce()).putLong(m.knownChosen()),
            in -> new Message.LeadershipOffer(in.getBallot(), in.getLong(), in.getLong())),

    CATCH_UP_REQUEST(
            80,
            Message.CatchUpRequest.class,
            (m, out) -> out.putLong(m.nonce()).putRange(m.slots()).putLong(m.knownChosen()),
            in -> new Message.CatchUpRequest(in.getLong(), in.getRange(), in.getLong())),
    CATCH_UP_PAGE(
            81,
            Message.CatchUpPage.class,
            (m, out) -> out.putLong(m.nonce())
                    .putLong(m.from())
                    .putProposals(m.chosen())
                    .putLong(m.floor())
                    .putLong(m.knownChosen()),
            in -> new Message.CatchUpPage(in.getLong(), in.getLong(), in.getProposals(), in.getLong(), in.getLong())),
    SNAPSHOT_REQUEST(
            82,
            Message.SnapshotRequest.class,
            (m, out) -> out.putLong(m.nonce())
                    .putSnapshotId(m.wanted())
                    .putLong(m.offset())
                    .putInt(m.length()),
            in -> new Message.SnapshotRequest(in.getLong(), in.getSnapshotId(), in.getLong(), in.getInt())),
    SNAPSHOT_PIECE(
            83,
            Message.SnapshotPiece.class,
            (m, out) -> out.putLong(m.nonce())
                    .putSnapshotId(m.id())
                    .putLong(m.offset())
                    .putValue(m.piece()),
            in -> new Message.SnapshotPiece(in.getLong(), in.getSnapshotId(), in.getLong(), in.getValue())),
    CHOSEN_VALUES(
            84,
            Message.ChosenValues.class,
            (m, out) -> out.putProposals(m.chosen()).putLong(m.knownChosen()),
            in -> new Message.ChosenValues(in.getProposals(), in.getLong())),
    LEARNED(
            85,
            Message.Learned.class,
            (m, out) -> out.putLong(m.knownChosen()),
            in -> new Message.Learned(in.getLong())),

    READ_ROUND(
            90,
            Message.ReadRound.class,
            (m, out) -> out.putBallot(m.ballot()).putLong(m.round()).putLong(m.leaseMillis()),
            in -> new Message.ReadRound(in.getBallot(), in.getLong(), in.getLong())),
    READ_ROUND_ANSWER(
            91,
            Message.ReadRoundAnswer.class,
            (m, out) -> out.putBallot(m.ballot()).putLong(m.round()).putBoolean(m.granted()),
            in -> new Message.ReadRoundAnswer(in.getBallot(), in.getLong(), in.getBoolean())),
    READ_POINT_REQUEST(
            92,
            Message.ReadPointRequest.class,
            (m, out) -> out.putByte(m.relays()).putNode(m.origin()).putLong(m.nonce()),
            in -> new Message.ReadPointRequest(in.getByte(), in.getNode(), in.getLong())),
    READ_POINT_ANSWER(
            93,
            Message.ReadPointAnswer.class,
            (m, out) -> out.putNode(m.origin())
                    .putLong(m.nonce())
                    .putBallot(m.ballot())
                    .putLong(m.point()),
            in -> new Message.ReadPointAnswer(in.getNode(), in.getLong(), in.getBallot(), in.getLong())),
    LEASE_SURRENDER(
            94,
            Message.LeaseSurrender.class,
            (m, out) -> out.putBallot(m.ballot()),
            in -> new Message.LeaseSurrender(in.getBallot())),

    FORWARD(
            96,
            Message.Forward.class,
            (m, out) -> out.putByte(m.relays()).putCommands(m.commands()),
            in -> new Message.Forward(in.getByte(), in.getCommands())),
    FORWARD_REFUSED(
            97,
            Message.ForwardRefused.class,
            (m, out) -> out.putByte(codeOf(m.reason()))
                    .putLong(m.firstSequence())
                    .putMember(m.origin())
                    .putBallot(m.leader())
                    .putLong(m.knownChosen()),
            in -> new Message.ForwardRefused(
                    reasonOf(in.getByte()), in.getLong(), in.getMember(), in.getBallot(), in.getLong())),
    CLIENT_REFUSED(
            98,
            Message.ClientRefused.class,
            (m, out) -> out.putByte(codeOf(m.reason()))
                    .putLong(m.session().owner())
                    .putLong(m.session().tag())
                    .putLong(m.firstSequence())
                    .putBallot(m.leader())
                    .putLong(m.knownChosen()),
            in -> new Message.ClientRefused(
                    reasonOf(in.getByte()),
                    new SessionId(in.getLong(), in.getLong()),
                    in.getLong(),
                    in.getBallot(),
                    in.getLong())),

    APPLIED_DIGEST(
            104,
            Message.AppliedDigest.class,
            (m, out) -> out.putLong(m.slot()).putLong(m.digest()),
            in -> new Message.AppliedDigest(in.getLong(), in.getLong())),

    REMEMBERED(
            112,
            Message.Remembered.class,
            (m, out) -> out.putBallot(m.promised()).putLong(m.slot()).putBallot(m.voted()),
            in -> new Message.Remembered(in.getBallot(), in.getLong(), in.getBallot()));

    private static final MessageKind[] ALL = values();

    private final int code;
    private final Class<? extends Message> type;
    private final BiConsumer<Message, FieldSink> writer;
    private final Function<FieldSource, Message> reader;

    <M extends Message> MessageKind(
            int code, Class<M> type, BiConsumer<M, FieldSink> writer, Function<FieldSource, M> reader) {
        this.code = code;
        this.type = type;
        this.writer = (message, out) -> writer.accept(type.cast(message), out);
        this.reader = reader::apply;
    }

    int code() {
        return code;
    }

    Class<? extends Message> type() {
        return type;
    }

    void write(Message message, FieldSink out) {
        writer.accept(message, out);
    }

    Message read(FieldSource in) {
        return reader.apply(in);
    }

    static MessageKind of(Message message) {
        for (MessageKind kind : ALL) {
            if (kind.type == message.getClass()) {
                return kind;
            }
        }
        throw new IllegalStateException("message " + message.getClass().getName() + " has no binary form");
    }

    /**
     * The kind of that code.
     *
     * @throws MalformedFrameException if this version knows no such kind
     */
    static MessageKind ofCode(int code) {
        for (MessageKind kind : ALL) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new MalformedFrameException("frame kind: " + code + " is unknown to this version");
    }

    /** The code of a reason; like the codes of messages it never changes. */
    static int codeOf(RefusalReason reason) {
        return switch (reason) {
            case NO_LEADER -> 1;
            case OVERLOADED -> 2;
        };
    }

    private static RefusalReason reasonOf(int code) {
        for (RefusalReason reason : RefusalReason.values()) {
            if (codeOf(reason) == code) {
                return reason;
            }
        }
        throw new MalformedFrameException("refusal reason: " + code + " is unknown to this version");
    }
}
