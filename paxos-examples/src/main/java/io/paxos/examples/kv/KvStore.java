// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.kv.resp.Decimal;
import io.paxos.examples.kv.resp.RespReply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values, and what each operation does to them. The same operations in the same order give the same replies and
 * the same contents on every node: the bounds are constants, because a bound that differed between nodes would make their
 * contents differ. Replies are in RESP2 already; errors read as Redis words them, where Redis has them.
 *
 * <p>A tree instead of a hash map, so that no choice of keys makes it slow. One thread.
 */
final class KvStore {

    /** Bytes that all keys and values may take, each key counted with {@link #ENTRY_OVERHEAD_BYTES} more. */
    static final long STORE_BYTES_MAX = 256L << 20;

    static final int ENTRY_OVERHEAD_BYTES = 128;

    /** Bytes of values that one {@code MGET} returns. */
    static final int REPLY_BYTES_MAX = 4 << 20;

    private static final byte[] OK = RespReply.status("OK");
    private static final byte[] NULL = RespReply.bulk((byte[]) null);
    private static final byte[] NOT_AN_INTEGER = RespReply.error("ERR value is not an integer or out of range");
    private static final byte[] OVERFLOW = RespReply.error("ERR increment or decrement would overflow");
    private static final byte[] FULL = RespReply.error(
            "OOM command not allowed: keys and values would exceed " + STORE_BYTES_MAX + " bytes, delete some first");

    private final TreeMap<byte[], byte[]> values = new TreeMap<>(Arrays::compareUnsigned);
    private final long storeBytesMax;
    private long storeBytes;

    KvStore() {
        this(STORE_BYTES_MAX);
    }

    /** With a smaller bound, for tests. */
    KvStore(long storeBytesMax) {
        this.storeBytesMax = storeBytesMax;
    }

    /** Does it and returns the reply. Never throws for anything a client can send. */
    byte[] execute(KvCommand command) {
        return switch (command.operation()) {
            case GET -> RespReply.bulk(values.get(command.argument(0)));
            case SET -> set(command.argument(0), command.argument(1));
            case SET_NX ->
                values.containsKey(command.argument(0)) ? NULL : set(command.argument(0), command.argument(1));
            case SET_XX ->
                values.containsKey(command.argument(0)) ? set(command.argument(0), command.argument(1)) : NULL;
            case DEL -> delete(command.arguments());
            case EXISTS ->
                RespReply.integer(
                        command.arguments().stream().filter(values::containsKey).count());
            case ADD -> add(command.argument(0), command.delta());
            case MGET -> getMany(command.arguments());
            case DBSIZE -> RespReply.integer(values.size());
            case CAS -> compareAndSet(command.argument(0), command.argument(1), command.argument(2));
        };
    }

    long storeBytes() {
        return storeBytes;
    }

    private byte[] set(byte[] key, byte[] value) {
        return put(key, value) ? OK : FULL;
    }

    private byte[] compareAndSet(byte[] key, byte[] expected, byte[] replacement) {
        byte[] current = values.get(key);
        if (current == null || !Arrays.equals(current, expected)) {
            return RespReply.integer(0);
        }
        return put(key, replacement) ? RespReply.integer(1) : FULL;
    }

    private byte[] add(byte[] key, long delta) {
        byte[] current = values.get(key);
        OptionalLong number =
                current == null ? OptionalLong.of(0) : Decimal.parse(new String(current, StandardCharsets.ISO_8859_1));
        if (number.isEmpty()) {
            return NOT_AN_INTEGER;
        }
        long sum = number.getAsLong() + delta;
        boolean overflows = ((number.getAsLong() ^ sum) & (delta ^ sum)) < 0;
        if (overflows) {
            return OVERFLOW;
        }
        return put(key, Long.toString(sum).getBytes(StandardCharsets.US_ASCII)) ? RespReply.integer(sum) : FULL;
    }

    private byte[] delete(List<byte[]> keys) {
        long deleted = 0;
        for (byte[] key : keys) {
            byte[] value = values.remove(key);
            if (value != null) {
                storeBytes -= cost(key, value);
                deleted++;
            }
        }
        return RespReply.integer(deleted);
    }

    private byte[] getMany(List<byte[]> keys) {
        List<byte[]> replies = new ArrayList<>(keys.size());
        long bytes = 0;
        for (byte[] key : keys) {
            byte[] reply = RespReply.bulk(values.get(key));
            bytes += reply.length;
            if (bytes > REPLY_BYTES_MAX) {
                return RespReply.error(
                        "ERR reply is too large: above " + REPLY_BYTES_MAX + " bytes, ask for fewer keys");
            }
            replies.add(reply);
        }
        return RespReply.array(replies);
    }

    private boolean put(byte[] key, byte[] value) {
        byte @Nullable [] old = values.get(key);
        long after = storeBytes - (old == null ? 0 : cost(key, old)) + cost(key, value);
        if (after > storeBytesMax && after > storeBytes) {
            return false;
        }
        values.put(key, value);
        storeBytes = after;
        return true;
    }

    private static long cost(byte[] key, byte[] value) {
        return (long) key.length + value.length + ENTRY_OVERHEAD_BYTES;
    }
}
