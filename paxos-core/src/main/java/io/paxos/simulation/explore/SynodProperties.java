// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.Ballot;
import io.paxos.model.Membership;
import io.paxos.model.Value;
import io.paxos.model.VoterSet;
import io.paxos.synod.Proposer.Phase;
import io.paxos.synod.Vote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What single-decree Paxos promises, judged from the forced votes alone. */
public final class SynodProperties {

    /** A check with its name. */
    private record Named(String name, Check check) implements Property<SynodNode, SynodFact> {
        @Override
        public @Nullable String broken(List<SynodNode> nodes, Collection<SynodFact> facts) {
            return check.broken(nodes, facts);
        }
    }

    @FunctionalInterface
    private interface Check {
        @Nullable
        String broken(List<SynodNode> nodes, Collection<SynodFact> facts);
    }

    private SynodProperties() {}

    /** All of them. */
    public static List<Property<SynodNode, SynodFact>> all(Membership group) {
        return List.of(
                new Named("agreement", (nodes, facts) -> disagreement(group, facts)),
                new Named("one value a ballot", (nodes, facts) -> twoValues(facts)),
                new Named("known is chosen", (nodes, facts) -> unfounded(group, nodes, facts)),
                new Named("a word is kept", (nodes, facts) -> brokenWord(nodes)),
                new Named("an empty read was empty", (nodes, facts) -> wronglyEmpty(group, nodes, facts)));
    }

    /** What phase-2 quorums have voted for, by ballot (Paxos Made Simple, section 2.2). */
    private static Map<Ballot, Value> chosen(Membership group, Collection<SynodFact> facts) {
        Map<Vote, VoterSet> tallies = new TreeMap<>(SynodProperties::byBallotAndValue);
        Map<Ballot, Value> chosen = new TreeMap<>();
        for (SynodFact voted : facts) {
            VoterSet voters = group.add(tallies.getOrDefault(voted.vote(), VoterSet.EMPTY), voted.member());
            tallies.put(voted.vote(), voters);
            if (group.isPhase2Quorum(voters)) {
                chosen.put(voted.vote().ballot(), voted.vote().value());
            }
        }
        return chosen;
    }

    private static int byBallotAndValue(Vote a, Vote b) {
        int byBallot = a.ballot().compareTo(b.ballot());
        return byBallot != 0
                ? byBallot
                : Arrays.compare(a.value().bytes(), b.value().bytes());
    }

    /** No two values are ever chosen. */
    private static @Nullable String disagreement(Membership group, Collection<SynodFact> facts) {
        Map<Ballot, Value> chosen = chosen(group, facts);
        Set<String> values = new TreeSet<>();
        List<String> words = new ArrayList<>();
        for (Map.Entry<Ballot, Value> each : chosen.entrySet()) {
            values.add(SynodWording.of(each.getValue()));
            words.add(SynodWording.of(each.getValue()) + " is chosen at " + each.getKey());
        }
        return values.size() > 1 ? String.join(", ", words) : null;
    }

    /** A ballot belongs to one attempt, and that proposes one value. */
    private static @Nullable String twoValues(Collection<SynodFact> facts) {
        Map<Ballot, Value> values = new TreeMap<>();
        for (SynodFact fact : facts) {
            Vote vote = fact.vote();
            Value other = values.put(vote.ballot(), vote.value());
            if (other != null && !other.equals(vote.value())) {
                return "there are votes for " + SynodWording.of(other) + " and for " + SynodWording.of(vote);
            }
        }
        return null;
    }

    /** A member takes a value for the chosen one only if a phase-2 quorum has voted for it, on disk. */
    private static @Nullable String unfounded(Membership group, List<SynodNode> nodes, Collection<SynodFact> facts) {
        for (SynodNode node : nodes) {
            Value known = node.member().chosen();
            if (known != null && !chosen(group, facts).containsValue(known)) {
                return node.member().self().node() + " takes " + SynodWording.of(known)
                        + " for chosen, and no quorum has voted for it at one ballot";
            }
        }
        return null;
    }

    /** What a member has told others about its promise outlives every crash. */
    private static @Nullable String brokenWord(List<SynodNode> nodes) {
        for (SynodNode node : nodes) {
            if (node.revealed().isAbove(node.forced().promised())) {
                return node.member().self().node() + " has told that it promised " + node.revealed()
                        + ", and its disk says " + node.forced().promised();
            }
        }
        return null;
    }

    /** A read at ballot b found nothing: then nothing is, or ever will be, chosen below b. */
    private static @Nullable String wronglyEmpty(Membership group, List<SynodNode> nodes, Collection<SynodFact> facts) {
        for (SynodNode node : nodes) {
            if (node.member().proposer().phase() == Phase.FOUND_EMPTY) {
                Ballot read = node.member().proposer().ballot();
                for (Map.Entry<Ballot, Value> each : chosen(group, facts).entrySet()) {
                    if (read.isAbove(each.getKey())) {
                        return node.member().self().node() + " read at " + read + " that nothing is written, and "
                                + SynodWording.of(each.getValue()) + " is chosen at " + each.getKey();
                    }
                }
            }
        }
        return null;
    }
}
