// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.Value;
import io.paxos.synod.SynodMessage;
import io.paxos.synod.SynodMessage.Accept;
import io.paxos.synod.SynodMessage.Accepted;
import io.paxos.synod.SynodMessage.Chosen;
import io.paxos.synod.SynodMessage.Prepare;
import io.paxos.synod.SynodMessage.Promise;
import io.paxos.synod.SynodMessage.Rejected;
import io.paxos.synod.Vote;
import java.nio.charset.StandardCharsets;

/** Messages as people read them in a counterexample. */
final class SynodWording {
    private SynodWording() {}

    static String of(SynodMessage message) {
        if (message instanceof Prepare prepare) {
            return "Prepare(" + prepare.ballot() + ")";
        } else if (message instanceof Promise promise) {
            Vote vote = promise.vote();
            return "Promise(" + promise.ballot() + ", " + (vote == null ? "no vote" : of(vote)) + ")";
        } else if (message instanceof Accept accept) {
            return "Accept(" + accept.ballot() + ", " + of(accept.value()) + ")";
        } else if (message instanceof Accepted accepted) {
            return "Accepted(" + accepted.ballot() + ", " + of(accepted.value()) + ")";
        } else if (message instanceof Rejected rejected) {
            return "Rejected(" + rejected.ballot() + ", promised " + rejected.promised() + ")";
        } else if (message instanceof Chosen chosen) {
            return "Chosen(" + chosen.ballot() + ", " + of(chosen.value()) + ")";
        }
        throw new IllegalStateException("no words for " + message);
    }

    static String of(Vote vote) {
        return of(vote.value()) + " at " + vote.ballot();
    }

    static String of(Value value) {
        return new String(value.bytes(), StandardCharsets.US_ASCII);
    }
}
