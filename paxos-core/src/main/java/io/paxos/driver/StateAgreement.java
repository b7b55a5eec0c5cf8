// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Message;
import io.paxos.message.Message.AppliedDigest;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares what this member's state machine came to with what the other members say theirs came to (hazard C2). After every
 * so many slots each tells its digest. A member that a majority of the voters contradicts alike is wrong, and stops before
 * it answers from a state that nobody else has. Without a majority nobody knows who is wrong; then the operator is told.
 *
 * <p>What is lost on the way is made up for: a digest is over everything before it, so the next one differs too.
 *
 * <p>Owned by the driver's thread.
 */
final class StateAgreement {

    /** The driver, as far as it is needed here. */
    interface Host {
        void send(NodeId to, Message message);

        void diverged(Divergence divergence);

        void stop(String reason);
    }

    /** Digests remembered of each member: one may be so much faster than another. */
    private static final int REMEMBERED_MAX = 64;

    private final MemberId self;
    private final Host host;
    private final TreeMap<Long, Long> mine = new TreeMap<>();
    private final Map<MemberId, TreeMap<Long, Long>> theirs = new LinkedHashMap<>();
    private @Nullable Membership membership;
    private @Nullable Divergence divergence;

    StateAgreement(MemberId self, Host host) {
        this.self = self;
        this.host = host;
    }

    /** Whose digests count. */
    void members(Membership inForce) {
        membership = inForce;
        theirs.keySet().removeIf(member -> !inForce.isVoter(member));
    }

    /** This member's state at a slot. */
    void mine(StateDigest digest) {
        remember(mine, digest);
        Membership inForce = membership;
        if (inForce == null) {
            return;
        }
        for (MemberId voter : inForce.voters()) {
            if (!voter.equals(self)) {
                host.send(voter.node(), new AppliedDigest(digest.slot(), digest.digest()));
            }
        }
        compare(inForce, digest);
    }

    /** Another member's state at a slot. */
    void told(MemberId from, StateDigest digest) {
        Membership inForce = membership;
        if (inForce == null || from.equals(self)) {
            return;
        }
        Long here = mine.get(digest.slot());
        if (!inForce.isVoter(from)) { // it has no vote here, but may learn that it is wrong
            if (here != null && inForce.isVoter(self)) {
                host.send(from.node(), new AppliedDigest(digest.slot(), here));
            }
            return;
        }
        remember(theirs.computeIfAbsent(from, member -> new TreeMap<>()), digest);
        if (here != null) {
            compare(inForce, new StateDigest(digest.slot(), here));
        }
    }

    private static void remember(NavigableMap<Long, Long> digests, StateDigest digest) {
        digests.put(digest.slot(), digest.digest());
        if (digests.size() > REMEMBERED_MAX) {
            digests.pollFirstEntry();
        }
    }

    private void compare(Membership inForce, StateDigest here) {
        Map<Long, Integer> votes = new TreeMap<>();
        if (inForce.isVoter(self)) {
            votes.put(here.digest(), 1);
        }
        Divergence found = null;
        for (Map.Entry<MemberId, TreeMap<Long, Long>> each : theirs.entrySet()) {
            Long there = each.getValue().get(here.slot());
            if (there != null) {
                votes.merge(there, 1, Integer::sum);
                if (there != here.digest()) {
                    found = new Divergence(here.slot(), here.digest(), each.getKey(), there);
                }
            }
        }
        if (found == null) {
            return;
        }
        int majority = inForce.voters().size() / 2 + 1;
        if (votes.getOrDefault(here.digest(), 0) >= majority) {
            divergence = null; // the other one is wrong, and stops
            return;
        }
        for (Map.Entry<Long, Integer> each : votes.entrySet()) {
            if (each.getValue() >= majority) {
                host.stop(
                        "this member's state is not what a majority came to: digest " + Long.toHexString(here.digest())
                                + " at slot " + here.slot() + " here, " + Long.toHexString(each.getKey()) + " on "
                                + each.getValue()
                                + " members. Its state machine is not deterministic, or its memory is damaged;"
                                + " its snapshots may hold the wrong state too");
                return;
            }
        }
        Divergence before = divergence;
        divergence = found;
        if (before == null || before.slot() != found.slot()) {
            host.diverged(found);
        }
    }

    /** What differs, as last compared, while no majority tells who is wrong; null if nothing. */
    @Nullable
    Divergence divergence() {
        return divergence;
    }
}
