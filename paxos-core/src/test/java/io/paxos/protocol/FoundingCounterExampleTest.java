// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.FoundingGreeting;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SessionId;
import io.paxos.protocol.Effects.Envelope;
import io.paxos.protocol.Event.CommandsSubmitted;
import io.paxos.protocol.Event.MessageArrived;
import io.paxos.protocol.Event.TimeIsNow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Why the founding voters are agreed by all of them before anybody votes (S18). A and C choose x, with B cut off. C's directory
 * is wiped. Then A is cut off, and B and the new C are a majority that knows of nothing.
 *
 * <p>Real replicas, whose writes are on the disk at once; an observer counts durable votes by node, as a majority of nodes is
 * what each of the rules takes for a quorum.
 */
class FoundingCounterExampleTest {

    private static final long STEP_MILLIS = 10;
    private static final long LONG_MILLIS = 20_000;
    private static final FoundingPlan PLAN =
            new FoundingPlan(List.of(new NodeId(1), new NodeId(2), new NodeId(3)), new QuorumSystem.Majority(), 64);

    /** One life of a directory, and the replica that runs on it. */
    private static final class Node {
        private final MemberId self;
        private final Replica replica;
        private final List<Notice> notices = new ArrayList<>();
        private final TreeMap<Long, Proposal> values = new TreeMap<>();

        Node(DurableState remembered) {
            self = remembered.self();
            long seed = self.incarnation().bits();
            replica = new Replica(remembered, PLAN, new FoundingId(seed, seed), Timing.DEFAULT, Limits.DEFAULT, seed);
        }
    }

    private record Letter(MemberId from, Node to, Message message) {}

    private final TreeMap<Long, TreeMap<Ballot, TreeSet<NodeId>>> votes = new TreeMap<>();

    /** What commands were chosen, by slot. */
    private final TreeMap<Long, TreeSet<String>> chosen = new TreeMap<>();

    private final List<Letter> underWay = new ArrayList<>();
    private long nowMillis;

    private static MemberId member(int number, int life) {
        return new MemberId(new NodeId(number), new Incarnation(0x10L * number + life));
    }

    private static Node fresh(int number, int life) {
        return new Node(DurableState.fresh(member(number, life)));
    }

    private static Node voteless(int number, int life) {
        MemberId self = member(number, life);
        return new Node(
                new DurableState(self, 1, null, false, Ballot.NONE, 0, 0, 0, 0, List.of(), List.of(), List.of(), true));
    }

    // ---- a network that carries everything within a group, and nothing else -----------------------------------------

    private void step(Node node, Event event, List<Node> group) {
        ArrayDeque<Event> events = new ArrayDeque<>(List.of(event));
        while (!events.isEmpty()) {
            Effects effects = node.replica.step(events.removeFirst());
            effects.writes().forEach(write -> observe(node, write));
            node.notices.addAll(effects.notices());
            effects.chosen().forEach(each -> node.values.put(each.slot(), each));
            List<Envelope> envelopes = new ArrayList<>(effects.sendNow());
            for (Notice notice : effects.notices()) {
                if (notice instanceof Notice.CatchUpRead read) {
                    envelopes.add(new Envelope(read.to(), pageFor(node, read)));
                }
            }
            envelopes.addAll(effects.sendAfterWrites());
            for (Envelope each : envelopes) {
                if (each.to().equals(node.self.node())) {
                    events.addLast(new MessageArrived(node.self, each.message()));
                    continue;
                }
                for (Node to : group) {
                    if (to.self.node().equals(each.to())) {
                        underWay.add(new Letter(node.self, to, each.message()));
                    }
                }
            }
        }
    }

    /** What a driver reads from the journal. */
    private static Message pageFor(Node node, Notice.CatchUpRead read) {
        long first = read.slots().first();
        List<Proposal> chosen = List.copyOf(
                node.values.subMap(first, true, read.slots().last(), true).values());
        return new CatchUpPage(
                read.nonce(), first, chosen, 0, node.replica.status().knownChosen());
    }

    private void observe(Node node, DurableRecord write) {
        if (write instanceof DurableRecord.Accepted vote) {
            Proposal proposal = vote.proposal();
            TreeSet<NodeId> voters = votes.computeIfAbsent(proposal.slot(), slot -> new TreeMap<>())
                    .computeIfAbsent(proposal.ballot(), ballot -> new TreeSet<>());
            voters.add(node.self.node());
            if (voters.size() >= 2) {
                for (Command command : Batch.decode(proposal.value()).commands()) {
                    String text = new String(command.payload(), StandardCharsets.UTF_8);
                    chosen.computeIfAbsent(proposal.slot(), slot -> new TreeSet<>())
                            .add(command.kind() == Command.Kind.NO_OP ? "no-op" : text);
                }
            }
        }
    }

    private void run(long millis, Node... nodes) {
        List<Node> group = List.of(nodes);
        for (long end = nowMillis + millis; nowMillis < end; nowMillis += STEP_MILLIS) {
            for (Node node : group) {
                step(node, new TimeIsNow(nowMillis), group);
            }
            deliver(group);
        }
    }

    private void deliver(List<Node> group) {
        List<Letter> letters = List.copyOf(underWay);
        underWay.clear();
        for (Letter each : letters) {
            step(each.to, new MessageArrived(each.from, each.message), group);
        }
    }

    /** They do what they can, and the first of them is asked to have that command chosen. */
    private void choose(String text, Node... nodes) {
        run(LONG_MILLIS, nodes);
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        Command command = new Command(Command.Kind.COMMAND, SessionId.ofNode(nodes[0].self), 1, 1, 1, payload);
        step(nodes[0], new CommandsSubmitted(List.of(command)), List.of(nodes));
        run(LONG_MILLIS, nodes);
    }

    private List<String> slotsWithTwoCommands() {
        return chosen.entrySet().stream()
                .filter(slot -> slot.getValue().contains("x") && slot.getValue().contains("y"))
                .map(slot -> slot.getKey() + " " + slot.getValue())
                .toList();
    }

    // ---- remember the first incarnation met
    // ---------------------------------------------------------------------------

    /** What a node believes that takes for C, for ever, whom it first met under that id. */
    private static Node believing(MemberId self, MemberId c) {
        Membership belief =
                new Membership(1, List.of(member(1, 1), member(2, 1), c), List.of(), PLAN.quorums(), PLAN.alpha());
        Founding founding = new Founding(new FoundingId(7, 7), belief);
        return new Node(
                new DurableState(self, 1, founding, true, Ballot.NONE, 0, 0, 0, 0, List.of(), List.of(), List.of()));
    }

    @Test
    void whoeverRemembersTheFirstIncarnationMetChoosesTwice() {
        MemberId oldC = member(3, 1);
        MemberId newC = member(3, 2);
        choose("x", believing(member(1, 1), oldC), believing(oldC, oldC));
        choose("y", believing(member(2, 1), newC), believing(newC, newC));
        assertEquals(List.of("2 [x, y]"), slotsWithTwoCommands());
    }

    // ---- agree first
    // --------------------------------------------------------------------------------------------------

    /** B must have adopted a founding that names the old C before A and C may choose anything. */
    @Test
    void withAFoundingThatAllAgreedOnTheNewIncarnationHelpsNobodyToChoose() {
        Node a = fresh(1, 1);
        Node b = fresh(2, 1);
        Node c = fresh(3, 1);
        choose("x", a, c);
        assertEquals(new TreeMap<>(), chosen, "without B nothing is founded");
        run(LONG_MILLIS, a, b, c);
        choose("x", a, c);
        assertEquals(1, count("x"));

        Node newC = fresh(3, 2);
        choose("y", b, newC);
        assertEquals(0, count("y"));
        assertEquals(
                List.of(new Notice.Refused(b.self, b.replica.status().founding())),
                newC.notices.stream()
                        .filter(Notice.Refused.class::isInstance)
                        .distinct()
                        .toList());

        Node follower = voteless(3, 3);
        choose("y", b, follower);
        assertEquals(0, count("y"));
        run(LONG_MILLIS, a, b, follower);
        assertEquals(a.replica.status().knownChosen(), follower.replica.status().knownChosen());
        choose("y", a, b);
        assertEquals(1, count("y"));
        assertEquals(List.of(), slotsWithTwoCommands());
    }

    private long count(String text) {
        return chosen.values().stream()
                .filter(commands -> commands.contains(text))
                .count();
    }

    /**
     * C is the founder here, n1; A is n2, B is n3. B has greeted and then hears nothing, so it never meets the founding. C and A
     * may not begin without it: were a majority of adoptions enough, they would choose x; then C is wiped, an old greeting of A
     * comes late, and the new C founds with B, in all good faith, what A knows nothing of.
     */
    @Test
    void aFounderThatIsWipedDoesNotFoundASecondMajority() {
        FoundingGreeting greeting = new FoundingGreeting(FoundingId.NONE, PLAN.checksum());
        Node c = fresh(1, 1);
        Node a = fresh(2, 1);
        Node b = fresh(3, 1);
        step(c, new MessageArrived(b.self, greeting), List.of());
        choose("x", c, a);

        Node newC = fresh(1, 2);
        step(newC, new MessageArrived(a.self, greeting), List.of());
        choose("y", newC, b);
        assertEquals(List.of(), slotsWithTwoCommands());
        assertEquals(new TreeMap<>(), chosen, "neither founding has all of its members");
    }
}
