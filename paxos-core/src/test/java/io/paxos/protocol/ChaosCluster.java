// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message;
import io.paxos.message.Message.CatchUpPage;
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
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SessionId;
import io.paxos.model.Value;
import io.paxos.model.VoterSet;
import io.paxos.protocol.Effects.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A cluster of real replicas under a random schedule, from one seed: messages lost, delayed, doubled and replayed late,
 * forces that take their time, disks that are sick or full and well again, leadership asked away, offers replayed late, crashes that lose what was not forced, links cut one way. An outside observer computes what
 * is chosen from durable votes alone and holds every replica to it.
 */
final class ChaosCluster {

    private static final Timing TIMING = new Timing(20, 100, 200, 40);
    private static final long ANY_LIFE = -1;
    private static final Limits LIMITS = new Limits(8, 1_024, 8, 64 << 10, 4_096, 4, 64);

    final SplittableRandom random;
    final List<Node> nodes = new ArrayList<>();
    private final FoundingPlan plan;
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final TreeSet<String> cutLinks = new TreeSet<>();
    private final List<Due> seenMessages = new ArrayList<>();
    private final List<Due> seenOffers = new ArrayList<>();
    private final Observer observer = new Observer();
    private long nowMillis;
    private long order;
    private int submitted;
    private boolean faults = true;
    private final int lossPercent;
    private final int duplicatePercent;
    private int delayMaxMillis;
    private int forceMaxMillis;

    private record Due(long atMillis, long order, Node node, long life, Event event, long forced)
            implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return atMillis != other.atMillis
                    ? Long.compare(atMillis, other.atMillis)
                    : Long.compare(order, other.order);
        }
    }

    private record Waiting(long writeSequence, List<Envelope> messages) {}

    /** One member: its replica, its disk, and what it handed out to be applied. */
    final class Node {
        final MemberId id;
        final List<DurableRecord> durable = new ArrayList<>();
        final ArrayDeque<List<DurableRecord>> unforced = new ArrayDeque<>();
        final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
        final TreeMap<Long, Value> applied = new TreeMap<>();
        Replica replica;
        boolean up = true;
        boolean mayVote = true;
        long life;
        long writeSequence;
        long forcedSequence;
        long forceBusyUntil;
        long boot;
        long lastHandedOut;

        Node(MemberId id) {
            this.id = id;
            this.replica = start();
        }

        private Replica start() {
            boot++;
            DurableState remembered = fold(id, boot, durable);
            lastHandedOut = remembered.knownChosen();
            return new Replica(
                    remembered,
                    plan,
                    new FoundingId(random.nextLong(1, Long.MAX_VALUE), 7),
                    TIMING,
                    LIMITS,
                    random.nextLong());
        }

        void crash() {
            up = false;
            life++;
            // Any prefix of the unforced writes may have reached the disk all the same.
            int kept = random.nextInt(unforced.size() + 1);
            for (int i = 0; i < kept; i++) {
                observer.durable(id, unforced.peekFirst());
                durable.addAll(unforced.removeFirst());
            }
            unforced.clear();
            waiting.clear();
            writeSequence = 0;
            forcedSequence = 0;
            forceBusyUntil = 0;
        }

        void fitness(boolean fitToLead, boolean canVote) {
            mayVote = canVote;
            take(new Event.FitnessChanged(fitToLead, canVote, fitToLead));
        }

        void restart() {
            up = true;
            mayVote = true;
            replica = start();
            take(new Event.TimeIsNow(nowMillis));
        }

        void take(Event event) {
            Effects effects = replica.step(event);
            if (!effects.writes().isEmpty()) {
                if (!mayVote && !isAboutFounding(effects.writes().get(0))) {
                    throw new AssertionError(id + " writes without room: " + effects.writes());
                }
                writeSequence++;
                unforced.add(effects.writes());
                long done = Math.max(nowMillis, forceBusyUntil) + random.nextInt(forceMaxMillis + 1);
                forceBusyUntil = done;
                due.add(new Due(done, order++, this, life, new Event.TimeIsNow(0), writeSequence));
            }
            send(effects.sendNow());
            if (!effects.sendAfterWrites().isEmpty()) {
                waiting.add(new Waiting(writeSequence, effects.sendAfterWrites()));
            }
            for (Proposal chosen : effects.chosen()) {
                if (chosen.slot() != lastHandedOut + 1) {
                    throw new AssertionError(id + " hands out " + chosen.slot() + " after " + lastHandedOut);
                }
                lastHandedOut = chosen.slot();
                observer.handedOut(id, chosen);
                applied.put(chosen.slot(), chosen.value());
            }
            for (Notice notice : effects.notices()) {
                if (notice instanceof Notice.CatchUpRead read) {
                    answer(read);
                } else if (notice instanceof Notice.MustStop stop) {
                    throw new AssertionError(id + " must stop: " + stop.reason());
                }
            }
            release();
        }

        private boolean isAboutFounding(DurableRecord write) {
            return write instanceof DurableRecord.FoundingAdopted || write instanceof DurableRecord.FoundingActivated;
        }

        void forced(long sequence) {
            while (forcedSequence < sequence) {
                forcedSequence++;
                observer.durable(id, unforced.peekFirst());
                durable.addAll(unforced.removeFirst());
            }
            release();
        }

        private void release() {
            while (!waiting.isEmpty() && waiting.peekFirst().writeSequence() <= forcedSequence) {
                send(waiting.removeFirst().messages());
            }
        }

        private void answer(Notice.CatchUpRead read) {
            List<Proposal> page = new ArrayList<>();
            TreeMap<Long, Proposal> last = new TreeMap<>();
            for (DurableRecord each : durable) {
                if (each instanceof DurableRecord.Accepted vote) {
                    last.put(vote.proposal().slot(), vote.proposal());
                } else if (each instanceof DurableRecord.Chosen value) {
                    last.put(value.proposal().slot(), value.proposal());
                }
            }
            long mark = fold(id, boot, durable).knownChosen();
            for (long slot = read.slots().first();
                    slot <= Math.min(mark, read.slots().last());
                    slot++) {
                page.add(last.get(slot));
            }
            long known = replica.status().knownChosen();
            send(List.of(new Envelope(
                    read.to(), new CatchUpPage(read.nonce(), read.slots().first(), page, 0, known))));
        }

        private void send(List<Envelope> envelopes) {
            for (Envelope envelope : envelopes) {
                carry(this, envelope);
            }
        }
    }

    ChaosCluster(long seed) {
        random = new SplittableRandom(seed);
        int size = 1 + random.nextInt(7);
        lossPercent = random.nextBoolean() ? random.nextInt(30) : 0;
        duplicatePercent = random.nextBoolean() ? random.nextInt(30) : 0;
        delayMaxMillis = 1 + random.nextInt(random.nextBoolean() ? 5 : 60);
        forceMaxMillis = random.nextBoolean() ? random.nextInt(5) : random.nextInt(50);
        List<NodeId> voters = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            voters.add(new NodeId(i));
        }
        QuorumSystem quorums = new QuorumSystem.Majority();
        if (random.nextBoolean()) {
            int phase2 = 1 + random.nextInt(size);
            int phase1 = Math.max(1, size + 1 - phase2);
            quorums = new QuorumSystem.FlexibleSizes(phase1, phase2);
        }
        plan = new FoundingPlan(voters, quorums, 1 + random.nextInt(12));
        for (NodeId voter : voters) {
            nodes.add(new Node(new MemberId(voter, new Incarnation(random.nextLong(1, Long.MAX_VALUE)))));
        }
    }

    QuorumSystem quorums() {
        return plan.quorums();
    }

    /** Lets the time go on, with ticks for every live node, and faults if they are on. */
    void run(long millis, boolean submit) {
        long end = nowMillis + millis;
        while (nowMillis < end) {
            nowMillis += 5;
            if (faults) {
                misbehave();
            }
            for (Node node : nodes) {
                if (node.up) {
                    node.take(new Event.TimeIsNow(nowMillis));
                    if (submit && random.nextInt(4) == 0) {
                        submit(node);
                    }
                }
            }
            while (!due.isEmpty() && due.peek().atMillis() <= nowMillis) {
                Due next = due.remove();
                boolean ofAnEarlierLife = next.life() != ANY_LIFE && next.life() != next.node().life;
                if (!next.node().up || ofAnEarlierLife) {
                    continue;
                }
                if (next.forced() != 0) {
                    next.node().forced(next.forced());
                } else {
                    next.node().take(next.event());
                }
            }
        }
    }

    private void misbehave() {
        Node victim = nodes.get(random.nextInt(nodes.size()));
        int dice = random.nextInt(400);
        if (dice < 3 && victim.up) {
            victim.crash();
        } else if (dice < 30 && !victim.up) {
            victim.restart();
        } else if (dice < 34) {
            Node other = nodes.get(random.nextInt(nodes.size()));
            cutLinks.add(victim.id.node() + ">" + other.id.node());
        } else if (dice < 44) {
            cutLinks.pollFirst();
        } else if (dice < 50 && !seenMessages.isEmpty()) {
            Due old = seenMessages.get(random.nextInt(seenMessages.size()));
            due.add(new Due(nowMillis, order++, old.node(), old.life(), old.event(), 0));
        } else if (dice < 54 && victim.up) {
            victim.fitness(random.nextBoolean(), random.nextInt(3) > 0);
        } else if (dice < 66 && victim.up) {
            Node other = nodes.get(random.nextInt(nodes.size()));
            victim.take(new Event.HandOverAsked(random.nextBoolean() ? null : other.id.node()));
        } else if (dice < 70 && !seenOffers.isEmpty()) {
            Due old = seenOffers.get(random.nextInt(seenOffers.size()));
            due.add(new Due(nowMillis, order++, old.node(), old.life(), old.event(), 0));
        }
    }

    /** The faults end: everybody is up, every link whole, network and disks no slower than the timeouts allow for. */
    void heal() {
        faults = false;
        delayMaxMillis = Math.min(delayMaxMillis, 10);
        forceMaxMillis = Math.min(forceMaxMillis, 10);
        cutLinks.clear();
        for (Node node : nodes) {
            if (!node.up) {
                node.restart();
            }
            node.fitness(true, true);
        }
    }

    /**
     * How long the members may take to fetch what they lack, page by page: where one vote is a quorum, a leader runs far
     * ahead of a member that had no room.
     */
    long catchUpMillis() {
        long least = Long.MAX_VALUE;
        long most = 0;
        for (Node node : nodes) {
            least = Math.min(least, node.replica.status().knownChosen());
            most = Math.max(most, node.replica.status().knownChosen());
        }
        return (most - least) / LIMITS.pageSlotsMax() * 2 * (delayMaxMillis + 5L);
    }

    /** How often leadership was offered, by anybody. */
    int offers() {
        return seenOffers.size();
    }

    /** The cluster in a few lines, for a replayed seed. */
    String describe() {
        StringBuilder text = new StringBuilder(plan + "\n");
        for (Node node : nodes) {
            text.append(node.id)
                    .append(" boot ")
                    .append(node.boot)
                    .append(' ')
                    .append(node.replica.status())
                    .append('\n');
        }
        return text.toString();
    }

    private void submit(Node node) {
        submitted++;
        SessionId session = new SessionId(0, 1_000 + node.id.node().number());
        byte[] payload = ("c" + submitted).getBytes(StandardCharsets.UTF_8);
        Command command = new Command(Command.Kind.COMMAND, session, 1, submitted, 0, payload);
        node.take(new Event.CommandsSubmitted(List.of(command)));
    }

    private void carry(Node from, Envelope envelope) {
        Node to = nodes.get(envelope.to().number() - 1);
        boolean toSelf = to == from;
        Message message = envelope.message();
        Event event = new Event.MessageArrived(from.id, message);
        if (toSelf) {
            due.add(new Due(nowMillis, order++, to, to.life, event, 0));
            return;
        }
        boolean cut = cutLinks.contains(from.id.node() + ">" + to.id.node());
        if (cut || (faults && random.nextInt(100) < lossPercent)) {
            return;
        }
        int copies = faults && random.nextInt(100) < duplicatePercent ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            Due each = new Due(nowMillis + random.nextInt(delayMaxMillis), order++, to, ANY_LIFE, event, 0);
            due.add(each);
            if (message instanceof Message.LeadershipOffer) {
                seenOffers.add(each);
            }
            if (seenMessages.size() < 500) {
                seenMessages.add(each);
            } else {
                seenMessages.set(random.nextInt(500), each);
            }
        }
    }

    /** Computes what is chosen from durable votes alone. */
    private final class Observer {
        private final TreeMap<Long, TreeMap<Ballot, TreeSet<MemberId>>> votes = new TreeMap<>();
        private final TreeMap<Long, TreeMap<Ballot, Value>> values = new TreeMap<>();
        private final TreeMap<Long, Value> chosen = new TreeMap<>();
        private final TreeMap<MemberId, Ballot> promises = new TreeMap<>();

        void durable(MemberId member, List<DurableRecord> records) {
            for (DurableRecord each : records) {
                if (each instanceof DurableRecord.Promised promise) {
                    promise(member, promise.ballot(), false);
                } else if (each instanceof DurableRecord.Accepted vote) {
                    promise(member, vote.proposal().ballot(), true);
                    vote(member, vote.proposal());
                }
            }
        }

        private void promise(MemberId member, Ballot ballot, boolean equalAllowed) {
            Ballot before = promises.getOrDefault(member, Ballot.NONE);
            int relation = ballot.compareTo(before);
            if (relation < 0) {
                throw new AssertionError(member + " went back from promise " + before + " to " + ballot);
            }
            if (relation == 0 && !equalAllowed) {
                return; // the attempt of a promise that an accept raised becomes known
            }
            promises.put(member, ballot);
        }

        private void vote(MemberId member, Proposal vote) {
            Value before =
                    values.computeIfAbsent(vote.slot(), s -> new TreeMap<>()).putIfAbsent(vote.ballot(), vote.value());
            if (before != null && !before.equals(vote.value())) {
                throw new AssertionError("two values at " + vote.ballot() + " in slot " + vote.slot());
            }
            TreeSet<MemberId> voters = votes.computeIfAbsent(vote.slot(), s -> new TreeMap<>())
                    .computeIfAbsent(vote.ballot(), b -> new TreeSet<>());
            voters.add(member);
            VoterSet set = VoterSet.EMPTY;
            for (int i = 0; i < nodes.size(); i++) {
                set = voters.contains(nodes.get(i).id) ? set.with(i) : set;
            }
            if (plan.quorums().isPhase2Quorum(set, nodes.size())) {
                Value other = chosen.putIfAbsent(vote.slot(), vote.value());
                if (other != null && !other.equals(vote.value())) {
                    throw new AssertionError("slot " + vote.slot() + " chosen twice: " + other + " and " + vote);
                }
            }
        }

        void handedOut(MemberId member, Proposal proposal) {
            Value real = chosen.get(proposal.slot());
            if (!proposal.value().equals(real)) {
                throw new AssertionError(member + " hands out " + proposal + " but chosen is " + real);
            }
        }
    }

    /** The sum of the records, as the Javadoc of {@link DurableState} says. */
    static DurableState fold(MemberId self, long boot, List<DurableRecord> records) {
        Founding founding = null;
        boolean activated = false;
        Ballot promised = Ballot.NONE;
        long attempt = 0;
        long mark = 0;
        TreeMap<Long, Proposal> votes = new TreeMap<>();
        TreeMap<Long, Proposal> chosen = new TreeMap<>();
        for (DurableRecord each : records) {
            if (each instanceof DurableRecord.FoundingAdopted adopted) {
                founding = adopted.founding();
            } else if (each instanceof DurableRecord.FoundingActivated) {
                activated = true;
            } else if (each instanceof DurableRecord.Promised promise) {
                promised = promise.ballot();
                attempt = promise.attempt();
            } else if (each instanceof DurableRecord.Accepted vote) {
                attempt = vote.proposal().ballot().isAbove(promised) ? 0 : attempt;
                promised = Ballot.max(promised, vote.proposal().ballot());
                votes.put(vote.proposal().slot(), vote.proposal());
            } else if (each instanceof DurableRecord.Chosen value) {
                chosen.put(value.proposal().slot(), value.proposal());
            } else if (each instanceof DurableRecord.KnownChosen known) {
                mark = known.slot();
            }
        }
        Proposal last = chosen.containsKey(mark) ? chosen.get(mark) : votes.get(mark);
        long lastTime = last == null ? 0 : Batch.agreedTimeMillisOf(last.value());
        return new DurableState(
                self,
                boot,
                founding,
                activated,
                promised,
                attempt,
                0,
                mark,
                lastTime,
                List.copyOf(votes.tailMap(mark + 1).values()),
                List.copyOf(chosen.tailMap(mark + 1).values()),
                List.of());
    }
}
