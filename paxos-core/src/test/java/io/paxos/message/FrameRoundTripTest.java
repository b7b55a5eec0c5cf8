// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message.RefusalReason;
import io.paxos.model.Ballot;
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
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Any frame that can be made comes back from its bytes as it was, and they are as many as were announced. */
class FrameRoundTripTest {

    @Property(tries = 4_000)
    void everyFrameComesBack(@ForAll("frames") Frame frame) {
        int length = FrameCodec.encodedLength(frame);
        ByteBuffer bytes = ByteBuffer.allocate(length);
        FrameCodec.encode(frame, bytes);
        assertEquals(length, bytes.flip().remaining());
        assertEquals(length, FrameCodec.lengthOf(bytes, length));
        assertEquals(frame, FrameCodec.decode(bytes));
    }

    @Provide
    Arbitrary<Frame> frames() {
        Arbitrary<Message> messages = Arbitraries.of(MessageKind.values())
                .flatMap(kind -> messages(kind).map(Message.class::cast));
        Arbitrary<Integer> groups = Arbitraries.integers().greaterOrEqual(0);
        return Combinators.combine(
                        foundingIds(), groups, members(), Arbitraries.longs().greaterOrEqual(1), messages)
                .as(Frame::new);
    }

    /** A new kind does not compile until somebody says what its messages look like. */
    private Arbitrary<? extends Message> messages(MessageKind kind) {
        return switch (kind) {
            case FOUNDING_GREETING ->
                Combinators.combine(foundingIds(), nonces()).as(Message.FoundingGreeting::new);
            case FOUNDING_OFFER -> foundings().map(Message.FoundingOffer::new);
            case FOUNDING_ADOPTED -> namedFoundings().map(Message.FoundingAdopted::new);
            case FOUNDING_ACTIVATION -> namedFoundings().map(Message.FoundingActivation::new);
            case FOUNDING_REFUSAL -> namedFoundings().map(Message.FoundingRefusal::new);
            case FOLLOW_REQUEST -> foundingIds().map(Message.FollowRequest::new);
            case FOLLOW_ANSWER ->
                Combinators.combine(foundings(), ballotsOrNone(), prefixes()).as(Message.FollowAnswer::new);
            case CANVASS -> Combinators.combine(nonces(), prefixes()).as(Message.Canvass::new);
            case CANVASS_REPLY ->
                Combinators.combine(nonces(), flags(), ballotsOrNone(), ballotsOrNone(), prefixes())
                        .as(Message.CanvassReply::new);
            case PREPARE -> Combinators.combine(ballots(), nonces(), slots()).as(Message.Prepare::new);
            case PROMISE -> promises();
            case ACCEPT -> slots().flatMap(this::proposals).map(Message.Accept::new);
            case ACCEPTED ->
                Combinators.combine(ballots(), ranges(), ballotsOrNone(), prefixes())
                        .as(Message.Accepted::new);
            case REJECTED ->
                Combinators.combine(ballots(), nonces(), slots(), ballotsOrNone(), ballotsOrNone(), prefixes())
                        .as(Message.Rejected::new);
            case HEARTBEAT ->
                Combinators.combine(ballots(), nonces(), flags(), prefixes()).as(Message.Heartbeat::new);
            case HEARTBEAT_ACK ->
                Combinators.combine(ballots(), nonces(), ballotsOrNone(), ballotsOrNone(), prefixes(), flags())
                        .as(Message.HeartbeatAck::new);
            case CHOSEN_NOTICE ->
                Combinators.combine(ballots(), ranges(), prefixes()).as(Message.ChosenNotice::new);
            case LEADERSHIP_OFFER ->
                Combinators.combine(ballots(), nonces(), prefixes()).as(Message.LeadershipOffer::new);
            case CATCH_UP_REQUEST ->
                Combinators.combine(nonces(), ranges(), prefixes()).as(Message.CatchUpRequest::new);
            case CATCH_UP_PAGE -> catchUpPages();
            case SNAPSHOT_REQUEST ->
                Combinators.combine(
                                nonces(),
                                snapshots(),
                                Arbitraries.longs().greaterOrEqual(0),
                                Arbitraries.integers().greaterOrEqual(1))
                        .as(Message.SnapshotRequest::new);
            case SNAPSHOT_PIECE -> snapshotPieces();
            case CHOSEN_VALUES -> chosenValues();
            case LEARNED -> prefixes().map(Message.Learned::new);
            case READ_ROUND ->
                Combinators.combine(
                                ballots(),
                                Arbitraries.longs().greaterOrEqual(1),
                                Arbitraries.longs().greaterOrEqual(0))
                        .as(Message.ReadRound::new);
            case READ_ROUND_ANSWER ->
                Combinators.combine(ballots(), nonces(), flags()).as(Message.ReadRoundAnswer::new);
            case READ_POINT_REQUEST ->
                Combinators.combine(
                                Arbitraries.integers().between(0, 1), members().map(MemberId::node), nonces())
                        .as(Message.ReadPointRequest::new);
            case READ_POINT_ANSWER ->
                Combinators.combine(members().map(MemberId::node), nonces(), ballots(), prefixes())
                        .as(Message.ReadPointAnswer::new);
            case LEASE_SURRENDER -> ballots().map(Message.LeaseSurrender::new);
            case FORWARD ->
                Combinators.combine(
                                Arbitraries.integers().between(0, 1),
                                commands().list().ofMinSize(1).ofMaxSize(20))
                        .as(Message.Forward::new);
            case FORWARD_REFUSED ->
                Combinators.combine(
                                Arbitraries.of(RefusalReason.values()),
                                nonces(),
                                members(),
                                ballotsOrNone(),
                                prefixes())
                        .as(Message.ForwardRefused::new);
            case CLIENT_REFUSED ->
                Combinators.combine(
                                Arbitraries.of(RefusalReason.values()),
                                nonces().map(tag -> new SessionId(0, tag)),
                                nonces(),
                                ballotsOrNone(),
                                prefixes())
                        .as(Message.ClientRefused::new);
            case APPLIED_DIGEST -> Combinators.combine(slots(), nonces()).as(Message.AppliedDigest::new);
            case REMEMBERED ->
                Combinators.combine(ballotsOrNone(), prefixes(), ballotsOrNone())
                        .as(Message.Remembered::new);
        };
    }

    private Arbitrary<Message.ChosenValues> chosenValues() {
        Arbitrary<Long> firsts = Arbitraries.longs().between(1, Slots.MAX - 100);
        return Combinators.combine(firsts, proposals(1).list().ofMinSize(1).ofMaxSize(20), prefixes())
                .as((first, values, prefix) -> new Message.ChosenValues(neighbours(first, 2, values), prefix));
    }

    /** Every third slot from {@code first} on: a vote, a chosen value, an unknown one. */
    private Arbitrary<Message.Promise> promises() {
        Arbitrary<Long> firsts = Arbitraries.longs().between(1, Slots.MAX - 100);
        return Combinators.combine(firsts, proposals(1).list().ofMaxSize(20), ballots(), nonces(), prefixes(), flags())
                .as((first, votes, ballot, attempt, prefix, isLast) -> {
                    List<Proposal> moved = neighbours(first, 3, votes);
                    List<Proposal> chosen = neighbours(first + 1, 3, votes);
                    List<SlotRange> unknown = new ArrayList<>();
                    votes.forEach(vote -> unknown.add(
                            new SlotRange(first + 2 + 3L * unknown.size(), first + 2 + 3L * unknown.size())));
                    SlotRange covered = new SlotRange(first, isLast ? Slots.MAX : first + 99);
                    return new Message.Promise(ballot, attempt, covered, prefix / 2, prefix, moved, chosen, unknown);
                });
    }

    private Arbitrary<Message.CatchUpPage> catchUpPages() {
        Arbitrary<Long> firsts = Arbitraries.longs().between(1, Slots.MAX - 100);
        return Combinators.combine(nonces(), firsts, proposals(1).list().ofMaxSize(20), prefixes(), prefixes())
                .as((nonce, first, chosen, floor, prefix) ->
                        new Message.CatchUpPage(nonce, first, neighbours(first, 1, chosen), floor, prefix));
    }

    private static List<Proposal> neighbours(long first, int step, List<Proposal> proposals) {
        List<Proposal> moved = new ArrayList<>();
        for (Proposal proposal : proposals) {
            moved.add(new Proposal(first + (long) step * moved.size(), proposal.ballot(), proposal.value()));
        }
        return moved;
    }

    private Arbitrary<Proposal> proposals(long slot) {
        Arbitrary<Value> values =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(Value::of);
        return Combinators.combine(ballots(), values).as((ballot, value) -> new Proposal(slot, ballot, value));
    }

    private Arbitrary<Command> commands() {
        Arbitrary<Long> counts = Arbitraries.longs().greaterOrEqual(1);
        Arbitrary<byte[]> payloads = Arbitraries.bytes().array(byte[].class).ofMaxSize(100);
        return Combinators.combine(Arbitraries.of(Command.Kind.values()), members(), counts, counts, payloads, flags())
                .as((kind, member, boot, sequence, payload, hasSession) -> hasSession
                        ? new Command(kind, SessionId.ofNode(member), boot, sequence, sequence - 1, payload)
                        : new Command(kind, SessionId.NONE, 0, 0, 0, payload));
    }

    private Arbitrary<Founding> foundings() {
        Arbitrary<List<MemberId>> members =
                members().list().uniqueElements(MemberId::node).ofMinSize(1).ofMaxSize(12);
        Arbitrary<Integer> learners = Arbitraries.integers().between(0, 11);
        Arbitrary<Integer> alphas = Arbitraries.integers().between(1, Membership.ALPHA_MAX);
        Arbitrary<Long> versions = Arbitraries.longs().greaterOrEqual(1);
        return Combinators.combine(namedFoundings(), members, learners, alphas, versions, flags())
                .as((id, all, asked, alpha, version, flexible) -> {
                    int voters = Math.max(1, all.size() - asked);
                    QuorumSystem quorums =
                            flexible ? new QuorumSystem.FlexibleSizes(voters, 1) : new QuorumSystem.Majority();
                    return new Founding(
                            id,
                            new Membership(
                                    version,
                                    all.subList(0, voters),
                                    all.subList(voters, all.size()).stream()
                                            .map(MemberId::node)
                                            .toList(),
                                    quorums,
                                    alpha));
                });
    }

    private Arbitrary<Ballot> ballotsOrNone() {
        return ballots().injectNull(0.2).map(ballot -> ballot == null ? Ballot.NONE : ballot);
    }

    private Arbitrary<Ballot> ballots() {
        return Combinators.combine(Arbitraries.longs().between(1, Ballot.ROUND_MAX), members())
                .as(Ballot::new);
    }

    private Arbitrary<MemberId> members() {
        Arbitrary<Integer> nodes = Arbitraries.integers().between(1, NodeId.NUMBER_MAX);
        return Combinators.combine(nodes, nonces().filter(bits -> bits != 0))
                .as((node, bits) -> new MemberId(new NodeId(node), new Incarnation(bits)));
    }

    private Arbitrary<FoundingId> foundingIds() {
        return Combinators.combine(nonces(), nonces()).as(FoundingId::new);
    }

    private Arbitrary<FoundingId> namedFoundings() {
        return foundingIds().filter(id -> !id.isNone());
    }

    private Arbitrary<SlotRange> ranges() {
        return Combinators.combine(slots(), slots()).as((a, b) -> new SlotRange(Math.min(a, b), Math.max(a, b)));
    }

    private Arbitrary<Long> slots() {
        return Arbitraries.longs().between(1, Slots.MAX);
    }

    private Arbitrary<SnapshotId> snapshots() {
        Arbitrary<SnapshotId> some = Combinators.combine(
                        Arbitraries.longs().between(1, Slots.MAX),
                        Arbitraries.longs().greaterOrEqual(1_000),
                        Arbitraries.integers())
                .as(SnapshotId::new);
        return Arbitraries.frequencyOf(Tuple.of(4, some), Tuple.of(1, Arbitraries.just(SnapshotId.NONE)));
    }

    private Arbitrary<Value> pieces() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(Value::of);
    }

    private Arbitrary<Message> snapshotPieces() {
        return Combinators.combine(
                        nonces(), snapshots(), pieces(), Arbitraries.longs().between(0, 500))
                .as((nonce, id, value, offset) -> id.isNone() || value.length() > id.bytes() - offset
                        ? new Message.SnapshotPiece(nonce, SnapshotId.NONE, 0, Value.of(new byte[0]))
                        : new Message.SnapshotPiece(nonce, id, offset, value));
    }

    private Arbitrary<Long> prefixes() {
        return Arbitraries.longs().between(0, Slots.MAX);
    }

    private Arbitrary<Long> nonces() {
        return Arbitraries.longs();
    }

    private Arbitrary<Boolean> flags() {
        return Arbitraries.of(true, false);
    }
}
