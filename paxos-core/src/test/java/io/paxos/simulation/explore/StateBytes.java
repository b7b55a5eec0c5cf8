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
import java.util.SplittableRandom;

/**
 * All that an object of the core holds, as bytes: every field of every object it reaches, collections in their order,
 * objects that are reached twice by the number of their first visit. Two objects with the same bytes behave the same, but
 * for one thing: random generators are left out, for their state cannot be read. So two replicas are taken for one that may
 * yet draw different nonces and timeouts.
 */
final class StateBytes {
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
                if (!Modifier.isStatic(field.getModifiers())) {
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
