// SPDX-License-Identifier: Apache-2.0
package io.paxos.cost;

import io.paxos.driver.Outcome;
import io.paxos.driver.Submission;
import io.paxos.model.FoundingPlan;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Three members that one thread turns, one after the other, over a network that loses nothing. Once one of them leads, time
 * stands still: nothing happens but what commands ask for, so that a round of them costs the same in every run.
 */
final class TurnedMembers implements Closeable {

    static final int SIZE = 3;

    private static final int TURNS_MAX = 10_000;

    private final List<TurnedMember> members = new ArrayList<>();
    private final TurnedMember leader;
    private long nowMillis = 1_000_000;
    private int done;

    TurnedMembers(Path directory) {
        List<NodeId> voters = List.of(new NodeId(1), new NodeId(2), new NodeId(3));
        FoundingPlan plan = new FoundingPlan(voters, new QuorumSystem.Majority(), 1_024);
        try {
            for (NodeId voter : voters) {
                members.add(new TurnedMember(directory.resolve(voter.toString()), voter.number(), plan));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        for (int turns = 0; !isSettled(); turns++) {
            nowMillis += TurnedMember.TICK_MILLIS;
            turn(turns);
        }
        leader = members.stream().filter(TurnedMember::leads).findFirst().orElseThrow();
    }

    private boolean isSettled() {
        return members.stream().allMatch(TurnedMember::isReady)
                && members.stream().anyMatch(TurnedMember::leads)
                && members.stream().allMatch(TurnedMember::isQuiet);
    }

    TurnedMember leader() {
        return leader;
    }

    List<TurnedMember> members() {
        return members;
    }

    List<TurnedMember> followers() {
        return members.stream().filter(member -> member != leader).toList();
    }

    /** Submits so many commands at the leader at once, and turns all members until all are answered and none has anything to do. */
    void round(byte[][] payloads) {
        done = 0;
        Submission.Completion completion = this::completed;
        for (byte[] payload : payloads) {
            leader.submit(payload, completion);
        }
        for (int turns = 0; done < payloads.length || !areQuiet(); turns++) {
            turn(turns);
        }
    }

    private void completed(Outcome outcome) {
        if (!(outcome instanceof Outcome.Applied)) {
            throw new IllegalStateException(String.valueOf(outcome));
        }
        done++;
    }

    private boolean areQuiet() {
        for (TurnedMember member : members) {
            if (!member.isQuiet()) {
                return false;
            }
        }
        return true;
    }

    private void turn(int turns) {
        if (turns > TURNS_MAX) {
            throw new IllegalStateException("no end after " + turns + " turns");
        }
        try {
            for (TurnedMember member : members) {
                member.turn(nowMillis);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        for (TurnedMember member : members) {
            for (TurnedMember.Sent sent : member.outbox) {
                members.get(sent.to().number() - 1).inbox.add(sent.bytes());
            }
            member.outbox.clear();
        }
    }

    @Override
    public void close() {
        for (TurnedMember member : members) {
            try {
                member.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
