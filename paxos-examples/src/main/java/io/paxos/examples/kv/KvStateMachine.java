// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.Snapshot;
import io.paxos.StateMachine;
import io.paxos.examples.kv.resp.RespReply;
import io.paxos.model.Entry;
import java.io.DataInput;
import java.io.IOException;

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

    /** What it answers to a command that reads, as the client will read it. On the thread that applies. */
    byte[] read(KvCommand command) {
        if (!command.operation().isRead()) {
            throw new IllegalArgumentException("command: " + command.operation() + " does not only read");
        }
        return store.execute(command);
    }

    /** An encoded command that reads: what a client of the other protocol asks. */
    @Override
    public byte[] query(byte[] query) {
        try {
            KvCommand command = KvCommand.decode(query);
            return command.operation().isRead()
                    ? read(command)
                    : RespReply.error("ERR query: " + command.operation() + " does not only read");
        } catch (CorruptCommandException e) {
            return RespReply.error("ERR query: " + e.getMessage());
        }
    }

    /** Constant time: the contents are written while the store goes on. */
    @Override
    public Snapshot snapshot() {
        CapturableMap.Contents contents = store.capture();
        return out -> KvStore.write(contents, out);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        store.restore(in);
    }

    /** Bytes that keys and values take. Any thread. */
    long storeBytes() {
        return store.storeBytes();
    }
}
