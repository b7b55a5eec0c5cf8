// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.JournalFinding;
import io.paxos.LearnerStatus;
import io.paxos.NodeHealth;
import io.paxos.NodeStatus;
import io.paxos.PaxosNode;
import io.paxos.SnapshotProgress;
import io.paxos.model.NodeId;
import io.paxos.transport.Transport;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What {@code INFO} shows: {@code name:value} lines under headings, as Redis lays them out. Any thread. */
final class InfoPage {

    private static final int DAMAGE_SHOWN_MAX = 16;

    private final KvServer.Settings settings;
    private final Supplier<@Nullable PaxosNode> node;
    private final NodeLog log;
    private final LongSupplier storeBytes;
    private final Transport transport;
    private final long startedNanos = System.nanoTime();

    /**
     * @param node null until it is started
     * @param log asked how much was read
     * @param storeBytes what keys and values take
     * @param transport asked which peers it reaches
     */
    InfoPage(
            KvServer.Settings settings,
            Supplier<@Nullable PaxosNode> node,
            NodeLog log,
            LongSupplier storeBytes,
            Transport transport) {
        this.settings = settings;
        this.node = node;
        this.log = log;
        this.storeBytes = storeBytes;
        this.transport = transport;
    }

    String text() {
        StringBuilder page = new StringBuilder("# Server\r\n");
        line(page, "paxos_kv_version", settings.version());
        line(page, "cluster", settings.name());
        line(page, "node", settings.id());
        line(page, "process_id", ProcessHandle.current().pid());
        line(page, "tcp_port", settings.port());
        line(page, "client_port", settings.clientPort());
        line(page, "data", settings.data());
        line(page, "uptime_in_seconds", (System.nanoTime() - startedNanos) / 1_000_000_000);
        page.append("\r\n# Paxos\r\n");
        PaxosNode running = node.get();
        if (running == null) {
            line(page, "role", "starting");
        } else {
            paxos(page, running.status(), running.health());
        }
        if (running != null) {
            learners(page, running.status().learners());
            reads(page);
            snapshots(page, running.status());
            damage(page, running.status().journalDamage());
        }
        page.append("\r\n# Peers\r\n");
        settings.cluster().addresses().forEach((peer, address) -> peer(page, peer, address));
        return page.toString();
    }

    private static void paxos(StringBuilder page, NodeStatus status, NodeHealth health) {
        line(page, "role", status.role().name().toLowerCase(Locale.ROOT));
        line(page, "leader", status.leader().map(NodeId::toString).orElse("none"));
        line(page, "leader_ballot", status.leaderBallot());
        line(page, "heartbeat_gap_millis", status.heartbeatGapMillis());
        line(page, "heartbeats_late", status.heartbeatsLate());
        line(page, "promised_ballot", status.promised());
        line(page, "known_chosen_slot", status.knownChosen());
        line(page, "applied_slot", status.applied());
        line(page, "lag_slots", status.lagSlots());
        line(page, "highest_vote_slot", status.highestVote());
        line(page, "in_flight_slots", status.inFlightSlots());
        line(page, "pending_bytes", status.pendingBytes());
        line(page, "submitted_commands", status.submittedCommands());
        line(page, "submitted_bytes", status.submittedBytes());
        line(page, "oldest_unforced_write_millis", status.oldestUnforcedMillis());
        line(page, "founding", status.founding());
        line(page, "waiting_for", status.waitingFor());
        line(page, "incarnation", status.incarnation());
        line(page, "boot", status.boot());
        line(page, "dropped_frames", status.droppedFrames());
        line(page, "unknown_slots", status.unknownSlots());
        line(page, "held_up_at_slot", status.heldUpAt().orElse(0));
        line(page, "live", health.isLive() ? "yes" : "no");
        line(page, "ready", health.isReady() ? "yes" : "no");
        line(page, "reasons", String.join("; ", health.reasons()));
    }

    /** How far each is, as this node heard; a node without a vote hears nothing of them. */
    private static void learners(StringBuilder page, List<LearnerStatus> learners) {
        page.append("\r\n# Learners\r\n");
        for (LearnerStatus each : learners) {
            line(
                    page,
                    "learner_" + each.node(),
                    "known_chosen_slot=" + each.knownChosen() + ",lag_slots=" + each.lagSlots() + ",silent_millis="
                            + (each.silentMillis().isEmpty()
                                    ? "none"
                                    : each.silentMillis().getAsLong()));
        }
    }

    private void reads(StringBuilder page) {
        page.append("\r\n# Reads\r\n");
        line(page, "reads_linearizable", log.linearizableReads());
        line(page, "reads_local", log.localReads());
        line(page, "reads_failed", log.failedReads());
    }

    private void snapshots(StringBuilder page, NodeStatus status) {
        page.append("\r\n# Snapshots\r\n");
        line(page, "floor_slot", status.floor());
        line(page, "snapshot_slot", status.snapshotSlot());
        line(page, "snapshot_bytes", status.snapshotBytes());
        line(page, "snapshot_in_progress", status.isTakingSnapshot() ? 1 : 0);
        line(
                page,
                "snapshot_fetch",
                status.snapshotProgress().map(InfoPage::shown).orElse("none"));
        line(page, "snapshot_every_bytes", settings.snapshots().everyBytes());
        line(page, "store_bytes", storeBytes.getAsLong());
        line(page, "store_bytes_max", settings.store().bytesMax());
    }

    private static String shown(SnapshotProgress fetch) {
        return "from=" + fetch.from() + ",slot=" + fetch.slot() + ",bytes=" + fetch.bytes() + ",stored="
                + fetch.storedBytes() + ",bytes_per_second=" + fetch.bytesPerSecond();
    }

    /** A line a place, the first ones: a page is for reading. {@code journal verify} prints all of them. */
    private static void damage(StringBuilder page, List<JournalFinding> damage) {
        page.append("\r\n# Damage\r\n");
        line(page, "damaged_places", damage.size());
        for (int i = 0; i < Math.min(damage.size(), DAMAGE_SHOWN_MAX); i++) {
            JournalFinding each = damage.get(i);
            line(
                    page,
                    "damage_" + (i + 1),
                    "file=" + each.file() + ",offset=" + each.offset() + ",kind=" + each.kind() + ",slots="
                            + each.slots() + ",unknown=" + each.unknown() + ",refilled=" + each.refilled());
        }
    }

    private void peer(StringBuilder page, NodeId peer, ClusterOption.Address address) {
        boolean self = peer.equals(settings.id());
        String reached = self ? "this node" : transport.isReachable(peer) ? "reachable" : "unreachable";
        line(page, "peer_" + peer, "address=" + address + "," + reached);
    }

    private static void line(StringBuilder page, String name, Object value) {
        page.append(name).append(':').append(value).append("\r\n");
    }
}
