// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import io.paxos.Snapshot;
import io.paxos.StateMachine;
import io.paxos.model.Entry;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who has which lock: the replicated state. A lease is over when agreed time has passed its end; nothing happens at that moment,
 * but the next one who wants the lock gets it. Not reentrant: an owner that asks for what it has is told that it is held.
 */
public final class LockTable implements StateMachine {

    /** Locks at a time; those whose lease is over do not count. */
    static final int LOCKS_MAX = 100_000;

    private static final byte SNAPSHOT_VERSION = 1;

    private record Held(String owner, FencingToken token, long endMillis) {}

    private final TreeMap<String, Held> locks = new TreeMap<>();
    private long nowMillis;

    /** A table in which every lock is free. */
    public LockTable() {}

    @Override
    public byte[] apply(Entry entry) {
        nowMillis = entry.agreedTimeMillis();
        LockAnswer answer;
        try {
            LockCommand command = LockCommand.decode(entry.command());
            answer = execute(
                    command,
                    new FencingToken(entry.position().slot(), entry.position().index()));
        } catch (IllegalArgumentException noCommand) {
            answer = LockAnswer.nobody(LockAnswer.Kind.NO_COMMAND);
        }
        return answer.encode();
    }

    @Override
    public byte[] query(byte[] query) {
        LockAnswer answer;
        try {
            answer = look(LockCommand.decode(query).name());
        } catch (IllegalArgumentException noCommand) {
            answer = LockAnswer.nobody(LockAnswer.Kind.NO_COMMAND);
        }
        return answer.encode();
    }

    private LockAnswer execute(LockCommand command, FencingToken fresh) {
        return switch (command.kind()) {
            case ACQUIRE -> acquire(command, fresh);
            case RENEW -> renew(command);
            case RELEASE -> release(command);
            case LOOK -> look(command.name());
        };
    }

    private LockAnswer acquire(LockCommand command, FencingToken fresh) {
        Held held = inForce(command.name());
        if (held != null) {
            return answer(LockAnswer.Kind.HELD, held);
        }
        if (locks.size() >= LOCKS_MAX && !locks.containsKey(command.name())) {
            locks.values().removeIf(each -> each.endMillis < nowMillis);
            if (locks.size() >= LOCKS_MAX) {
                return LockAnswer.nobody(LockAnswer.Kind.FULL);
            }
        }
        return grant(command, new Held(command.owner(), fresh, nowMillis + command.leaseMillis()));
    }

    private LockAnswer renew(LockCommand command) {
        Held held = inForce(command.name());
        if (held == null || !held.token.equals(command.token())) {
            return LockAnswer.nobody(LockAnswer.Kind.NOT_HELD);
        }
        return grant(command, new Held(held.owner, held.token, nowMillis + command.leaseMillis()));
    }

    private LockAnswer grant(LockCommand command, Held held) {
        locks.put(command.name(), held);
        return answer(LockAnswer.Kind.GRANTED, held);
    }

    private LockAnswer release(LockCommand command) {
        Held held = inForce(command.name());
        if (held == null || !held.token.equals(command.token())) {
            return LockAnswer.nobody(LockAnswer.Kind.NOT_HELD);
        }
        locks.remove(command.name());
        return LockAnswer.nobody(LockAnswer.Kind.GRANTED);
    }

    private LockAnswer look(String name) {
        Held held = inForce(name);
        return held == null ? LockAnswer.nobody(LockAnswer.Kind.NOT_HELD) : answer(LockAnswer.Kind.HELD, held);
    }

    private LockAnswer answer(LockAnswer.Kind kind, Held held) {
        return new LockAnswer(kind, held.owner, held.token, held.endMillis - nowMillis);
    }

    private @Nullable Held inForce(String name) {
        Held held = locks.get(name);
        return held == null || held.endMillis < nowMillis ? null : held;
    }

    @Override
    public Snapshot snapshot() {
        TreeMap<String, Held> copy = new TreeMap<>(locks);
        long now = nowMillis;
        return out -> write(copy, now, out);
    }

    private static void write(Map<String, Held> locks, long nowMillis, DataOutput out) throws IOException {
        out.writeByte(SNAPSHOT_VERSION);
        out.writeLong(nowMillis);
        out.writeInt(locks.size());
        for (Map.Entry<String, Held> each : locks.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeUTF(each.getValue().owner);
            out.writeLong(each.getValue().token.slot());
            out.writeInt(each.getValue().token.index());
            out.writeLong(each.getValue().endMillis);
        }
    }

    @Override
    public void restore(DataInput in) throws IOException {
        byte version = in.readByte();
        if (version != SNAPSHOT_VERSION) {
            throw new IOException("snapshot version " + version + " is unknown, this is " + SNAPSHOT_VERSION);
        }
        locks.clear();
        nowMillis = in.readLong();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            locks.put(
                    in.readUTF(), new Held(in.readUTF(), new FencingToken(in.readLong(), in.readInt()), in.readLong()));
        }
    }
}
