// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import java.util.ArrayList;
import java.util.List;

/** Says in sentences for the operator why a node that runs is not ready, and what is wrong with it although it is. */
final class HealthReasons {

    private HealthReasons() {}

    static List<String> of(NodeStatus status) {
        List<String> reasons = new ArrayList<>(status.diskReasons());
        if (!status.isReady() && status.mayVote()) {
            reasons.add(0, notReadyBecause(status));
        }
        if (!status.unknownSlots().isEmpty()) {
            reasons.add(damageOf(status));
        }
        status.divergence().ifPresent(reasons::add);
        return reasons;
    }

    private static String damageOf(NodeStatus status) {
        List<JournalFinding> open = status.journalDamage().stream()
                .filter(each -> !each.unknown().isEmpty())
                .toList();
        return "the log is damaged, slots " + status.unknownSlots() + " are unknown here until other members send them"
                + (open.isEmpty() ? "" : "; " + open.get(0))
                + (open.size() < 2 ? "" : "; and " + (open.size() - 1) + " more places");
    }

    private static String notReadyBecause(NodeStatus status) {
        if (status.role() == NodeStatus.Role.FOUNDING && status.refusedBy().isPresent()) {
            return "this directory was wiped or replaced: " + status.refusedBy().get()
                    + " says that this node is not of"
                    + " its founding, and no vote of it counts; start it with rejoin to follow without a vote";
        }
        if (status.role() == NodeStatus.Role.FOLLOWER_WITHOUT_VOTE
                && !status.waitingFor().isEmpty()) {
            return "follows without a vote, and no member has answered yet; asking " + status.waitingFor();
        }
        if (status.role() == NodeStatus.Role.LEARNER && !status.waitingFor().isEmpty()) {
            return "a learner, and no voter has answered yet; asking " + status.waitingFor();
        }
        if (status.role() == NodeStatus.Role.FOUNDING) {
            return "the cluster is not founded yet; waiting for " + status.waitingFor();
        }
        long slot = status.heldUpAt().orElse(Long.MAX_VALUE);
        if (slot > status.knownChosen() && slot < Long.MAX_VALUE) {
            return "too many members lost what they voted for in slot " + slot
                    + " to damage; nothing may be proposed there";
        }
        if (status.applied() < status.knownChosen() && slot == status.applied() + 1) {
            return "the value of slot " + slot
                    + " was lost here to damage, and no other member has sent it yet; nothing"
                    + " above it can be applied";
        }
        if (status.applied() < status.floor() || status.snapshotProgress().isPresent()) {
            return "the log here begins behind slot " + status.floor() + ", and the state machine stands at "
                    + status.applied() + ": "
                    + status.snapshotProgress()
                            .map(progress -> progress.storedBytes() + " of " + progress.bytes()
                                    + " bytes of a snapshot came from " + progress.from())
                            .orElse("a snapshot has to come from another member");
        }
        if (status.leader().isEmpty()) {
            return "no leader is known";
        }
        if (status.applied() < status.knownChosen()) {
            return "the state machine is behind: " + status.applied() + " of " + status.knownChosen()
                    + " slots are applied";
        }
        return "this node's session is not open yet";
    }
}
