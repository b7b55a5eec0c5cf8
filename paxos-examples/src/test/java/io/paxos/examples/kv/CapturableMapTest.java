// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Against {@link TreeMap}, which is copied whole where the map is captured. */
class CapturableMapTest {

    private record Captured(CapturableMap.Contents contents, TreeMap<byte[], byte[]> copy) {}

    @Test
    void everyCaptureStaysWhatItWasWhateverHappensToTheMapLater() throws IOException {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            CapturableMap map = new CapturableMap();
            TreeMap<byte[], byte[]> plain = new TreeMap<>(Arrays::compareUnsigned);
            ArrayDeque<Captured> captured = new ArrayDeque<>();
            int keys = 1 + random.nextInt(1_000);
            for (int i = 0; i < 2_000; i++) {
                change(random, map, plain, keys);
                if (random.nextInt(200) == 0) {
                    TreeMap<byte[], byte[]> copy = new TreeMap<>(Arrays::compareUnsigned);
                    copy.putAll(plain);
                    captured.add(new Captured(map.capture(), copy));
                }
            }
            captured.add(new Captured(map.capture(), plain));
            for (Captured each : captured) {
                assertContents(each.copy(), each.contents());
            }
        }
    }

    private static void change(SplittableRandom random, CapturableMap map, Map<byte[], byte[]> plain, int keys) {
        int number = random.nextInt(keys);
        byte[] key = {(byte) (number >> 8), (byte) number};
        switch (random.nextInt(3)) {
            case 0 -> assertArrayEquals(plain.remove(key), map.remove(key));
            case 1 -> assertArrayEquals(plain.get(key), map.get(key));
            default -> {
                byte[] value = {(byte) random.nextInt(256)};
                assertArrayEquals(plain.put(key, value), map.put(key, value));
            }
        }
        assertEquals(plain.size(), map.size());
    }

    @Test
    void aRestoredMapIsTheSameAndIsWholeAgainstLaterChanges() throws IOException {
        for (int size = 0; size <= 40; size++) {
            TreeMap<byte[], byte[]> plain = new TreeMap<>(Arrays::compareUnsigned);
            for (int i = 0; i < size; i++) {
                plain.put(new byte[] {(byte) (200 - 3 * i)}, new byte[] {(byte) i});
            }
            CapturableMap map = new CapturableMap();
            map.put(new byte[] {7, 7}, new byte[] {7});
            map.restore(size, source(plain));
            assertEquals(size, map.size());
            assertContents(plain, map.capture());
            SplittableRandom random = new SplittableRandom(size);
            for (int i = 0; i < 100; i++) {
                change(random, map, plain, 256);
            }
            assertContents(plain, map.capture());
        }
    }

    /** Keys in order, which is what makes a tree that does not balance a list. */
    @Test
    void keysInOrderDoNotMakeItDeep() {
        CapturableMap map = new CapturableMap();
        for (int i = 0; i < 1 << 17; i++) {
            map.put(key(i), key(i));
        }
        for (int i = 0; i < 1 << 17; i += 1_000) {
            assertArrayEquals(key(i), map.get(key(i)));
        }
        for (int i = 0; i < 1 << 17; i++) {
            assertArrayEquals(key(i), map.remove(key(i)));
        }
        assertEquals(0, map.size());
    }

    @Test
    void aCaptureIsReadOnce() throws IOException {
        CapturableMap map = new CapturableMap();
        map.put(key(1), key(1));
        CapturableMap.Contents contents = map.capture();
        List<byte[]> read = new ArrayList<>();
        contents.forEach((key, value) -> read.add(key));
        contents.forEach((key, value) -> read.add(key));
        assertEquals(1, read.size());
    }

    @Test
    void aSourceThatFailsLeavesTheMapAsItWas() {
        CapturableMap map = new CapturableMap();
        map.put(key(1), key(2));
        TreeMap<byte[], byte[]> descending = new TreeMap<>((a, b) -> Arrays.compareUnsigned(b, a));
        descending.put(key(1), key(1));
        descending.put(key(2), key(2));
        IOException refused = assertThrows(IOException.class, () -> map.restore(2, source(descending)));
        assertTrue(refused.getMessage().startsWith("keys do not ascend"), refused.getMessage());
        assertArrayEquals(key(2), map.get(key(1)));
        assertEquals(1, map.size());
    }

    private static void assertContents(Map<byte[], byte[]> expected, CapturableMap.Contents contents)
            throws IOException {
        assertEquals(expected.size(), contents.size());
        Iterator<Map.Entry<byte[], byte[]>> next = expected.entrySet().iterator();
        contents.forEach((key, value) -> {
            Map.Entry<byte[], byte[]> entry = next.next();
            assertArrayEquals(entry.getKey(), key);
            assertArrayEquals(entry.getValue(), value);
        });
        assertEquals(false, next.hasNext());
    }

    private static CapturableMap.Source source(Map<byte[], byte[]> entries) {
        Iterator<Map.Entry<byte[], byte[]>> keys = entries.entrySet().iterator();
        Iterator<Map.Entry<byte[], byte[]>> values = entries.entrySet().iterator();
        return new CapturableMap.Source() {
            @Override
            public byte[] nextKey() {
                return keys.next().getKey();
            }

            @Override
            public byte[] nextValue() {
                return values.next().getValue();
            }
        };
    }

    private static byte[] key(int number) {
        return new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }
}
