// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.DurableRecord;
import io.paxos.model.FoundingId;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.protocol.Effects.Envelope;
import io.paxos.protocol.Notice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything as one short line. A nonce is shown as {@code #1}, {@code #2}, … in the order in which this transcript first
 * shows them; a proposal as {@code slot@ballot value}.
 */
final class Wording {

    private final TreeMap<Long, Integer> nonces = new TreeMap<>();

    String of(Message message) {
        String kind = message.getClass().getSimpleName();
        if (message instanceof Message.FoundingGreeting greeting) {
            return kind + " adopted " + of(greeting.adopted());
        } else if (message instanceof Message.FoundingOffer offer) {
            return kind + " " + of(offer.founding().id()) + " "
                    + offer.founding().membership().voters();
        } else if (message instanceof Message.FoundingAdopted adopted) {
            return kind + " " + of(adopted.id());
        } else if (message instanceof Message.FoundingActivation activation) {
            return kind + " " + of(activation.id());
        } else if (message instanceof Message.FoundingRefusal refusal) {
            return kind + " " + of(refusal.id());
        } else if (message instanceof Message.FollowRequest request) {
            return kind + " " + of(request.adopted());
        } else if (message instanceof Message.FollowAnswer answer) {
            return kind + " " + of(answer.founding().id()) + leader(answer.leader()) + known(answer.knownChosen());
        } else if (message instanceof Message.Canvass canvass) {
            return kind + " " + nonce(canvass.nonce()) + known(canvass.knownChosen());
        } else if (message instanceof Message.CanvassReply reply) {
            return kind + " " + nonce(reply.nonce()) + (reply.granted() ? " yes" : " no") + promised(reply.promised())
                    + leader(reply.leader()) + known(reply.knownChosen());
        } else if (message instanceof Message.Prepare prepare) {
            return kind + " " + prepare.ballot() + " " + nonce(prepare.attempt()) + " from " + prepare.from();
        } else if (message instanceof Message.Promise promise) {
            return kind + " " + promise.ballot() + " " + nonce(promise.attempt()) + " covers " + promise.covered()
                    + known(promise.knownChosen()) + list("votes", promise.votes()) + list("chosen", promise.chosen());
        } else if (message instanceof Message.Accept accept) {
            return kind + " " + of(accept.proposal());
        } else if (message instanceof Message.Accepted accepted) {
            return kind + " " + accepted.slots() + "@" + accepted.ballot() + promised(accepted.promised())
                    + known(accepted.knownChosen());
        } else if (message instanceof Message.Rejected rejected) {
            String attempt = rejected.attempt() == 0 ? "" : " " + nonce(rejected.attempt());
            return kind + " " + rejected.ballot() + attempt + " slot " + rejected.slot() + promised(rejected.promised())
                    + leader(rejected.leader()) + known(rejected.knownChosen());
        }
        return ofLeading(kind, message);
    }

    private String ofLeading(String kind, Message message) {
        if (message instanceof Message.Heartbeat heartbeat) {
            return kind + " " + heartbeat.ballot() + " number " + heartbeat.sequence()
                    + (heartbeat.hasQuorum() ? " quorum" : " no quorum") + known(heartbeat.knownChosen());
        } else if (message instanceof Message.HeartbeatAck ack) {
            return kind + " " + ack.ballot() + " number " + ack.sequence() + promised(ack.promised())
                    + leader(ack.leader()) + known(ack.knownChosen()) + (ack.fit() ? "" : ", unfit");
        } else if (message instanceof Message.LeadershipOffer offer) {
            return kind + " " + offer.ballot() + " " + nonce(offer.nonce()) + known(offer.knownChosen());
        } else if (message instanceof Message.ChosenNotice notice) {
            return kind + " " + notice.slots() + "@" + notice.ballot() + known(notice.knownChosen());
        } else if (message instanceof Message.CatchUpRequest request) {
            return kind + " " + nonce(request.nonce()) + " slots " + request.slots();
        } else if (message instanceof Message.CatchUpPage page) {
            return kind + " " + nonce(page.nonce()) + " from " + page.from() + list("chosen", page.chosen())
                    + known(page.knownChosen());
        } else if (message instanceof Message.ChosenValues values) {
            return kind + list("chosen", values.chosen()) + known(values.knownChosen());
        } else if (message instanceof Message.Learned learned) {
            return kind + known(learned.knownChosen());
        } else if (message instanceof Message.Forward forward) {
            return kind + " relays " + forward.relays() + ": " + ofCommands(forward.commands());
        } else if (message instanceof Message.ForwardRefused refused) {
            return kind + " " + refused.reason() + " from sequence " + refused.firstSequence() + " of "
                    + refused.origin() + leader(refused.leader()) + known(refused.knownChosen());
        }
        if (message instanceof Message.ReadRound round) {
            return kind + " " + round.ballot() + " number " + round.round()
                    + (round.leaseMillis() == 0 ? "" : ", lease of " + round.leaseMillis() + " ms");
        } else if (message instanceof Message.ReadRoundAnswer answer) {
            return kind + " " + answer.ballot() + " number " + answer.round() + (answer.granted() ? ", granted" : "");
        } else if (message instanceof Message.ReadPointRequest request) {
            return kind + " relays " + request.relays() + " for " + request.origin() + " " + nonce(request.nonce());
        } else if (message instanceof Message.ReadPointAnswer answer) {
            return kind + " for " + answer.origin() + " " + nonce(answer.nonce()) + " slot " + answer.point();
        } else if (message instanceof Message.LeaseSurrender surrender) {
            return kind + " " + surrender.ballot();
        }
        if (message instanceof Message.Remembered seen) {
            return kind + promised(seen.promised()) + ", voted in slot " + seen.slot() + "@" + seen.voted();
        }
        throw new Violation("no wording for " + message);
    }

    String of(DurableRecord each) {
        if (each instanceof DurableRecord.Promised promise) {
            return "promised " + promise.ballot() + " " + nonce(promise.attempt());
        } else if (each instanceof DurableRecord.Accepted accepted) {
            return "accepted " + of(accepted.proposal());
        } else if (each instanceof DurableRecord.Chosen chosen) {
            return "chosen " + of(chosen.proposal());
        } else if (each instanceof DurableRecord.KnownChosen mark) {
            return "known chosen up to " + mark.slot();
        } else if (each instanceof DurableRecord.FoundingAdopted adopted) {
            return "adopted founding " + of(adopted.founding().id());
        } else if (each instanceof DurableRecord.FoundingActivated activated) {
            return "activated founding " + of(activated.id());
        }
        throw new Violation("no wording for " + each);
    }

    /** What a notice of that member says. */
    String of(MemberId self, Notice notice) {
        if (notice instanceof Notice.LeaderChanged changed) {
            if (changed.leadsHere()) {
                return "leads at " + changed.leader();
            }
            if (changed.leader().owner().equals(self)) {
                return "leads on at " + changed.leader() + ", but takes no commands";
            }
            return changed.leader().isNone() ? "knows no leader" : "follows " + changed.leader();
        } else if (notice instanceof Notice.HandOverBegan began) {
            return "hands over what it leads at " + began.ballot();
        } else if (notice instanceof Notice.HandOverEnded ended) {
            return "hand-over to " + (ended.target().isNone() ? "nobody" : ended.target()) + " ends: " + ended.result();
        } else if (notice instanceof Notice.CommandsRefused refused) {
            return "refused its session from sequence " + refused.firstSequence() + " on: " + refused.reason();
        } else if (notice instanceof Notice.CatchUpRead read) {
            return "reads slots " + read.slots() + " for " + read.to();
        } else if (notice instanceof Notice.FoundingActivated activated) {
            return "is active in founding " + of(activated.id());
        } else if (notice instanceof Notice.Follows follows) {
            return "follows founding " + of(follows.id()) + " without a vote";
        } else if (notice instanceof Notice.MustStop stop) {
            return "must stop: " + stop.reason();
        } else if (notice instanceof Notice.Refused refused) {
            return "is refused by " + refused.by() + " of founding " + of(refused.founding());
        }
        throw new Violation("no wording for " + notice);
    }

    /** Neighbours that say the same to several nodes become one line. */
    List<String> ofEnvelopes(List<Envelope> envelopes) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= envelopes.size(); i++) {
            Message message = envelopes.get(start).message();
            if (i == envelopes.size() || !envelopes.get(i).message().equals(message)) {
                String receivers = envelopes.subList(start, i).stream()
                        .map(each -> each.to().toString())
                        .collect(Collectors.joining(","));
                lines.add("to " + receivers + ": " + of(message));
                start = i;
            }
        }
        return lines;
    }

    String of(Proposal proposal) {
        return proposal.slot() + "@" + proposal.ballot() + " " + of(proposal.value());
    }

    String of(Value value) {
        return ofCommands(Batch.decode(value).commands());
    }

    private static String ofCommands(List<Command> commands) {
        return commands.stream()
                .map(each -> each.kind() == Command.Kind.NO_OP
                        ? "no-op"
                        : new String(each.payload(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("+"));
    }

    /** A founding is named after the node that minted it, and which incarnation of it. */
    static String of(FoundingId id) {
        return id.isNone() ? "none" : "F" + id.high() + "." + id.low();
    }

    private String nonce(long nonce) {
        return nonce == 0 ? "#0" : "#" + nonces.computeIfAbsent(nonce, unused -> nonces.size() + 1);
    }

    private static String known(long knownChosen) {
        return ", known " + knownChosen;
    }

    private static String promised(Ballot promised) {
        return ", promised " + promised;
    }

    private static String leader(Ballot leader) {
        return ", leader " + leader;
    }

    private String list(String name, List<Proposal> proposals) {
        if (proposals.isEmpty()) {
            return "";
        }
        return ", " + name + proposals.stream().map(this::of).collect(Collectors.joining("] [", " [", "]"));
    }

    static String of(SlotRange range) {
        return range.toString();
    }
}
