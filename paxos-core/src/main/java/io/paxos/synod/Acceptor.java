// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.synod.Effects.Envelope;
import io.paxos.synod.SynodMessage.Accept;
import io.paxos.synod.SynodMessage.Accepted;
import io.paxos.synod.SynodMessage.Prepare;
import io.paxos.synod.SynodMessage.Promise;
import io.paxos.synod.SynodMessage.Rejected;
import java.util.List;

/**
 * The acceptor of Paxos Made Simple, section 2.2: it keeps its word.
 *
 * <pre>
 *   promised b ──Prepare(b' ≥ b)──▶ promised b'         answers Promise with its last vote
 *              ──Accept(b' ≥ b, v)──▶ promised b', voted (b', v)   answers Accepted
 *              ──anything below b──▶ same               answers Rejected
 * </pre>
 *
 * @param memory the promise and the last vote
 */
public record Acceptor(Memory memory) {

    Step<Acceptor> onPrepare(MemberId from, Prepare prepare) {
        Ballot ballot = prepare.ballot();
        if (memory.promised().isAbove(ballot)) {
            return rejects(from, ballot);
        }
        return remembers(memory.promise(ballot), from, new Promise(ballot, memory.vote()));
    }

    Step<Acceptor> onAccept(MemberId from, Accept accept) {
        Ballot ballot = accept.ballot();
        if (memory.promised().isAbove(ballot)) {
            return rejects(from, ballot);
        }
        Vote vote = new Vote(ballot, accept.value());
        return remembers(Memory.voted(vote), from, new Accepted(ballot, accept.value()));
    }

    /** Writes first, answers after. A repeated question writes nothing, and its answer still waits for earlier writes. */
    private Step<Acceptor> remembers(Memory next, MemberId to, SynodMessage answer) {
        Effects write = next.equals(memory) ? Effects.NONE : Effects.write(next);
        Effects reply = Effects.afterWrites(List.of(new Envelope(to, answer)));
        return new Step<>(new Acceptor(next), write.and(reply));
    }

    private Step<Acceptor> rejects(MemberId to, Ballot ballot) {
        Envelope rejected = new Envelope(to, new Rejected(ballot, memory.promised()));
        return new Step<>(this, Effects.afterWrites(List.of(rejected)));
    }
}
