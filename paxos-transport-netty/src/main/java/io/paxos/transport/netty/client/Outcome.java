// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.model.Position;
import io.paxos.model.SessionId;
import org.jspecify.annotations.Nullable;

/** How a command ended. */
public sealed interface Outcome {

    /** It took effect, once. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    record Done(byte[] result, @Nullable Position position) implements Outcome {}

    /** It took no effect and never will. */
    record Refused(Reason reason, String detail) implements Outcome {}

    /** Nobody knows yet. */
    record Unknown(SessionId session, long boot, long sequence) implements Outcome {}

    /** Why. */
    enum Reason {
        NO_LEADER,
        OVERLOADED,
        TOO_LARGE,
        SESSION_EXPIRED,
        CLOSED
    }
}
