// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class BatchTest {

    private static final SessionId SESSION = new SessionId(3, -1);

    @Property(tries = 500)
    void anyBatchComesBack(
            @ForAll @IntRange(max = Integer.MAX_VALUE) int group,
            @ForAll @LongRange(min = 0) long agreedTimeMillis,
            @ForAll @IntRange(max = 0xFFFF) int featureLevel,
            @ForAll @Size(min = 1, max = 12) List<@StringLength(max = 64) String> texts) {
        List<Command.Kind> kinds = List.of(Command.Kind.values());
        List<byte[]> payloads = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_16BE))
                .toList();
        List<Command> commands = new ArrayList<>();
        for (byte[] payload : payloads) {
            Command.Kind kind = kinds.get(commands.size() % kinds.size());
            commands.add(new Command(kind, SESSION, 2, commands.size() + 1, commands.size(), payload));
        }
        Batch batch = new Batch(group, agreedTimeMillis, featureLevel, commands);
        Value value = batch.encode();
        assertEquals(batch, Batch.decode(value));
        assertEquals(agreedTimeMillis, Batch.agreedTimeMillisOf(value));
        assertEquals(value, Batch.decode(value).encode());
        int expected = Batch.HEADER_BYTES;
        for (byte[] payload : payloads) {
            expected += Command.OVERHEAD_BYTES + payload.length;
        }
        assertEquals(expected, value.length());
    }

    @Test
    void aNoOpIsABatchOfOneCommandWithoutSession() {
        Batch noOp = Batch.decode(Batch.noOp(77).encode());
        assertEquals(new Batch(0, 77, 0, List.of(Command.noOp())), noOp);
        assertTrue(noOp.commands().get(0).session().isNone());
        assertEquals(65, Batch.noOp(77).encode().length());
    }

    @Test
    void theLargestBatchComesBackAndOneMoreCommandIsRefused() {
        List<Command> most = Collections.nCopies(Batch.COMMANDS_MAX, Command.noOp());
        assertEquals(
                Batch.COMMANDS_MAX,
                Batch.decode(new Batch(0, 0, 0, most).encode()).commands().size());
        assertRefused(
                "batch: 65537 commands is outside the allowed range 1..65536",
                () -> new Batch(0, 0, 0, Collections.nCopies(Batch.COMMANDS_MAX + 1, Command.noOp())));
        assertRefused("batch: 0 commands is outside the allowed range 1..65536", () -> new Batch(0, 0, 0, List.of()));
    }

    @Test
    void aBatchOutOfRangeIsRefused() {
        List<Command> one = List.of(Command.noOp());
        assertRefused("batch: time -1, group 0 or feature level 0 is out of range", () -> new Batch(0, -1, 0, one));
        assertRefused("batch: time 0, group -1 or feature level 0 is out of range", () -> new Batch(-1, 0, 0, one));
        assertRefused(
                "batch: time 0, group 0 or feature level 65536 is out of range", () -> new Batch(0, 0, 0x10000, one));
        assertRefused("batch: time 0, group 0 or feature level -1 is out of range", () -> new Batch(0, 0, -1, one));
    }

    @Test
    void everyTruncationAndEveryAppendedByteIsCorrupt() {
        byte[] whole = sample().encode().bytes();
        for (int length = 0; length < whole.length; length++) {
            Value cut = Value.of(Arrays.copyOf(whole, length));
            assertThrows(CorruptValueException.class, () -> Batch.decode(cut), "cut at " + length);
        }
        assertEquals(
                "batch: 1 bytes left over",
                assertThrows(
                                CorruptValueException.class,
                                () -> Batch.decode(Value.of(Arrays.copyOf(whole, whole.length + 1))))
                        .getMessage());
        assertThrows(CorruptValueException.class, () -> Batch.agreedTimeMillisOf(Value.of(new byte[19])));
    }

    @Test
    void malformedBatchesAreRefusedWithTheirReason() {
        assertCorrupt(b -> b.putShort(0, (short) 2), "batch format level: 2 is unknown to this version, which knows 1");
        assertCorrupt(b -> b.putInt(2, -1), "group -1");
        assertCorrupt(b -> b.putLong(6, -1), "time -1");
        assertCorrupt(b -> b.putInt(16, 0), "batch count: 0 commands");
        assertCorrupt(b -> b.putInt(16, -1), "batch count: -1 commands");
        assertCorrupt(b -> b.putInt(16, Integer.MAX_VALUE), "batch count: 2147483647 commands");
        assertCorrupt(b -> b.put(20, (byte) 0), "command kind: 0 is unknown to this version");
        assertCorrupt(b -> b.put(20, (byte) 8), "command kind: 8 is unknown to this version");
        assertCorrupt(b -> b.putLong(37, -1), "command: boot -1");
        assertCorrupt(b -> b.putLong(45, 0), "command: sequence 0 does not fit session");
        assertCorrupt(b -> b.putLong(53, -1), "acknowledged-below -1");
        assertCorrupt(b -> b.putInt(61, -1), "command length: -1 with");
        assertCorrupt(b -> b.putInt(61, Integer.MAX_VALUE), "command length: 2147483647 with");
    }

    @Test
    void kindsOfCommandsKeepTheirCodes() {
        assertEquals(
                List.of(1, 2, 3, 4, 5, 6, 7),
                Arrays.stream(Command.Kind.values())
                        .map(kind -> (int) kind.code())
                        .toList());
        for (Command.Kind kind : Command.Kind.values()) {
            assertSame(kind, Command.Kind.ofCode(kind.code()));
        }
    }

    @Test
    void aCommandHasASequenceExactlyIfItHasASession() {
        assertRefused(
                "command: sequence 0 does not fit session 3/ffffffffffffffff",
                () -> new Command(Command.Kind.COMMAND, SESSION, 1, 0, 0, new byte[0]));
        assertRefused(
                "command: sequence 1 does not fit session none",
                () -> new Command(Command.Kind.COMMAND, SessionId.NONE, 0, 1, 0, new byte[0]));
        assertRefused(
                "command: boot -1, sequence 1 and acknowledged-below 0 must not be negative",
                () -> new Command(Command.Kind.COMMAND, SESSION, -1, 1, 0, new byte[0]));
    }

    @Test
    void commandsAreEqualByContentInEveryField() {
        Command command = command(SESSION, 1, 2, 1, 7);
        assertEquals(command, command(SESSION, 1, 2, 1, 7));
        assertEquals(command.hashCode(), command(SESSION, 1, 2, 1, 7).hashCode());
        assertNotEquals(command, command(new SessionId(3, 1), 1, 2, 1, 7));
        assertNotEquals(command, command(SESSION, 2, 2, 1, 7));
        assertNotEquals(command, command(SESSION, 1, 3, 1, 7));
        assertNotEquals(command, command(SESSION, 1, 2, 2, 7));
        assertNotEquals(command, command(SESSION, 1, 2, 1, 8));
        assertNotEquals(command, new Command(Command.Kind.TICK, SESSION, 1, 2, 1, new byte[] {7}));
        assertEquals("COMMAND 3/ffffffffffffffff@1#2 1B", command.toString());
    }

    private static Command command(SessionId session, long boot, long sequence, long acknowledgedBelow, int payload) {
        return new Command(
                Command.Kind.COMMAND, session, boot, sequence, acknowledgedBelow, new byte[] {(byte) payload});
    }

    private static Batch sample() {
        return new Batch(0, 99, 0, List.of(command(SESSION, 1, 2, 1, 7), command(SESSION, 1, 3, 1, 8)));
    }

    private static void assertCorrupt(Consumer<ByteBuffer> damage, String reason) {
        byte[] bytes = sample().encode().bytes().clone();
        damage.accept(ByteBuffer.wrap(bytes));
        String message = assertThrows(CorruptValueException.class, () -> Batch.decode(Value.of(bytes)))
                .getMessage();
        assertTrue(message.contains(reason), message);
    }

    private static void assertRefused(String message, Runnable made) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, made::run).getMessage());
    }
}
