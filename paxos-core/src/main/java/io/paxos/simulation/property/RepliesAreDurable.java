// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a member tells another of its promise or of a vote is on its disk when it leaves: "the acceptor records its
 * intended response in stable storage before actually sending the response" (Paxos Made Simple, section 2.5; hazard S1).
 * Refusals too, for they reveal a promise. And a proposer remembers the round of a prepare before the prepare leaves (the
 * same section, end; hazard S5). It is judged when the message is sent, so that no crash has to come at the one
 * moment that would do harm.
 */
public final class RepliesAreDurable implements Property {

    private static final class Disk {
        private Ballot promised = Ballot.NONE;
        private final TreeMap<Long, Ballot> votes = new TreeMap<>();
        private long knownChosen;
        private final TreeSet<Long> chosenAbove = new TreeSet<>();

        private void vote(Proposal vote) {
            promised = Ballot.max(promised, vote.ballot());
            votes.merge(vote.slot(), vote.ballot(), Ballot::max);
        }

        private void chosen(long slot) {
            chosenAbove.add(slot);
            knownUpTo(knownChosen);
        }

        private void knownUpTo(long slot) {
            knownChosen = Math.max(knownChosen, slot);
            chosenAbove.headSet(knownChosen, true).clear();
            while (chosenAbove.remove(knownChosen + 1)) {
                knownChosen++;
            }
        }
    }

    private final TreeMap<NodeId, Disk> disks = new TreeMap<>();

    /** For one run. */
    public RepliesAreDurable() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.FORCED, TraceEvent.Kind.STARTED, TraceEvent.Kind.MESSAGE_SENT);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.MessageSent sent) {
            return judge(sent.from(), sent.message());
        }
        if (event instanceof TraceEvent.Forced forced) {
            Disk disk = diskOf(forced.member().node());
            for (DurableRecord record : forced.records()) {
                if (record instanceof DurableRecord.Promised promise) {
                    disk.promised = Ballot.max(disk.promised, promise.ballot());
                } else if (record instanceof DurableRecord.Accepted accepted) {
                    disk.vote(accepted.proposal());
                } else if (record instanceof DurableRecord.Chosen chosen) {
                    disk.chosen(chosen.proposal().slot());
                } else if (record instanceof DurableRecord.KnownChosen mark) {
                    disk.knownUpTo(mark.slot());
                } else if (record instanceof DurableRecord.Trimmed trimmed) {
                    disk.knownUpTo(trimmed.floor());
                }
            }
        } else if (event instanceof TraceEvent.Started started) {
            Disk disk = diskOf(started.member().node());
            disk.promised = Ballot.max(disk.promised, started.remembered().promised());
            started.remembered().votes().forEach(disk::vote);
            disk.knownChosen = 0;
            disk.chosenAbove.clear();
            disk.knownUpTo(started.remembered().knownChosen());
            disk.knownUpTo(started.remembered().floor());
            started.remembered().chosen().forEach(chosen -> disk.chosen(chosen.slot()));
        }
        return null;
    }

    private Disk diskOf(NodeId node) {
        return disks.computeIfAbsent(node, each -> new Disk());
    }

    private @Nullable String judge(NodeId from, Message message) {
        if (message instanceof Message.Promise promise) {
            return judgePromise(from, promise.ballot());
        }
        if (message instanceof Message.Prepare prepare) {
            return judgePromise(from, prepare.ballot());
        }
        if (message instanceof Message.Accepted accepted) {
            String wrong = judgePromise(from, accepted.promised());
            return wrong != null ? wrong : judgeVotes(from, accepted.ballot(), accepted.slots());
        }
        if (message instanceof Message.Rejected rejected) {
            return judgePromise(from, rejected.promised());
        }
        if (message instanceof Message.HeartbeatAck ack) {
            return judgePromise(from, ack.promised());
        }
        if (message instanceof Message.Learned learned) {
            return judgeLearned(from, learned.knownChosen());
        }
        return message instanceof Message.CanvassReply reply ? judgePromise(from, reply.promised()) : null;
    }

    private @Nullable String judgeLearned(NodeId from, long told) {
        long durable = diskOf(from).knownChosen;
        return told > durable
                ? from + " tells that it has every slot up to " + told + ", but on its disk is every one up to "
                        + durable
                : null;
    }

    private @Nullable String judgePromise(NodeId from, Ballot told) {
        Ballot durable = diskOf(from).promised;
        return told.isAbove(durable)
                ? from + " tells that it promised " + told + ", but on its disk is " + durable
                : null;
    }

    private @Nullable String judgeVotes(NodeId from, Ballot told, SlotRange slots) {
        for (long slot = slots.first(); slot <= slots.last(); slot++) {
            Ballot durable = diskOf(from).votes.getOrDefault(slot, Ballot.NONE);
            if (told.isAbove(durable)) {
                return from + " tells that it voted at " + told + " in slot " + slot + ", but on its disk is "
                        + durable;
            }
        }
        return null;
    }
}
