// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.FoundingPlan;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import io.paxos.protocol.Limits;
import io.paxos.protocol.ReplicaStatus;
import io.paxos.protocol.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Several drivers in virtual time, over a network that loses what the test says, without a thread. */
final class TurnedCluster {

    static final long TICK_MILLIS = 10;
    static final Timing TIMING = Timing.DEFAULT;

    final List<TurnedNode> nodes = new ArrayList<>();
    final TreeSet<Integer> down = new TreeSet<>();
    private final FoundingPlan plan;
    private final DriverOptions options;
    long nowMillis = 1_000_000;

    /** Frames for which this holds are lost. */
    Predicate<TurnedNode.Sent> lost = sent -> false;

    TurnedCluster(int size) {
        this(size, DriverOptions.of(TIMING, Limits.DEFAULT, 1 << 20, 1 << 20, 30_000));
    }

    TurnedCluster(int size, DriverOptions options) {
        this.options = options;
        List<NodeId> voters =
                IntStream.rangeClosed(1, size).mapToObj(NodeId::new).toList();
        plan = new FoundingPlan(voters, new QuorumSystem.Majority(), 1_024);
        for (int number = 1; number <= size; number++) {
            nodes.add(node(number, 1, new RecordLog(), Restored.NOTHING));
        }
    }

    private TurnedNode node(int number, long boot, RecordLog log, Restored restored) {
        return new TurnedNode(number, boot, log, restored, plan, options, new SubmissionWindow(100, 100_000));
    }

    TurnedNode node(int number) {
        return nodes.get(number - 1);
    }

    /** The node loses everything but its log and starts again. */
    TurnedNode restart(int number, long boot) {
        return restart(number, boot, node(number).log);
    }

    /** The same, from another log. */
    TurnedNode restart(int number, long boot, RecordLog log) {
        return restart(number, boot, log, Restored.NOTHING);
    }

    /** The same, with a state machine that came from a snapshot; apply is stuck, since it has no such state here. */
    TurnedNode restart(int number, long boot, RecordLog log, Restored restored) {
        TurnedNode again = node(number, boot, log, restored);
        again.applyStuck = restored.slot() > 0;
        nodes.set(number - 1, again);
        down.remove(number);
        return again;
    }

    void tick() {
        nowMillis += TICK_MILLIS;
        for (TurnedNode node : nodes) {
            if (!down.contains(node.self.node().number())) {
                node.turn(nowMillis);
            }
        }
        for (TurnedNode node : nodes) {
            for (TurnedNode.Sent sent : List.copyOf(node.sent)) {
                if (!lost.test(sent) && !down.contains(sent.to().number())) {
                    node(sent.to().number()).inbox.addLast(sent.frame());
                }
            }
            node.sent.clear();
        }
    }

    void run(long millis) {
        for (long end = nowMillis + millis; nowMillis < end; ) {
            tick();
        }
    }

    /** Runs until the condition holds; fails after ten virtual seconds. */
    void runUntil(String what, BooleanSupplier condition) {
        for (long end = nowMillis + 10_000; !condition.getAsBoolean(); ) {
            if (nowMillis >= end) {
                throw new AssertionError("not within 10 s: " + what + "\n"
                        + nodes.stream().map(node -> node.driver.status()).toList());
            }
            tick();
        }
    }

    /** Runs until every running node is ready, and returns the leader. */
    TurnedNode settle() {
        runUntil(
                "everyone is ready, and somebody leads",
                () -> running().stream().allMatch(node -> node.driver.isReady())
                        && running().stream().anyMatch(TurnedCluster::leads));
        return leader();
    }

    TurnedNode leader() {
        return running().stream().filter(TurnedCluster::leads).findFirst().orElseThrow();
    }

    private static boolean leads(TurnedNode node) {
        return node.driver.status().replica().role() == ReplicaStatus.Role.LEADING;
    }

    List<TurnedNode> followers() {
        TurnedNode leader = leader();
        return running().stream().filter(node -> node != leader).toList();
    }

    List<TurnedNode> running() {
        return nodes.stream()
                .filter(node -> !down.contains(node.self.node().number()))
                .toList();
    }
}
