// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import io.paxos.model.Ballot;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import io.paxos.model.Value;
import io.paxos.model.VoterSet;
import io.paxos.synod.Effects.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The members A, B, C of the stories, their ballots and values. */
final class Given {
    static final MemberId A = member(1);
    static final MemberId B = member(2);
    static final MemberId C = member(3);
    static final Membership ABC = new Membership(1, List.of(A, B, C), List.of(), new QuorumSystem.Majority(), 1);
    static final Value X = value("x");
    static final Value Y = value("y");

    private Given() {}

    static MemberId member(int number) {
        return new MemberId(new NodeId(number), new Incarnation(number));
    }

    static Value value(String text) {
        return Value.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static Ballot ballot(long round, MemberId owner) {
        return new Ballot(round, owner);
    }

    /** The set of those of A, B, C that are named. */
    static VoterSet set(MemberId... members) {
        VoterSet set = VoterSet.EMPTY;
        for (MemberId member : members) {
            set = ABC.add(set, member);
        }
        return set;
    }

    static Effects writes(Memory memory, Envelope... afterwards) {
        return new Effects(List.of(memory), List.of(), List.of(afterwards));
    }

    static Effects now(Envelope... envelopes) {
        return new Effects(List.of(), List.of(envelopes), List.of());
    }

    static Effects afterwards(Envelope... envelopes) {
        return new Effects(List.of(), List.of(), List.of(envelopes));
    }

    static Envelope to(MemberId receiver, SynodMessage message) {
        return new Envelope(receiver, message);
    }

    static Envelope[] toAll(SynodMessage message, MemberId... receivers) {
        List<Envelope> envelopes = new ArrayList<>();
        for (MemberId receiver : receivers) {
            envelopes.add(to(receiver, message));
        }
        return envelopes.toArray(Envelope[]::new);
    }
}
