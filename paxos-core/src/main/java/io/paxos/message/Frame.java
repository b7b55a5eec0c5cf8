// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.FoundingId;
import io.paxos.model.MemberId;

/**
 * A message with what every frame says about its sender. A transport carries frames; it looks at the sender, never at
 * the message.
 *
 * @param founding the founding the sender adopted, or {@link FoundingId#NONE}
 * @param group the log it is about; 0 for now
 * @param sender whose message it is
 * @param boot the sender's boot, from 1
 * @param message what it says
 */
public record Frame(FoundingId founding, int group, MemberId sender, long boot, Message message) {

    public Frame {
        if (group < 0 || boot < 1 || sender.isNone()) {
            throw new IllegalArgumentException(
                    "frame: group " + group + ", boot " + boot + " or sender " + sender + " is out of range");
        }
    }
}
