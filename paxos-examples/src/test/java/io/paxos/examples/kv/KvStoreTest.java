// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.examples.kv.KvCommand.Operation;
import io.paxos.examples.kv.resp.RespReply;
import io.paxos.model.Entry;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import java.nio.charset.StandardCharsets;
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
    void fullStoreRefusesGrowthAndStillShrinks() {
        KvStore small = new KvStore(2 * (KvStore.ENTRY_OVERHEAD_BYTES + 10));
        KvCommand first = KvCommand.of(Operation.SET, bytes("a"), new byte[9]);
        KvCommand second = KvCommand.of(Operation.SET, bytes("b"), new byte[10]);
        assertEquals("+OK\r\n", shown(small.execute(first)));
        assertEquals("-OOM", shown(small.execute(second)).substring(0, 4));
        assertEquals("+OK\r\n", shown(small.execute(KvCommand.of(Operation.SET, bytes("b"), new byte[9]))));
        assertEquals("-OOM", shown(small.execute(KvCommand.add(bytes("c"), 1))).substring(0, 4));
        assertEquals("+OK\r\n", shown(small.execute(KvCommand.of(Operation.SET, bytes("a"), new byte[1]))));
        assertEquals(":1\r\n", shown(small.execute(KvCommand.of(Operation.DEL, bytes("a")))));
        assertEquals(KvStore.ENTRY_OVERHEAD_BYTES + 10, small.storeBytes());
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
