// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.Membership;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.model.VoterSet;
import io.paxos.simulation.explore.ReplicaFact.Learnt;
import io.paxos.simulation.explore.ReplicaFact.Voted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** What the replicated log promises, judged from forced votes and from what replicas hand out to be applied. */
final class ReplicaProperties {
    private static final Comparator<SlotBallot> ORDER =
            Comparator.comparingLong(SlotBallot::slot).thenComparing(SlotBallot::ballot);

    private record SlotBallot(long slot, Ballot ballot) {}

    private record Named(String name, BiFunction<List<ReplicaNode>, Collection<ReplicaFact>, String> check)
            implements Property<ReplicaNode, ReplicaFact> {
        @Override
        public String broken(List<ReplicaNode> nodes, Collection<ReplicaFact> facts) {
            return check.apply(nodes, facts);
        }
    }

    /** What one set of facts amounts to; worked out once, as the same sets come back again and again. */
    private final IdentityHashMap<Collection<ReplicaFact>, String> judged = new IdentityHashMap<>();

    private final Membership membership;

    private ReplicaProperties(Membership membership) {
        this.membership = membership;
    }

    static List<Property<ReplicaNode, ReplicaFact>> all(Membership membership) {
        ReplicaProperties properties = new ReplicaProperties(membership);
        return List.of(
                new Named("agreement, and only what a quorum voted for", (nodes, facts) -> properties.log(facts)),
                new Named("a word is kept", (nodes, facts) -> brokenWord(nodes)));
    }

    private String log(Collection<ReplicaFact> facts) {
        String answer = judged.computeIfAbsent(facts, this::judge);
        return answer.isEmpty() ? null : answer;
    }

    /** One value a slot and ballot; one value chosen in a slot; nothing handed out that is not chosen; nothing made up. */
    private String judge(Collection<ReplicaFact> facts) {
        TreeMap<SlotBallot, Value> values = new TreeMap<>(ORDER);
        TreeMap<SlotBallot, VoterSet> voters = new TreeMap<>(ORDER);
        TreeMap<Long, Value> chosen = new TreeMap<>();
        for (ReplicaFact fact : facts) {
            if (fact instanceof Voted voted) {
                Proposal vote = voted.vote();
                SlotBallot key = new SlotBallot(vote.slot(), vote.ballot());
                Value other = values.put(key, vote.value());
                if (other != null && !other.equals(vote.value())) {
                    return "two values are voted for at " + key + ": " + other + " and " + vote.value();
                }
                voters.merge(
                        key,
                        membership.add(VoterSet.EMPTY, voted.member()),
                        (a, b) -> new VoterSet(a.bits() | b.bits()));
            }
        }
        for (Map.Entry<SlotBallot, Value> each : values.entrySet()) {
            if (isMadeUp(each.getKey(), each.getValue(), values)) {
                return "a value that nobody wanted: " + each.getValue() + " at " + each.getKey();
            }
        }
        for (Map.Entry<SlotBallot, VoterSet> each : voters.entrySet()) {
            if (membership.isPhase2Quorum(each.getValue())) {
                Value value = values.get(each.getKey());
                Value other = chosen.put(each.getKey().slot(), value);
                if (other != null && !other.equals(value)) {
                    return "two values are chosen in slot " + each.getKey().slot() + ": " + other + ", and " + value
                            + " at " + each.getKey().ballot();
                }
            }
        }
        List<String> unfounded = new ArrayList<>();
        for (ReplicaFact fact : facts) {
            if (fact instanceof Learnt learnt && !learnt.value().equals(chosen.get(learnt.slot()))) {
                unfounded.add(learnt + ", where " + chosen.get(learnt.slot()) + " is chosen");
            }
        }
        return String.join("; ", unfounded);
    }

    /** A command is its own leader's, as the payload says, or was voted for in the slot at a lower ballot. */
    private static boolean isMadeUp(SlotBallot at, Value value, NavigableMap<SlotBallot, Value> values) {
        for (Command command : Batch.decode(value).commands()) {
            boolean own = new String(command.payload(), StandardCharsets.US_ASCII).equals("c" + at.ballot());
            if (command.kind() != Command.Kind.NO_OP && !own && !isVotedBelow(at, value, values)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isVotedBelow(SlotBallot at, Value value, NavigableMap<SlotBallot, Value> values) {
        return values.subMap(new SlotBallot(at.slot(), Ballot.NONE), at).containsValue(value);
    }

    private static String brokenWord(List<ReplicaNode> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            ReplicaNode node = nodes.get(i);
            if (!node.word.broken().isEmpty()) {
                return node.word.broken();
            }
            if (node.word.given().isAbove(node.forced.promised())) {
                return "n" + (i + 1) + " has promised " + node.word.given() + ", and its disk says "
                        + node.forced.promised();
            }
        }
        return null;
    }
}
