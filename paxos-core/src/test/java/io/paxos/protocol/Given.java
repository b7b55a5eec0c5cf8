// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SessionId;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import io.paxos.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The members, ballots, values and memories that step tests begin with. */
final class Given {

    static final MemberId A = member(1);
    static final MemberId B = member(2);
    static final MemberId C = member(3);
    static final MemberId D = member(4);
    static final MemberId E = member(5);
    /** A member of no membership here. */
    static final MemberId STRANGER = member(99);

    static final FoundingId FOUNDING = new FoundingId(0xf0, 0x0d);
    static final QuorumSystem MAJORITY = new QuorumSystem.Majority();
    static final int ALPHA = 64;

    private Given() {}

    static MemberId member(int number) {
        return new MemberId(new NodeId(number), new Incarnation(0xaa0000000000_0000L + number));
    }

    static Membership members(int count) {
        return members(count, MAJORITY, ALPHA);
    }

    static Membership members(int count, QuorumSystem quorums, int alpha) {
        List<MemberId> voters = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            voters.add(member(i));
        }
        return new Membership(1, voters, List.of(), quorums, alpha);
    }

    static FoundingPlan plan(Membership membership) {
        return new FoundingPlan(
                membership.voters().stream().map(MemberId::node).toList(),
                membership.learners(),
                membership.quorums(),
                membership.alpha());
    }

    static Ballot ballot(long round, MemberId owner) {
        return new Ballot(round, owner);
    }

    static Command command(long sequence, String text) {
        return new Command(
                Command.Kind.COMMAND, SessionId.ofNode(A), 1, sequence, 0, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A batch of one command, stamped 0. */
    static Value value(String text) {
        return value(text, 0);
    }

    static Value value(String text, long stampMillis) {
        return value(1, text, stampMillis);
    }

    static Value value(long sequence, String text, long stampMillis) {
        return new Batch(0, stampMillis, 0, List.of(command(sequence, text))).encode();
    }

    static Value noOp(long stampMillis) {
        return Batch.noOp(stampMillis).encode();
    }

    static Proposal proposal(long slot, Ballot ballot, String text) {
        return new Proposal(slot, ballot, value(text));
    }

    static SlotRange slots(long first, long last) {
        return new SlotRange(first, last);
    }

    static SlotRange slot(long slot) {
        return new SlotRange(slot, slot);
    }

    static SlotRange upFrom(long first) {
        return new SlotRange(first, Slots.MAX);
    }

    static Memory memory(MemberId self, Membership membership) {
        return new Memory(self, membership);
    }

    /** Builds what a member remembers when it starts, and adds up records the slow and simple way. */
    static final class Memory {
        private final MemberId self;
        private @Nullable Founding founding;
        private boolean activated = true;
        private Ballot promised = Ballot.NONE;
        private long attempt;
        private long floor;
        private long knownChosen;
        private long timeMillis;
        private final TreeMap<Long, Proposal> votes = new TreeMap<>();
        private final TreeMap<Long, Proposal> chosen = new TreeMap<>();
        private List<SlotRange> unknown = List.of();
        private boolean voteless;

        private Memory(MemberId self, Membership membership) {
            this.self = self;
            this.founding = new Founding(FOUNDING, membership);
        }

        Memory promised(Ballot ballot, long attempt) {
            this.promised = ballot;
            this.attempt = attempt;
            return this;
        }

        Memory floor(long floor) {
            this.floor = floor;
            return this;
        }

        Memory known(long slot, long timeMillis) {
            this.knownChosen = slot;
            this.timeMillis = timeMillis;
            return this;
        }

        Memory votes(Proposal... proposals) {
            for (Proposal vote : proposals) {
                votes.put(vote.slot(), vote);
            }
            return this;
        }

        Memory chosen(Proposal... proposals) {
            for (Proposal each : proposals) {
                chosen.put(each.slot(), each);
            }
            return this;
        }

        Memory unknown(SlotRange... ranges) {
            this.unknown = List.of(ranges);
            return this;
        }

        /** Its directory stands in the place of one that was lost. */
        Memory voteless() {
            this.voteless = true;
            return this;
        }

        /** Everything that was written is still there after the restart. */
        Memory after(List<DurableRecord> writes) {
            for (DurableRecord write : writes) {
                after(write);
            }
            return this;
        }

        private void after(DurableRecord write) {
            if (write instanceof DurableRecord.Promised promise) {
                promised(promise.ballot(), promise.attempt());
            } else if (write instanceof DurableRecord.Accepted vote) {
                Ballot at = vote.proposal().ballot();
                if (at.isAbove(promised)) {
                    promised(at, 0);
                }
                votes(vote.proposal());
            } else if (write instanceof DurableRecord.Chosen value) {
                chosen(value.proposal());
            } else if (write instanceof DurableRecord.KnownChosen mark) {
                Proposal last = chosen.getOrDefault(mark.slot(), votes.get(mark.slot()));
                known(mark.slot(), last == null ? timeMillis : Batch.agreedTimeMillisOf(last.value()));
                votes.headMap(mark.slot(), true).clear();
                chosen.headMap(mark.slot(), true).clear();
            } else if (write instanceof DurableRecord.FoundingAdopted adopted) {
                founding = adopted.founding();
            } else if (write instanceof DurableRecord.FoundingActivated) {
                activated = true;
            } else {
                throw new IllegalArgumentException("the core does not write " + write);
            }
        }

        DurableState state() {
            return new DurableState(
                    self,
                    1,
                    founding,
                    activated,
                    promised,
                    attempt,
                    floor,
                    knownChosen,
                    timeMillis,
                    List.copyOf(votes.values()),
                    List.copyOf(chosen.values()),
                    unknown,
                    voteless);
        }
    }

    /** A member that was formatted a moment ago. */
    static Memory fresh(MemberId self) {
        Memory memory = new Memory(self, members(1));
        memory.founding = null;
        memory.activated = false;
        return memory;
    }
}
