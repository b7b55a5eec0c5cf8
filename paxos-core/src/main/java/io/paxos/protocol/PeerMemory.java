// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.CanvassReply;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.Promise;
import io.paxos.message.Message.Rejected;
import io.paxos.message.Message.Remembered;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What this replica saw the others make durable, and what it does about one that has forgotten.
 *
 * <p>C voted in slot 7, and 7 was chosen by B and C. C's directory is put back from last night's copy; its incarnation is
 * the same, so everybody takes it for C. A stands, asks C, hears "nothing in 7", and proposes something else there. Nothing
 * on C's disk tells; but B remembers. So a member that starts again is told what was seen of it, and stops if it remembers
 * less; and a candidate that remembers a vote which a promise leaves out does not count that promise (hazard S20).
 *
 * <p>Memory lasts as long as the process. A member whose peers all started after they last heard it is not found out.
 */
final class PeerMemory {

    private static final class Seen {
        private Ballot promised = Ballot.NONE;
        private long slot;
        private Ballot voted = Ballot.NONE;
        private long toldMillis = -1;

        void promised(Ballot ballot) {
            promised = Ballot.max(promised, ballot);
        }

        void voted(long inSlot, Ballot ballot) {
            if (inSlot > slot || (inSlot == slot && ballot.isAbove(voted))) {
                slot = inSlot;
                voted = ballot;
            }
        }
    }

    private final Timing timing;
    private final Acceptor acceptor;
    private final Learner learner;
    private final TreeMap<MemberId, Seen> peers = new TreeMap<>();

    PeerMemory(Timing timing, Acceptor acceptor, Learner learner) {
        this.timing = timing;
        this.acceptor = acceptor;
        this.learner = learner;
    }

    /** A member started again: it is told at once, before it can answer anything. */
    void onPeerStarted(MemberId peer, Outbox out) {
        Seen seen = peers.get(peer);
        if (seen != null) {
            tell(peer, seen, out);
        }
    }

    /**
     * Remembers what the message reveals.
     *
     * @return whether the message may be counted: false for a promise that leaves out a vote which was seen
     */
    boolean admits(MemberId from, Message message, Outbox out) {
        Ballot promised = promiseIn(message);
        if (promised == null) {
            return true;
        }
        Seen seen = peers.computeIfAbsent(from, member -> new Seen());
        boolean forgot = message instanceof Promise page && leavesOut(page, seen);
        if (forgot || seen.promised.isAbove(promised)) {
            // Below what it promised before: late, or forgotten. It knows which.
            if (seen.toldMillis < 0 || out.nowMillis() - seen.toldMillis >= timing.heartbeatMillis()) {
                tell(from, seen, out);
            }
            return !forgot;
        }
        seen.promised(promised);
        if (message instanceof Accepted accepted) {
            seen.voted(accepted.slots().last(), accepted.ballot());
        } else if (message instanceof Promise page && !page.votes().isEmpty()) {
            Proposal last = page.votes().get(page.votes().size() - 1);
            seen.voted(last.slot(), last.ballot());
        }
        return true;
    }

    private static @Nullable Ballot promiseIn(Message message) {
        if (message instanceof Accepted accepted) {
            return accepted.promised();
        } else if (message instanceof HeartbeatAck ack) {
            return ack.promised();
        } else if (message instanceof Promise page) {
            return page.ballot();
        } else if (message instanceof Rejected rejected) {
            return rejected.promised();
        }
        return message instanceof CanvassReply reply ? reply.promised() : null;
    }

    private static boolean leavesOut(Promise page, Seen seen) {
        long slot = seen.slot;
        if (!page.covered().contains(slot) || slot <= page.knownChosen() || slot <= page.floor()) {
            return false;
        }
        return page.votes().stream().noneMatch(vote -> vote.slot() == slot && !seen.voted.isAbove(vote.ballot()))
                && page.chosen().stream().noneMatch(chosen -> chosen.slot() == slot)
                && page.unknown().stream().noneMatch(range -> range.contains(slot));
    }

    private static void tell(MemberId peer, Seen seen, Outbox out) {
        seen.toldMillis = out.nowMillis();
        out.sendNow(peer.node(), new Remembered(seen.promised, seen.slot, seen.voted));
    }

    /** Somebody tells what it saw of this member: either it is remembered here too, or this directory is an old copy. */
    void onRemembered(MemberId from, Remembered seen, Outbox out) {
        boolean promiseLost = seen.promised().isAbove(acceptor.promised());
        boolean voteLost = seen.slot() > learner.knownChosen()
                && !learner.knows(seen.slot())
                && !acceptor.answersFor(seen.slot(), seen.voted());
        if (promiseLost || voteLost) {
            out.notice(new Notice.MustStop("this directory was put back from an older copy: " + from
                    + " saw it promise " + seen.promised() + " and vote in slot " + seen.slot() + " at "
                    + seen.voted() + ", but here the promise is " + acceptor.promised()
                    + (voteLost ? " and that vote is missing" : "")
                    + ". It must not vote again; format it anew, and let a membership change take it in"));
        }
    }
}
