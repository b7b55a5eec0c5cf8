// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Frame;
import io.paxos.message.Message;
import io.paxos.model.Founding;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which frames reach the core. What is dropped here is counted, and the protocol repeats what matters.
 *
 * <p>A message of the protocol passes only if its sender is of this node's founding; messages of the founding itself
 * always pass, for it is they that make the founding known. Of a sender that is no voter of it, a learner or one whose
 * directory stands in the place of one that was lost, only requests for what was chosen and commands pass, and of a learner
 * what it has and how far it is: a vote of it must not even be looked at (hazard S18). Frames of an earlier boot than the
 * same member was heard at since are a previous life's (hazard V11).
 */
final class FrameGate {

    /** Founding messages come from strangers too, so what is remembered of senders is bounded. */
    private static final int MEMBERS_MAX = 1_024;

    private final NodeId self;
    private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    private @Nullable Map<DropReason, Long> asTold;
    private final TreeMap<MemberId, Long> boots = new TreeMap<>();

    FrameGate(NodeId self) {
        this.self = self;
        for (DropReason reason : DropReason.values()) {
            dropped.put(reason, 0L);
        }
    }

    /**
     * Whether the frame may go on to the core; counts it if not.
     *
     * @param founding this node's founding, or null while it has none that is durable
     * @param journalBehind whether too much waits for the disk to take more values in
     * @param journalFull whether there is no room for what a promise, a vote or a value would write
     */
    boolean admits(Frame frame, @Nullable Founding founding, boolean journalBehind, boolean journalFull) {
        DropReason reason = reasonToDrop(frame, founding, journalBehind, journalFull);
        if (reason == null) {
            return true;
        }
        count(reason, 1);
        return false;
    }

    /** Whether its sender was heard before, at an earlier boot. Asked before {@link #admits}. */
    boolean isOfNewBoot(Frame frame) {
        Long known = boots.get(frame.sender());
        return known != null && frame.boot() > known;
    }

    private @Nullable DropReason reasonToDrop(
            Frame frame, @Nullable Founding founding, boolean journalBehind, boolean journalFull) {
        if (frame.group() != 0) {
            return DropReason.OTHER_GROUP;
        }
        if (frame.sender().node().equals(self)) {
            return DropReason.OWN_NAME;
        }
        if (!isAboutFounding(frame.message())) {
            if (founding == null || !frame.founding().equals(founding.id())) {
                return DropReason.OTHER_FOUNDING;
            }
            if (!maySay(frame.sender(), frame.message(), founding.membership())) {
                return DropReason.NO_VOTE;
            }
        }
        Long known = boots.get(frame.sender());
        if (known != null && frame.boot() < known) {
            return DropReason.OLDER_BOOT;
        }
        if ((known == null && boots.size() < MEMBERS_MAX) || (known != null && frame.boot() > known)) {
            boots.put(frame.sender(), frame.boot());
        }
        boolean writes = bringsValues(frame.message()) || frame.message() instanceof Message.Prepare;
        if (journalFull && writes) {
            return DropReason.JOURNAL_FULL;
        }
        return journalBehind && bringsValues(frame.message()) ? DropReason.JOURNAL_BEHIND : null;
    }

    private static boolean isAboutFounding(Message message) {
        return message instanceof Message.FoundingGreeting
                || message instanceof Message.FoundingOffer
                || message instanceof Message.FoundingAdopted
                || message instanceof Message.FoundingActivation
                || message instanceof Message.FoundingRefusal
                || message instanceof Message.FollowRequest
                || message instanceof Message.FollowAnswer;
    }

    private static boolean maySay(MemberId sender, Message message, Membership membership) {
        return membership.isVoter(sender)
                || isOfFollower(message)
                || (membership.isLearner(sender.node()) && isOfLearner(message));
    }

    /** What a learner may say beside: how far it is, and what it has. */
    private static boolean isOfLearner(Message message) {
        return message instanceof Message.Learned
                || message instanceof Message.CatchUpPage
                || message instanceof Message.SnapshotPiece;
    }

    /** What one without a vote may say once it has the founding. Its digest counts for nothing, but it is told ours. */
    private static boolean isOfFollower(Message message) {
        return message instanceof Message.AppliedDigest
                || message instanceof Message.CatchUpRequest
                || message instanceof Message.SnapshotRequest
                || message instanceof Message.Forward
                || message instanceof Message.ReadPointRequest;
    }

    /** Whether taking the message in would add values to what waits for the disk. */
    private static boolean bringsValues(Message message) {
        return message instanceof Message.Accept
                || message instanceof Message.CatchUpPage
                || message instanceof Message.ChosenValues;
    }

    void count(DropReason reason, long frames) {
        dropped.merge(reason, frames, Long::sum);
        asTold = null;
    }

    /** How many, for every reason; does not change any more. */
    Map<DropReason, Long> dropped() {
        Map<DropReason, Long> told = asTold;
        if (told == null) {
            told = Collections.unmodifiableMap(new EnumMap<>(dropped));
            asTold = told;
        }
        return told;
    }
}
