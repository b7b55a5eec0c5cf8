// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.VoterSet;
import io.paxos.simulation.explore.SynodNode.Unforced;
import io.paxos.synod.Effects.Envelope;
import io.paxos.synod.Learner;
import io.paxos.synod.Member;
import io.paxos.synod.Proposer;
import java.util.ArrayList;
import java.util.List;

/** Gives members that never propose each other's names. No ballot and no value names them. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SynodRenaming(Membership group, int[] permutation) {

    /** All permutations but the identity that leave the first so many in their place. */
    static List<int[]> permutations(int members, int fixed) {
        List<int[]> found = new ArrayList<>();
        int[] identity = new int[members];
        for (int i = 0; i < members; i++) {
            identity[i] = i;
        }
        permute(identity, fixed, found);
        return List.copyOf(found.subList(1, found.size()));
    }

    private static void permute(int[] order, int from, List<int[]> found) {
        if (from >= order.length - 1) {
            found.add(order.clone());
            return;
        }
        for (int i = from; i < order.length; i++) {
            swap(order, from, i);
            permute(order, from + 1, found);
            swap(order, from, i);
        }
    }

    private static void swap(int[] order, int i, int j) {
        int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }

    MemberId of(MemberId member) {
        return group.voters().get(permutation[group.indexOf(member)]);
    }

    VoterSet of(VoterSet set) {
        VoterSet renamed = VoterSet.EMPTY;
        for (int i = 0; i < permutation.length; i++) {
            renamed = set.contains(i) ? renamed.with(permutation[i]) : renamed;
        }
        return renamed;
    }

    SynodFact of(SynodFact fact) {
        return new SynodFact(of(fact.member()), fact.vote());
    }

    SynodNode of(SynodNode node) {
        Member old = node.member();
        Proposer proposer = old.proposer();
        Learner learner = old.learner();
        Member member = new Member(
                of(old.self()),
                old.acceptor(),
                new Proposer(
                        group,
                        proposer.phase(),
                        proposer.ballot(),
                        proposer.highestSeen(),
                        proposer.value(),
                        of(proposer.promised()),
                        proposer.highest()),
                new Learner(group, learner.ballot(), of(learner.votes()), learner.chosen()));
        List<Unforced> unforced = new ArrayList<>();
        for (Unforced each : node.unforced()) {
            List<Envelope> held = new ArrayList<>();
            for (Envelope envelope : each.held()) {
                held.add(new Envelope(of(envelope.to()), envelope.message()));
            }
            unforced.add(new Unforced(each.memory(), held));
        }
        return new SynodNode(member, node.forced(), unforced, node.revealed(), node.attempts());
    }
}
