// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.Snapshot;
import io.paxos.examples.kv.KvCommand.Operation;
import io.paxos.examples.kv.resp.RespReply;
import io.paxos.model.Entry;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KvStoreTest {

    private final KvStore store = new KvStore();

    @Test
    void setAndGetKeepEveryByte() {
        byte[] key = {0, '\r', '\n', (byte) 0xff};
        byte[] value = {'\r', '\n', 0, (byte) 0x80};
        assertEquals("+OK\r\n", run(KvCommand.of(Operation.SET, key, value)));
        assertArrayEquals(RespReply.bulk(value), store.execute(KvCommand.of(Operation.GET, key)));
        assertEquals("$-1\r\n", run(Operation.GET, "\0\r\n"));
        assertEquals("$-1\r\n", run(Operation.GET, ""));
    }

    @Test
    void conditionalSetsAskWhetherTheKeyExists() {
        assertEquals("$-1\r\n", run(Operation.SET_XX, "k", "1"));
        assertEquals("$-1\r\n", run(Operation.GET, "k"));
        assertEquals("+OK\r\n", run(Operation.SET_NX, "k", "2"));
        assertEquals("$-1\r\n", run(Operation.SET_NX, "k", "3"));
        assertEquals("+OK\r\n", run(Operation.SET_XX, "k", "4"));
        assertEquals("$1\r\n4\r\n", run(Operation.GET, "k"));
    }

    @Test
    void compareAndSetReplacesOnlyTheExpectedValue() {
        assertEquals(":0\r\n", run(Operation.CAS, "k", "", "1"));
        run(Operation.SET, "k", "a");
        assertEquals(":0\r\n", run(Operation.CAS, "k", "b", "c"));
        assertEquals(":1\r\n", run(Operation.CAS, "k", "a", "c"));
        assertEquals("$1\r\nc\r\n", run(Operation.GET, "k"));
    }

    @Test
    void countsOfKeysCountAsRedisDoes() {
        run(Operation.SET, "a", "1");
        run(Operation.SET, "b", "2");
        assertEquals(":3\r\n", run(Operation.EXISTS, "a", "a", "b", "c"));
        assertEquals(":2\r\n", run(Operation.DBSIZE));
        assertEquals("*3\r\n$1\r\n2\r\n$-1\r\n$1\r\n1\r\n", run(Operation.MGET, "b", "c", "a"));
        assertEquals(":2\r\n", run(Operation.DEL, "a", "a", "b", "c"));
        assertEquals(":0\r\n", run(Operation.DBSIZE));
        assertEquals(0, store.storeBytes());
    }

    @Test
    void additionStartsAtZeroAndRefusesWhatIsNoInteger() {
        assertEquals(":5\r\n", add("n", 5));
        assertEquals(":3\r\n", add("n", -2));
        assertEquals("$1\r\n3\r\n", run(Operation.GET, "n"));
        for (String value : List.of("", "x", "1.0", " 1", "01", "-0", "9223372036854775808")) {
            run(Operation.SET, "n", value);
            assertEquals("-ERR value is not an integer or out of range\r\n", add("n", 1), value);
        }
    }

    @Test
    void additionThatOverflowsChangesNothing() {
        run(Operation.SET, "n", "9223372036854775807");
        assertEquals("-ERR increment or decrement would overflow\r\n", add("n", 1));
        assertEquals(":0\r\n", add("n", -Long.MAX_VALUE));
        run(Operation.SET, "n", "-9223372036854775808");
        assertEquals("-ERR increment or decrement would overflow\r\n", add("n", -1));
        assertEquals("-ERR increment or decrement would overflow\r\n", add("n", Long.MIN_VALUE));
        assertEquals(":-1\r\n", add("n", Long.MAX_VALUE));
    }

    @Test
    void fullNodeTakesNothingThatMayAddToItsStoreAndStillShrinks() {
        StoreBound bound = new StoreBound(KvStore.ENTRY_OVERHEAD_BYTES + 10);
        run(Operation.SET, "a", "12345678");
        assertNull(refusal(bound, KvCommand.of(Operation.SET, bytes("b"), bytes("1"))), "one byte below");
        run(Operation.SET, "a", "123456789");
        assertEquals(bound.bytesMax(), store.storeBytes());
        for (KvCommand growing : List.of(
                KvCommand.of(Operation.SET, bytes("b"), bytes("1")),
                KvCommand.of(Operation.SET_NX, bytes("b"), bytes("1")),
                KvCommand.of(Operation.SET_XX, bytes("b"), bytes("1")),
                KvCommand.of(Operation.CAS, bytes("b"), bytes("1"), bytes("2")),
                KvCommand.add(bytes("b"), 1))) {
            assertEquals(
                    "-OOM command not allowed: keys and values take 138 bytes, the bound of this node is 138,"
                            + " delete some first\r\n",
                    shown(refusal(bound, growing)));
        }
        for (KvCommand other : List.of(
                KvCommand.of(Operation.GET, bytes("a")),
                KvCommand.of(Operation.DBSIZE),
                KvCommand.of(Operation.DEL, bytes("a")))) {
            assertNull(refusal(bound, other), other.operation().name());
        }
        run(Operation.DEL, "a");
        assertEquals(0, store.storeBytes());
        assertNull(bound.refusal(new byte[2], bound.bytesMax()), "what is no command is for the log to refuse");
    }

    private byte[] refusal(StoreBound bound, KvCommand command) {
        return bound.refusal(command.encode(), store.storeBytes());
    }

    @Test
    void formatOfASnapshotIsFrozen() throws IOException {
        run(Operation.SET, "k", "vw");
        run(Operation.SET, "\u00ff", "");
        run(Operation.SET, "", "x");
        assertArrayEquals(
                new byte[] {
                    1,
                    0,
                    0,
                    0,
                    3, // version, entries
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    1,
                    'x', // the empty key
                    0,
                    0,
                    0,
                    1,
                    'k',
                    0,
                    0,
                    0,
                    2,
                    'v',
                    'w', //
                    0,
                    0,
                    0,
                    1,
                    -1,
                    0,
                    0,
                    0,
                    0 // unsigned order
                },
                snapshot());
    }

    @Test
    void restoreReplacesWhatWasThereAndItsSize() throws IOException {
        run(Operation.SET, "a", "1");
        run(Operation.SET, "b", "2");
        byte[] snapshot = snapshot();
        long bytes = store.storeBytes();
        run(Operation.SET, "a", "other");
        run(Operation.SET, "c", "3");
        run(Operation.DEL, "b");
        store.restore(new DataInputStream(new ByteArrayInputStream(snapshot)));
        assertEquals(bytes, store.storeBytes());
        assertEquals(":2\r\n", run(Operation.DBSIZE));
        assertEquals("*3\r\n$1\r\n1\r\n$1\r\n2\r\n$-1\r\n", run(Operation.MGET, "a", "b", "c"));
        assertArrayEquals(snapshot, snapshot());
    }

    @Test
    void whatIsNoSnapshotIsRefusedAndNamed() {
        assertNoSnapshot("snapshot version 2 is unknown, this is 1", 2);
        assertNoSnapshot("entries: -1 is outside the allowed range 0..2147483647", 1, -1, -1, -1, -1);
        assertNoSnapshot("key: 65537 is outside the allowed range 0..65536", 1, 0, 0, 0, 1, 0, 1, 0, 1);
        assertNoSnapshot(
                "value: -1 is outside the allowed range 0..16777216", 1, 0, 0, 0, 1, 0, 0, 0, 0, -1, -1, -1, -1);
        assertNoSnapshot(
                "keys do not ascend: one of 0 bytes, then one of 0",
                1,
                0,
                0,
                0,
                2,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0);
    }

    @Test
    void aRestoredStateMachineGoesOnAsTheOneThatWasCaptured() throws IOException {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            KvStateMachine original = new KvStateMachine();
            KvStateMachine restored = new KvStateMachine();
            for (int i = 1; i <= 50; i++) {
                original.apply(entry(i, randomCommand(random)));
                restored.apply(entry(i, randomCommand(random))); // dirt
            }
            Snapshot captured = original.snapshot();
            List<byte[]> replies = new ArrayList<>();
            List<KvCommand> commands = new ArrayList<>();
            for (int i = 51; i <= 100; i++) {
                commands.add(randomCommand(random));
                replies.add(original.apply(entry(i, commands.get(i - 51))));
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            captured.writeTo(new DataOutputStream(out)); // as late as may be
            restored.restore(new DataInputStream(new ByteArrayInputStream(out.toByteArray())));
            for (int i = 51; i <= 100; i++) {
                assertArrayEquals(replies.get(i - 51), restored.apply(entry(i, commands.get(i - 51))));
            }
            assertEquals(original.storeBytes(), restored.storeBytes());
        }
    }

    private static Entry entry(long slot, KvCommand command) {
        return new Entry(new Position(slot, 0), 0, SessionId.NONE, command.encode());
    }

    private void assertNoSnapshot(String reason, int... content) {
        byte[] bytes = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            bytes[i] = (byte) content[i];
        }
        assertEquals(
                reason,
                assertThrows(
                                IOException.class,
                                () -> store.restore(new DataInputStream(new ByteArrayInputStream(bytes))))
                        .getMessage());
    }

    private byte[] snapshot() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        KvStore.write(store.capture(), new DataOutputStream(out));
        return out.toByteArray();
    }

    @Test
    void replyOfManyLargeValuesIsRefusedAboveItsLimit() {
        store.execute(KvCommand.of(Operation.SET, bytes("k"), new byte[512 << 10]));
        String[] seven = new String[7];
        Arrays.fill(seven, "k");
        assertEquals("*7\r\n", run(Operation.MGET, seven).substring(0, 4));
        String[] eight = new String[8];
        Arrays.fill(eight, "k");
        assertEquals(
                "-ERR reply is too large: above 4194304 bytes, ask for fewer keys\r\n", run(Operation.MGET, eight));
    }

    @Test
    void commandsReadBackAsTheyWereWritten() throws CorruptCommandException {
        for (KvCommand command : List.of(
                KvCommand.of(Operation.GET, bytes("")),
                KvCommand.of(Operation.CAS, bytes("k"), new byte[70_000], new byte[] {0, -1}),
                KvCommand.of(Operation.DBSIZE),
                KvCommand.add(bytes("n"), Long.MIN_VALUE))) {
            KvCommand read = KvCommand.decode(command.encode());
            assertEquals(command.operation(), read.operation());
            assertArrayEquals(
                    command.arguments().toArray(new byte[0][]), read.arguments().toArray(new byte[0][]));
        }
        assertEquals(
                Long.MIN_VALUE,
                KvCommand.decode(KvCommand.add(bytes("n"), Long.MIN_VALUE).encode())
                        .delta());
    }

    @Test
    void formatOfACommandInTheLogIsFrozen() {
        assertArrayEquals(
                new byte[] {1, 2, 0, 2, 0, 0, 0, 1, 'k', 0, 0, 0, 2, 'v', 'w'},
                KvCommand.of(Operation.SET, bytes("k"), bytes("vw")).encode());
        assertArrayEquals(
                new byte[] {1, 7, 0, 2, 0, 0, 0, 1, 'n', 0, 0, 0, 8, -1, -1, -1, -1, -1, -1, -1, -2},
                KvCommand.add(bytes("n"), -2).encode());
        StringBuilder codes = new StringBuilder();
        for (Operation operation : Operation.values()) {
            byte[][] arguments = new byte[operation == Operation.DBSIZE ? 0 : operation == Operation.CAS ? 3 : 1][8];
            if (List.of(Operation.SET, Operation.SET_NX, Operation.SET_XX, Operation.ADD)
                    .contains(operation)) {
                arguments = new byte[2][8];
            }
            codes.append(operation)
                    .append('=')
                    .append(KvCommand.of(operation, arguments).encode()[1])
                    .append(' ');
        }
        assertEquals(
                "GET=1 SET=2 SET_NX=3 SET_XX=4 DEL=5 EXISTS=6 ADD=7 MGET=8 DBSIZE=9 CAS=10",
                codes.toString().strip());
    }

    @Test
    void corruptCommandsAreNamed() {
        assertCorrupt("command of 0 bytes has no header");
        assertCorrupt("command of 3 bytes has no header", 1, 1, 0);
        assertCorrupt("command version 2 is unknown, this is 1", 2, 1, 0, 0);
        assertCorrupt("operation 0 is unknown to this version", 1, 0, 0, 0);
        assertCorrupt("GET with 2 arguments", 1, 1, 0, 2);
        assertCorrupt("MGET with 65535 arguments", 1, 8, -1, -1);
        assertCorrupt("argument 0 is missing", 1, 1, 0, 1, 0, 0, 0);
        assertCorrupt("argument 0 of 1 bytes, of which 0 are there", 1, 1, 0, 1, 0, 0, 0, 1);
        assertCorrupt("argument 0 of -1 bytes, of which 0 are there", 1, 1, 0, 1, -1, -1, -1, -1);
        assertCorrupt("1 bytes after the last argument", 1, 9, 0, 0, 7);
        assertCorrupt("addend of 1 bytes, not 8", 1, 7, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 9);
        byte[] longKey = KvCommand.of(Operation.GET, new byte[KvCommand.KEY_BYTES_MAX + 1])
                .encode();
        assertEquals(
                "key of 65537 bytes, the limit is 65536",
                assertThrows(CorruptCommandException.class, () -> KvCommand.decode(longKey))
                        .getMessage());
    }

    @Test
    void stateMachineAnswersDamagedCommandsTheSameOnEveryReplicaAndNeverThrows() {
        KvStateMachine one = new KvStateMachine();
        KvStateMachine other = new KvStateMachine();
        for (long seed = 1; seed <= 5_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] command = randomCommand(random).encode();
            for (int i = random.nextInt(3); i > 0 && command.length > 0; i--) {
                command[random.nextInt(command.length)] = (byte) random.nextInt(random.nextBoolean() ? 4 : 256);
            }
            command = Arrays.copyOf(command, Math.max(0, command.length + random.nextInt(-1, 2) * random.nextInt(3)));
            Entry entry = new Entry(new Position(seed, 0), 0, SessionId.NONE, command);
            assertArrayEquals(one.apply(entry), other.apply(entry));
        }
    }

    private static KvCommand randomCommand(SplittableRandom random) {
        byte[] key = {(byte) random.nextInt(4)};
        return switch (random.nextInt(5)) {
            case 0 -> KvCommand.of(Operation.SET, key, bytes("" + random.nextInt(10)));
            case 1 -> KvCommand.add(key, random.nextLong());
            case 2 -> KvCommand.of(Operation.MGET, key, key);
            case 3 -> KvCommand.of(Operation.DEL, key);
            default -> KvCommand.of(Operation.CAS, key, bytes("" + random.nextInt(10)), bytes("1"));
        };
    }

    private static void assertCorrupt(String reason, int... bytes) {
        byte[] command = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            command[i] = (byte) bytes[i];
        }
        assertEquals(
                reason,
                assertThrows(CorruptCommandException.class, () -> KvCommand.decode(command))
                        .getMessage());
    }

    private String add(String key, long delta) {
        return run(KvCommand.add(bytes(key), delta));
    }

    private String run(Operation operation, String... arguments) {
        return run(new KvCommand(
                operation, Arrays.stream(arguments).map(KvStoreTest::bytes).toList()));
    }

    private String run(KvCommand command) {
        return shown(store.execute(command));
    }

    private static String shown(byte[] reply) {
        return new String(reply, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
