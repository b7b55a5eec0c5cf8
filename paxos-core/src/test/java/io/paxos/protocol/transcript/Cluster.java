// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import io.paxos.message.Message;
import io.paxos.model.DurableRecord;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.protocol.Effects;
import io.paxos.protocol.Effects.Envelope;
import io.paxos.protocol.Event;
import io.paxos.protocol.Limits;
import io.paxos.protocol.Notice;
import io.paxos.protocol.Replica;
import io.paxos.protocol.Timing;
import io.paxos.protocol.transcript.Network.Letter;
import io.paxos.protocol.transcript.Network.Selection;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Members, the network between them, and the one rule of driving: {@code sendNow} leaves at once; {@code sendAfterWrites}
 * leaves when the writes of its own and all earlier steps are forced; what a replica tells itself comes back then.
 */
final class Cluster {

    private static final int DELIVERIES_MAX = 100_000;

    private final FoundingPlan plan;
    private final Limits limits;
    /** As by default, but what was chosen is told at once: a story names what follows from what, and not 3 ms later. */
    private final Timing timing = new Timing(
            Timing.DEFAULT.heartbeatMillis(),
            Timing.DEFAULT.electionTimeoutMinMillis(),
            Timing.DEFAULT.electionTimeoutMaxMillis(),
            Timing.DEFAULT.retransmitMillis(),
            0);

    private final long seed;
    private final Log log;
    private final Wording wording = new Wording();
    private final Observer observer = new Observer();
    private final Network network = new Network();
    private final TreeMap<NodeId, Member> members = new TreeMap<>();
    private final ArrayDeque<Letter> toThemselves = new ArrayDeque<>();

    Cluster(FoundingPlan plan, Limits limits, long seed, Log log) {
        this.plan = plan;
        this.limits = limits;
        this.seed = seed;
        this.log = log;
        for (NodeId node : plan.voters()) {
            members.put(node, new Member(node));
        }
    }

    Network network() {
        return network;
    }

    Wording wording() {
        return wording;
    }

    Collection<Member> members() {
        return members.values();
    }

    Member member(NodeId node) {
        Member member = members.get(node);
        if (member == null) {
            throw new IllegalArgumentException(node + " is not in the cluster " + members.keySet());
        }
        return member;
    }

    // ---- starting and stopping -------------------------------------------------------------------------------

    /** Every member remembers an activated founding, as if the agreement had long been over. */
    void found() {
        List<MemberId> voters = members.values().stream().map(Member::id).toList();
        Founding founding = new Founding(
                candidateOf(member(plan.founder())),
                new Membership(1, voters, List.of(), plan.quorums(), plan.alpha()));
        for (Member member : members.values()) {
            member.disk()
                    .append(List.of(
                            new DurableRecord.FoundingAdopted(founding),
                            new DurableRecord.FoundingActivated(founding.id())));
            forceQuietly(member);
        }
    }

    private static FoundingId candidateOf(Member member) {
        return new FoundingId(member.node().number(), member.incarnations());
    }

    void start(Member member) {
        if (member.isUp()) {
            throw new IllegalArgumentException(member.node() + " is up already");
        }
        long boot = member.nextBoot();
        long nodeSeed = seed * 1_000_003 + member.node().number() * 1_009L + boot;
        member.handedOutUpTo(member.disk().durable().knownChosen());
        member.start(new Replica(member.disk().recovered(boot), plan, candidateOf(member), timing, limits, nodeSeed));
        step(member, new Event.TimeIsNow(member.nowMillis()));
    }

    void crash(Member member, boolean keepUnforced) {
        member.replica();
        member.stop();
        if (keepUnforced) {
            forceQuietly(member);
            log.detail(() -> member.node() + " down; all it wrote reached its disk");
        } else {
            int lost = member.disk().loseUnforced();
            log.detail(() -> member.node() + " down" + (lost == 0 ? "" : "; " + lost + " unforced records are lost"));
        }
    }

    // ---- stepping --------------------------------------------------------------------------------------------

    /** One step, and the steps that follow from what the member tells itself once that is free to leave. */
    void step(Member member, Event event) {
        stepOnce(member, event);
        while (!toThemselves.isEmpty()) {
            Letter letter = toThemselves.remove();
            log.detail(() -> member.node() + "->" + member.node() + " " + wording.of(letter.message()));
            stepOnce(member, new Event.MessageArrived(letter.from(), letter.message()));
        }
    }

    private void stepOnce(Member member, Event event) {
        Effects effects = member.replica().step(event);
        for (DurableRecord write : effects.writes()) {
            log.detail(() -> member.node() + " writes   " + wording.of(write));
        }
        member.disk().append(effects.writes());
        for (Proposal chosen : effects.chosen()) {
            observer.handedOut(member.id(), chosen);
            member.handOut(chosen);
        }
        if (!effects.chosen().isEmpty()) {
            log.notable(member.node() + " chosen   "
                    + effects.chosen().stream().map(wording::of).collect(Collectors.joining(" | ")));
        }
        effects.notices().forEach(notice -> onNotice(member, notice));
        send(member, "sends", effects.sendNow());
        effects.sendAfterWrites().forEach(member::hold);
        if (!member.disk().isForced() && !member.isDiskManual()) {
            forceQuietly(member);
        }
        List<Envelope> free = member.release();
        send(member, "reveals", free);
        if (free.isEmpty()) {
            sentLines(member, "holds", effects.sendAfterWrites());
        }
    }

    private void onNotice(Member member, Notice notice) {
        if (notice instanceof Notice.CatchUpRead read) {
            log.detail(() -> member.node() + " " + wording.of(member.id(), notice));
            List<Proposal> values = member.disk().readChosen(read.slots(), limits.pageBytesMax());
            long known = member.replica().status().knownChosen();
            Message page = new Message.CatchUpPage(read.nonce(), read.slots().first(), values, 0, known);
            send(member, "sends", List.of(new Envelope(read.to(), page)));
        } else {
            log.notable(member.node() + " " + wording.of(member.id(), notice));
        }
    }

    private void send(Member member, String verb, List<Envelope> envelopes) {
        if (envelopes.isEmpty()) {
            return;
        }
        FoundingId founding = member.replica().status().founding();
        for (Envelope envelope : envelopes) {
            observer.leaves(member.id(), member.disk().durable(), envelope.message());
            Letter letter = new Letter(member.id(), founding, envelope.to(), envelope.message());
            if (envelope.to().equals(member.node())) {
                toThemselves.add(letter);
            } else {
                network.send(letter);
            }
        }
        sentLines(member, verb, envelopes);
    }

    private void sentLines(Member member, String verb, List<Envelope> envelopes) {
        if (log.isNotableOnly()) {
            return;
        }
        wording.ofEnvelopes(envelopes)
                .forEach(line -> log.detail(() -> String.format("%s %-8s %s", member.node(), verb, line)));
    }

    private void forceQuietly(Member member) {
        for (DurableRecord each : member.disk().force()) {
            observer.forced(member.id(), member.disk().durable(), each);
        }
    }

    /** Forces the member's disk; what waited for it leaves. */
    void force(Member member) {
        boolean wasForced = member.disk().isForced();
        forceQuietly(member);
        if (!wasForced && member.isUp()) {
            log.detail(() -> member.node() + " forced");
            send(member, "reveals", member.release());
            while (!toThemselves.isEmpty()) {
                Letter letter = toThemselves.remove();
                log.detail(() -> member.node() + "->" + member.node() + " " + wording.of(letter.message()));
                stepOnce(member, new Event.MessageArrived(letter.from(), letter.message()));
            }
        }
    }

    void tick(Member member, long millis) {
        member.advance(millis);
        step(member, new Event.TimeIsNow(member.nowMillis()));
    }

    // ---- the network -----------------------------------------------------------------------------------------

    void deliver(Letter letter) {
        Member receiver = member(letter.to());
        Supplier<String> line = () -> letter.from().node() + "->" + letter.to() + " " + wording.of(letter.message());
        if (!network.carries(letter)) {
            log.detail(() -> line.get() + "  (lost: the link is cut)");
        } else if (!receiver.isUp()) {
            log.detail(() -> line.get() + "  (lost: " + letter.to() + " is down)");
        } else if (!isFounding(letter.message())
                && !letter.founding().equals(receiver.replica().status().founding())) {
            log.detail(() -> line.get() + "  (dropped: of founding " + Wording.of(letter.founding()) + ")");
        } else {
            log.detail(line);
            log.indented(true);
            step(receiver, new Event.MessageArrived(letter.from(), letter.message()));
            log.indented(false);
        }
    }

    /** Drivers look at the founding in the frame, except where the message is about the founding. */
    private static boolean isFounding(Message message) {
        return message instanceof Message.FoundingGreeting
                || message instanceof Message.FoundingOffer
                || message instanceof Message.FoundingAdopted
                || message instanceof Message.FoundingActivation
                || message instanceof Message.FoundingRefusal
                || message instanceof Message.FollowRequest
                || message instanceof Message.FollowAnswer;
    }

    /** Delivers until nothing is under way any more. */
    void deliverAll() {
        int deliveries = 0;
        while (!network.underWay().isEmpty()) {
            for (Letter letter : network.take(Selection.ALL)) {
                deliver(letter);
                deliveries++;
            }
            if (deliveries > DELIVERIES_MAX) {
                throw new Violation("the members still talk after " + DELIVERIES_MAX + " messages");
            }
        }
    }

    /** One step of a run: disks are forced, what left before arrives, and everybody's clock moves on. */
    void turn(long millis) {
        List<Letter> arriving = network.take(Selection.ALL);
        for (Member member : members.values()) {
            force(member);
        }
        arriving.forEach(this::deliver);
        for (Member member : members.values()) {
            if (member.isUp()) {
                tick(member, millis);
            }
        }
    }
}
