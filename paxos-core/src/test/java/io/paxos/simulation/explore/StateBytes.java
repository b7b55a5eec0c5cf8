// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.Value;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * All that an object of the core holds, as bytes: every field of every object it reaches, collections in their order,
 * objects that are reached twice by the number of their first visit. A type that it does not know is refused. Two objects
 * with the same bytes behave the same in {@link ReplicaModel}, though three things are left out:
 *
 * <ul>
 *   <li>Random generators, for their state cannot be read. The nonce of an attempt stays in the bytes, so that equal bytes
 *       mean as many draws. That of a finished catch-up does not: it may come again, and an answer to the older request may
 *       then be taken. That is one more thing that can happen, not one less.
 *   <li>When a candidate is due, and how long it waits after failures: in the model time passes in steps that are longer than
 *       any timeout.
 * </ul>
 */
final class StateBytes {
    /** Class and field. */
    static final Set<String> LEFT_OUT = Set.of(
            "io.paxos.protocol.Election.dueMillis",
            "io.paxos.protocol.Election.failuresSeen",
            "io.paxos.protocol.Proposer.failures",
            "io.paxos.protocol.Backoff.failures");

    private static final Map<Class<?>, Field[]> FIELDS = new HashMap<>();

    private final IdentityHashMap<Object, Integer> visited = new IdentityHashMap<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private final DataOutputStream out = new DataOutputStream(bytes);

    private StateBytes() {}

    static byte[] of(Object... objects) {
        StateBytes state = new StateBytes();
        try {
            for (Object object : objects) {
                state.write(object);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        return state.bytes.toByteArray();
    }

    /** The number at the end of a way through fields, 0 if there is none. */
    static long number(Object object, String... fields) {
        try {
            Object at = object;
            for (String name : fields) {
                if (at == null) {
                    return 0;
                }
                Field field = at.getClass().getDeclaredField(name);
                field.setAccessible(true);
                at = field.get(at);
            }
            return (Long) at;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(Object object) throws IOException, IllegalAccessException {
        if (object == null || object instanceof SplittableRandom) {
            out.writeByte(0);
        } else if (object instanceof Long number) {
            out.writeByte(1);
            out.writeLong(number);
        } else if (object instanceof Integer number) {
            out.writeByte(2);
            out.writeInt(number);
        } else if (object instanceof Boolean flag) {
            out.writeByte(flag ? 3 : 4);
        } else if (object instanceof Enum<?> constant) {
            out.writeByte(5);
            out.writeUTF(constant.name());
        } else if (object instanceof Value value) {
            out.writeByte(6);
            out.writeInt(value.length());
            out.write(value.bytes());
        } else if (object instanceof String text) {
            out.writeByte(7);
            out.writeUTF(text);
        } else if (object instanceof byte[] array) {
            out.writeByte(8);
            out.writeInt(array.length);
            out.write(array);
        } else if (object instanceof Collection<?> collection) {
            out.writeByte(9);
            out.writeInt(collection.size());
            for (Object each : collection) {
                write(each);
            }
        } else if (object instanceof Map<?, ?> map) {
            out.writeByte(10);
            out.writeInt(map.size());
            for (Map.Entry<?, ?> each : map.entrySet()) {
                write(each.getKey());
                write(each.getValue());
            }
        } else {
            writeFields(object);
        }
    }

    private void writeFields(Object object) throws IOException, IllegalAccessException {
        Class<?> type = object.getClass();
        if (!type.getName().startsWith("io.paxos.")) {
            throw new IllegalStateException("no bytes for a " + type);
        }
        boolean isValue = object instanceof Record;
        Integer known = isValue ? null : visited.get(object);
        if (known != null) {
            out.writeByte(11);
            out.writeShort(known);
            return;
        }
        if (!isValue) {
            visited.put(object, visited.size());
        }
        out.writeByte(12);
        out.writeInt(type.getName().hashCode());
        for (Field field : fieldsOf(type)) {
            write(field.get(object));
        }
    }

    private static Field[] fieldsOf(Class<?> type) {
        Field[] known = FIELDS.get(type);
        if (known != null) {
            return known;
        }
        List<Field> found = new ArrayList<>();
        for (Class<?> at = type; at != null && at != Object.class && at != Record.class; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())
                        && !LEFT_OUT.contains(at.getName() + "." + field.getName())) {
                    field.setAccessible(true);
                    found.add(field);
                }
            }
        }
        Field[] fields = found.toArray(Field[]::new);
        FIELDS.put(type, fields);
        return fields;
    }
}
