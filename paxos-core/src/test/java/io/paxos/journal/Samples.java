// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.ClusterId;
import io.paxos.model.Command;
import io.paxos.model.DurableRecord;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SessionId;
import io.paxos.model.Value;
import java.util.List;

/** A cluster of three, seen from its member A, and records of it. */
final class Samples {

    static final ClusterId CLUSTER = new ClusterId("sample-cluster");
    static final MemberId A = member(1, 0xa1a1a1a1a1a1a1a1L);
    static final MemberId B = member(2, 0xb2b2b2b2b2b2b2b2L);
    static final MemberId C = member(3, 0xc3c3c3c3c3c3c3c3L);
    static final Founding FOUNDING = new Founding(
            new FoundingId(0x0102030405060708L, 0x090a0b0c0d0e0f10L),
            new Membership(1, List.of(A, B, C), List.of(), new QuorumSystem.Majority(), 64));

    private Samples() {}

    static MemberId member(int node, long incarnation) {
        return new MemberId(new NodeId(node), new Incarnation(incarnation));
    }

    static Ballot ballot(long round, MemberId owner) {
        return new Ballot(round, owner);
    }

    /** A batch of one command, stamped with that time; its bytes tell it from others. */
    static Value value(long timeMillis, int payloadBytes) {
        byte[] payload = new byte[payloadBytes];
        for (int i = 0; i < payloadBytes; i++) {
            payload[i] = (byte) (timeMillis * 31 + i);
        }
        Command command = new Command(Command.Kind.COMMAND, new SessionId(7, 7), 1, timeMillis, 0, payload);
        return new Batch(0, timeMillis, 0, List.of(command)).encode();
    }

    static Proposal proposal(long slot, Ballot ballot, Value value) {
        return new Proposal(slot, ballot, value);
    }

    static DurableRecord accepted(long slot, Ballot ballot, Value value) {
        return new DurableRecord.Accepted(proposal(slot, ballot, value));
    }

    static DurableRecord chosen(long slot, Ballot ballot, Value value) {
        return new DurableRecord.Chosen(proposal(slot, ballot, value));
    }

    static DurableRecord promised(Ballot ballot, long attempt) {
        return new DurableRecord.Promised(ballot, attempt);
    }

    static DurableRecord knownChosen(long slot) {
        return new DurableRecord.KnownChosen(slot);
    }

    static List<DurableRecord> founding() {
        return List.of(new DurableRecord.FoundingAdopted(FOUNDING), new DurableRecord.FoundingActivated(FOUNDING.id()));
    }
}
