// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.StateMachine;
import io.paxos.examples.kv.resp.RespReply;
import io.paxos.model.Entry;

/**
 * The store behind the log: decodes a command, does it, returns the reply as the client will read it. Bytes that are no
 * command are answered with an error on every node alike, and change nothing.
 */
final class KvStateMachine implements StateMachine {

    private final KvStore store = new KvStore();

    @Override
    public byte[] apply(Entry entry) {
        try {
            return store.execute(KvCommand.decode(entry.command()));
        } catch (CorruptCommandException e) {
            return RespReply.error("ERR corrupt command in the log at " + entry.position() + ": " + e.getMessage());
        }
    }
}
