// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.DurableState;
import io.paxos.model.FoundingPlan;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import io.paxos.protocol.Effects;
import io.paxos.protocol.Event;
import io.paxos.protocol.Limits;
import io.paxos.protocol.Replica;
import io.paxos.protocol.ReplicaStatus;
import io.paxos.protocol.Timing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Three replicas of which one was elected, with disks that force at once; from then on whoever has them steps them. */
final class PureMembers {

    private static final int TICKS_MAX = 10_000;

    private record Sent(MemberId from, NodeId to, Message message) {}

    private final List<Replica> replicas = new ArrayList<>();
    private final ArrayDeque<Sent> sent = new ArrayDeque<>();
    private int leader = -1;

    PureMembers() {
        FoundingPlan plan = new FoundingPlan(
                Sample.MEMBERS.stream().map(MemberId::node).toList(), new QuorumSystem.Majority(), 1_024);
        for (MemberId self : Sample.MEMBERS) {
            DurableState state = new DurableState(
                    self, 1, Sample.FOUNDING, true, Ballot.NONE, 0, 0, 0, 0, List.of(), List.of(), List.of());
            replicas.add(new Replica(
                    state,
                    plan,
                    Sample.FOUNDING.id(),
                    Timing.DEFAULT,
                    Limits.DEFAULT,
                    31L * self.node().number()));
        }
        for (int tick = 1; leader < 0; tick++) {
            if (tick > TICKS_MAX) {
                throw new IllegalStateException("nobody was elected");
            }
            elect(10L * tick);
        }
    }

    private void elect(long nowMillis) {
        for (int i = 0; i < replicas.size(); i++) {
            keep(i, replicas.get(i).step(new Event.TimeIsNow(nowMillis)));
        }
        for (Sent next = sent.pollFirst(); next != null; next = sent.pollFirst()) {
            int to = next.to().number() - 1;
            keep(to, replicas.get(to).step(new Event.MessageArrived(next.from(), next.message())));
        }
        for (int i = 0; i < replicas.size(); i++) {
            ReplicaStatus status = replicas.get(i).status();
            if (status.role() == ReplicaStatus.Role.LEADING && status.knownChosen() > 0) {
                leader = i;
            }
        }
    }

    private void keep(int from, Effects effects) {
        for (Effects.Envelope each : effects.sendNow()) {
            sent.addLast(new Sent(Sample.MEMBERS.get(from), each.to(), each.message()));
        }
        for (Effects.Envelope each : effects.sendAfterWrites()) {
            sent.addLast(new Sent(Sample.MEMBERS.get(from), each.to(), each.message()));
        }
    }

    Replica leader() {
        return replicas.get(leader);
    }

    MemberId leaderId() {
        return Sample.MEMBERS.get(leader);
    }

    Replica follower() {
        return replicas.get((leader + 1) % replicas.size());
    }

    MemberId followerId() {
        return Sample.MEMBERS.get((leader + 1) % replicas.size());
    }
}
