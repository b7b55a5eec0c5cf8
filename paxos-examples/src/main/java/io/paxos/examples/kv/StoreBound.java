// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.kv.resp.RespReply;
import org.jspecify.annotations.Nullable;

/**
 * How large a node lets the store become. It is asked before a command enters the log and decides nothing after that: what is
 * in the log takes effect on every node, whatever their bounds, or their contents would differ. So what is under way when the
 * bound is met still comes on top of it, and a node also gets what the others let in: give all of them the same bound.
 *
 * @param bytesMax bytes of keys and values, each with {@link KvStore#ENTRY_OVERHEAD_BYTES} more
 */
record StoreBound(long bytesMax) {

    /** Half of the heap: the other half is for what a snapshot holds on to, for the log's cache and for garbage. */
    static StoreBound ofThisHeap() {
        return new StoreBound(Runtime.getRuntime().maxMemory() / 2);
    }

    /** The reply to a command that is not taken; null if it is. */
    byte @Nullable [] refusal(byte[] command, long storeBytes) {
        return storeBytes < bytesMax || !KvCommand.mayGrow(command)
                ? null
                : RespReply.error("OOM command not allowed: keys and values take " + storeBytes
                        + " bytes, the bound of this node is " + bytesMax + ", delete some first");
    }
}
