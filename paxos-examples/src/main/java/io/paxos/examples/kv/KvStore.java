// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.kv.resp.Decimal;
import io.paxos.examples.kv.resp.RespReply;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values, and what each operation does to them. The same operations in the same order give the same replies and
 * the same contents on every node: nothing here depends on a node's settings. Replies are in RESP2 already; errors read as
 * Redis words them, where Redis has them.
 *
 * <p>A tree instead of a hash map, so that no choice of keys makes it slow, and that the contents can be captured while they
 * go on changing. One thread, but {@link #storeBytes} is for all.
 */
final class KvStore {

    /** What an entry is taken to cost beside its bytes. */
    static final int ENTRY_OVERHEAD_BYTES = 128;

    /** Bytes of values that one {@code MGET} returns. */
    static final int REPLY_BYTES_MAX = 4 << 20;

    private static final byte SNAPSHOT_VERSION = 1;
    private static final int VALUE_BYTES_LIMIT = 1 << 24;

    private static final byte[] OK = RespReply.status("OK");
    private static final byte[] NULL = RespReply.bulk((byte[]) null);
    private static final byte[] NOT_AN_INTEGER = RespReply.error("ERR value is not an integer or out of range");
    private static final byte[] OVERFLOW = RespReply.error("ERR increment or decrement would overflow");

    private final CapturableMap values = new CapturableMap();
    private volatile long storeBytes;

    /** Does it and returns the reply. Never throws for anything a client can send. */
    byte[] execute(KvCommand command) {
        return switch (command.operation()) {
            case GET -> RespReply.bulk(values.get(command.argument(0)));
            case SET -> set(command.argument(0), command.argument(1));
            case SET_NX -> has(command.argument(0)) ? NULL : set(command.argument(0), command.argument(1));
            case SET_XX -> has(command.argument(0)) ? set(command.argument(0), command.argument(1)) : NULL;
            case DEL -> delete(command.arguments());
            case EXISTS ->
                RespReply.integer(command.arguments().stream().filter(this::has).count());
            case ADD -> add(command.argument(0), command.delta());
            case MGET -> getMany(command.arguments());
            case DBSIZE -> RespReply.integer(values.size());
            case CAS -> compareAndSet(command.argument(0), command.argument(1), command.argument(2));
        };
    }

    /** Bytes that all keys and values take, each with {@link #ENTRY_OVERHEAD_BYTES} more. Any thread. */
    long storeBytes() {
        return storeBytes;
    }

    // ---- snapshots ------------------------------------------------------------------------------------------

    /** What is in it now, in constant time; to be {@linkplain #write written} on another thread, while it goes on. */
    CapturableMap.Contents capture() {
        return values.capture();
    }

    /**
     * Writes captured contents:
     *
     * <pre>
     *   version 1 · number of entries 4 · { length of the key 4 · key · length of the value 4 · value } for each     (bytes; big endian)
     * </pre>
     *
     * in the order of the keys, so that equal contents are equal bytes.
     */
    static void write(CapturableMap.Contents contents, DataOutput out) throws IOException {
        out.writeByte(SNAPSHOT_VERSION);
        out.writeInt(contents.size());
        contents.forEach((key, value) -> {
            out.writeInt(key.length);
            out.write(key);
            out.writeInt(value.length);
            out.write(value);
        });
    }

    /**
     * Replaces everything by what was written.
     *
     * @throws IOException if it is anything else; the message says what
     */
    void restore(DataInput in) throws IOException {
        byte version = in.readByte();
        if (version != SNAPSHOT_VERSION) {
            throw new IOException("snapshot version " + version + " is unknown, this is " + SNAPSHOT_VERSION);
        }
        int entries = length(in, "entries", Integer.MAX_VALUE);
        Reading reading = new Reading(in);
        values.restore(entries, reading);
        storeBytes = reading.bytes;
    }

    /** Entries as they come in, and what they cost. */
    private static final class Reading implements CapturableMap.Source {
        private final DataInput in;
        private long bytes;

        Reading(DataInput in) {
            this.in = in;
        }

        @Override
        public byte[] nextKey() throws IOException {
            bytes += ENTRY_OVERHEAD_BYTES;
            return next("key", KvCommand.KEY_BYTES_MAX);
        }

        @Override
        public byte[] nextValue() throws IOException {
            return next("value", VALUE_BYTES_LIMIT);
        }

        private byte[] next(String what, int limit) throws IOException {
            byte[] read = new byte[length(in, what, limit)];
            in.readFully(read);
            bytes += read.length;
            return read;
        }
    }

    private static int length(DataInput in, String what, int limit) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > limit) {
            throw new IOException(what + ": " + length + " is outside the allowed range 0.." + limit);
        }
        return length;
    }

    // ---- operations -----------------------------------------------------------------------------------------

    private boolean has(byte[] key) {
        return values.get(key) != null;
    }

    private byte[] set(byte[] key, byte[] value) {
        put(key, value);
        return OK;
    }

    private byte[] compareAndSet(byte[] key, byte[] expected, byte[] replacement) {
        byte[] current = values.get(key);
        if (current == null || !Arrays.equals(current, expected)) {
            return RespReply.integer(0);
        }
        put(key, replacement);
        return RespReply.integer(1);
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
        put(key, Long.toString(sum).getBytes(StandardCharsets.US_ASCII));
        return RespReply.integer(sum);
    }

    private byte[] delete(List<byte[]> keys) {
        long deleted = 0;
        long bytes = 0;
        for (byte[] key : keys) {
            byte[] value = values.remove(key);
            if (value != null) {
                bytes += cost(key, value);
                deleted++;
            }
        }
        grow(-bytes);
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

    private void put(byte[] key, byte[] value) {
        byte @Nullable [] old = values.put(key, value);
        grow(cost(key, value) - (old == null ? 0 : cost(key, old)));
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void grow(long bytes) {
        storeBytes += bytes;
    }

    private static long cost(byte[] key, byte[] value) {
        return (long) key.length + value.length + ENTRY_OVERHEAD_BYTES;
    }
}
