// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SessionId;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;

/** A cluster of three, and commands of one session. */
final class Sample {

    static final List<MemberId> MEMBERS = List.of(member(1), member(2), member(3));
    static final Founding FOUNDING = new Founding(
            new FoundingId(0xf0, 0x0d), new Membership(1, MEMBERS, List.of(), new QuorumSystem.Majority(), 1_024));
    static final SessionId SESSION = new SessionId(7, 7);

    private Sample() {}

    private static MemberId member(int number) {
        return new MemberId(new NodeId(number), new Incarnation(7_000 + number));
    }

    /** So many neighbours, from that sequence on, all with the same payload. */
    static List<Command> commands(long firstSequence, int count, byte[] payload) {
        List<Command> commands = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long sequence = firstSequence + i;
            commands.add(
                    new Command(Command.Kind.COMMAND, SESSION, 1, sequence, Math.max(1, sequence - count), payload));
        }
        return commands;
    }

    /** A batch of them. */
    static Value value(int count, int bytes) {
        return new Batch(0, 1, 0, commands(1, count, new byte[bytes])).encode();
    }
}
