// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.CommandToken;
import io.paxos.Outcome;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import java.util.Optional;

/** How the answers of a node read for the caller of a remote client. */
final class Outcomes {
    private Outcomes() {}

    /** A command that took effect. */
    static Outcome of(SessionResult result) {
        Position position = result.position();
        return result.status() == SessionResult.Status.APPLIED && position != null
                ? new Outcome.Done(result.result(), position)
                : new Outcome.DoneResultGone(Optional.ofNullable(position));
    }

    static Outcome resultGone() {
        return new Outcome.DoneResultGone(Optional.empty());
    }

    static Outcome sessionExpired() {
        return new Outcome.Refused(
                Outcome.Reason.SESSION_EXPIRED, "the session expired before the command reached the log");
    }

    static Outcome unknown(SessionId session, long boot, long sequence) {
        return unknown(new CommandToken(session, boot, sequence));
    }

    static Outcome unknown(CommandToken token) {
        return new Outcome.Unknown(
                Optional.of(token), "the command was sent, and nothing is known of what became of it");
    }

    static Outcome.Refused refusedThere(SessionReceiver.Refusal why) {
        return why == SessionReceiver.Refusal.OVERLOADED
                ? new Outcome.Refused(Outcome.Reason.OVERLOADED, "the leader had no room within its deadline")
                : new Outcome.Refused(Outcome.Reason.NO_LEADER, "no leader took it within its deadline");
    }

    static Outcome.Refused noNode() {
        return new Outcome.Refused(Outcome.Reason.NO_LEADER, "no node could be reached within its deadline");
    }

    static Outcome.Refused noRoom() {
        return new Outcome.Refused(
                Outcome.Reason.OVERLOADED, "the commands before it had no answer within its deadline; it was not sent");
    }

    static Outcome.Refused closed() {
        return new Outcome.Refused(Outcome.Reason.CLOSED, "the client was closed; it was not sent");
    }

    static Outcome.Refused notOpened(SessionResult.Status status) {
        return new Outcome.Refused(
                Outcome.Reason.OVERLOADED, "no session could be opened within its deadline: " + status);
    }

    static Outcome.Refused tooLarge(int bytes, int bytesMax) {
        return new Outcome.Refused(
                Outcome.Reason.TOO_LARGE, "command: " + bytes + " bytes is outside the allowed range 0.." + bytesMax);
    }

    static Outcome.Refused tooMany() {
        return new Outcome.Refused(
                Outcome.Reason.OVERLOADED, "as many commands of this client are in flight as may be; it was not sent");
    }
}
