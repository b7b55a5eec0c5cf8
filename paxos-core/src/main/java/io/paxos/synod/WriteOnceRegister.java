// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.Value;

/**
 * A register that is written once, as one member of its group sees it. Whoever calls {@link #propose} first with a quorum
 * behind it writes; everybody else gets to know what was written.
 *
 * <pre>{@code
 *   Effects effects = register.propose(value);     // force effects.writes(), send the messages, and
 *   effects = register.onMessage(from, message);   // carry out the effects of whatever arrives, until
 *   register.outcome()                             // is Written; if it stays Open for long, propose again
 * }</pre>
 *
 * <p>{@link #propose} and {@link #read} may be repeated at any time: the attempt is a new one, and a value already chosen
 * stays. Two members that try at the same time can refuse each other for ever; wait a random while between attempts.
 *
 * <p>Threads: one at a time. After an exception from {@link #onMessage} the register must not be used again.
 */
public final class WriteOnceRegister {

    private Member member;

    /**
     * @param self one of the group's voters
     * @param group who votes, and what a quorum is
     * @param remembered the last of all forced writes; {@link Memory#BLANK} if there is none
     */
    public WriteOnceRegister(MemberId self, Membership group, Memory remembered) {
        this.member = Member.start(self, group, remembered);
    }

    /** Tries to write the value. The outcome may be another one. */
    public Effects propose(Value value) {
        return take(member.begin(value));
    }

    /**
     * Asks for what is written, and finishes a write that somebody left half done. The outcome is {@link Outcome.Empty}
     * only if nothing was chosen at some moment between this call and the answer.
     */
    public Effects read() {
        return take(member.begin(null));
    }

    /**
     * Takes a message.
     *
     * @throws IllegalStateException if two values turn out to be chosen: somebody broke the rules
     */
    public Effects onMessage(MemberId from, SynodMessage message) {
        return take(member.onMessage(from, message));
    }

    private Effects take(Step<Member> step) {
        member = step.next();
        return step.effects();
    }

    /** How the last {@link #propose} or {@link #read} stands. */
    public Outcome outcome() {
        Value chosen = member.chosen();
        if (chosen != null) {
            return new Outcome.Written(chosen);
        }
        boolean empty = member.proposer().phase() == Proposer.Phase.FOUND_EMPTY;
        return empty ? new Outcome.Empty() : new Outcome.Open();
    }

    /** What is known of the register. */
    public sealed interface Outcome {

        /** Nothing yet. A proposal may or may not come to be written. */
        record Open() implements Outcome {}

        /** A read found that nothing was written. */
        record Empty() implements Outcome {}

        /** This value is written, for ever. */
        record Written(Value value) implements Outcome {}
    }
}
