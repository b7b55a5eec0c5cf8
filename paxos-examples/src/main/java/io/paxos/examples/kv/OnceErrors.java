// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.kv.resp.RespReply;

/** What a client that numbers its commands is told when there is no answer. The code in capitals says what it may do. */
final class OnceErrors {

    private OnceErrors() {}

    /** A number that was done long ago. */
    static byte[] answerGone(OnceName name, long sequence, long last) {
        return RespReply.error("APPLIED sequence " + sequence + " of client '" + name.client()
                + "' was applied before, and its answer is kept no longer; the last one applied is " + last);
    }

    /** A number that is too high. */
    static byte[] gap(OnceCommand command, long expected) {
        return RespReply.error("GAP sequence " + command.sequence() + " of client '" + command.client()
                + "', not applied: " + expected + " is next");
    }

    /** A number above 1 of a client that is not known. */
    static byte[] noSession(OnceCommand command) {
        return RespReply.error("EXPIRED client '" + command.client() + "' is not known, sequence " + command.sequence()
                + " is not applied: it has sent nothing for too long, or never sent 1. Begin with 1, under a new name");
    }

    /** The session ended while the command was on its way. */
    static byte[] expired(OnceCommand command) {
        return RespReply.error("EXPIRED client '" + command.client() + "' has sent nothing for too long, sequence "
                + command.sequence() + " is not applied now. Begin with 1, under a new name");
    }

    /** The same, and what came of the command was not seen here: a snapshot took the place of the state. */
    static byte[] expiredUnseen(OnceCommand command) {
        return RespReply.error("UNKNOWN sequence " + command.sequence() + " of client '" + command.client()
                + "' may have been applied, before the client had sent nothing for too long; nobody can tell any more."
                + " Begin with 1, under a new name");
    }

    static byte[] tooMany(OnceCommand command) {
        return RespReply.error(
                "OVERLOADED too many clients use ONCE, sequence " + command.sequence() + " is not applied");
    }

    static byte[] notOpened(OnceCommand command) {
        return RespReply.error(
                "ERR the name '" + command.client() + "' cannot be used, not applied; choose another one");
    }

    /** No answer in time: the same number may be sent again, here or elsewhere, and takes effect once. */
    static byte[] unknown(OnceCommand command) {
        return RespReply.error("UNKNOWN sequence " + command.sequence() + " of client '" + command.client()
                + "' may have been applied; send the same again, to any node");
    }
}
