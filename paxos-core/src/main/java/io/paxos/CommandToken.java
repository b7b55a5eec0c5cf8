// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.SessionId;

/**
 * Names one command in the whole log, so that one can ask again what became of it: {@link PaxosNode#ask}. May be stored.
 *
 * @param session whose command it is
 * @param boot of the session's owner
 * @param sequence within the session, from 2
 */
public record CommandToken(SessionId session, long boot, long sequence) {

    public CommandToken {
        if (session.isNone() || boot < 1 || sequence < 1) {
            throw new IllegalArgumentException("command token: session " + session + ", boot " + boot + ", sequence "
                    + sequence + " name no command");
        }
    }
}
