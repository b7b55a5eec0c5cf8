// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.MembershipCodec;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/wire-format.md} to the code: codes, names, order and sizes of every message's fields. */
class WireFormatPageTest {

    private static final Path PAGE = Path.of("..", "docs", "wire-format.md");

    /** Sizes of the types that have one; as on the page. */
    private static final Map<String, Integer> BYTES = new TreeMap<>(Map.ofEntries(
            Map.entry("u8", 1),
            Map.entry("flag", 1),
            Map.entry("u32", 4),
            Map.entry("u64", 8),
            Map.entry("foundingId", 16),
            Map.entry("member", 12),
            Map.entry("session", 16),
            Map.entry("ballot", 20),
            Map.entry("range", 16),
            Map.entry("proposal", 36),
            Map.entry("snapshot", 20),
            Map.entry("value", 8)));

    @Test
    void thePageListsEveryMessageWithItsCodeAndItsFieldsInOrder() throws IOException {
        Map<String, String> rows = rows();
        List<String> expected = new ArrayList<>();
        for (MessageKind kind : MessageKind.values()) {
            String heading = kind.code() + " " + kind.type().getSimpleName();
            expected.add(heading);
            assertEquals(
                    Stream.of(kind.type().getRecordComponents())
                            .map(RecordComponent::getName)
                            .toList(),
                    fields(rows.getOrDefault(heading, ""))
                            .map(field -> field[0])
                            .toList(),
                    heading);
        }
        assertEquals(expected, List.copyOf(rows.keySet()));
    }

    @Test
    void theTypesOnThePageAddUpToWhatIsWritten() throws IOException {
        Map<String, String> rows = rows();
        for (Message message : SampleFrames.messages()) {
            MessageKind kind = MessageKind.of(message);
            String row = rows.get(kind.code() + " " + kind.type().getSimpleName());
            ByteBuffer bytes = ByteBuffer.wrap(SampleFrames.encoded(message));
            int fieldBytes = bytes.limit() - FrameCodec.HEADER_BYTES - bytes.getInt(12);
            int expected =
                    fields(row).mapToInt(field -> bytesOf(message, field)).sum();
            assertEquals(expected, fieldBytes, kind + ": " + row);
        }
    }

    private static int bytesOf(Message message, String[] field) {
        Object value = valueOf(message, field[0]);
        String type = field[1];
        if (type.equals("command") && value instanceof List<?> commands) {
            return 4
                    + commands.stream()
                            .mapToInt(command -> 45 + ((Command) command).payload().length)
                            .sum();
        }
        if (type.equals("founding")) {
            return 16 + MembershipCodec.encodedLength(SampleFrames.MEMBERSHIP);
        }
        int bytes = BYTES.getOrDefault(type, 0);
        return field.length == 3 && value instanceof List<?> list ? 4 + bytes * list.size() : bytes;
    }

    private static Object valueOf(Message message, String field) {
        try {
            return message.getClass().getMethod(field).invoke(message);
        } catch (ReflectiveOperationException failed) {
            throw new LinkageError(message + " has no field " + field, failed);
        }
    }

    @Test
    void theSizesInWordsAreThoseOfTheCode() {
        assertEquals(64, FrameCodec.HEADER_BYTES);
        assertEquals(45, Command.OVERHEAD_BYTES);
        assertEquals(12, MembershipCodec.MEMBER_BYTES);
        assertEquals(65_536, Batch.COMMANDS_MAX);
        Message emptyPage =
                new Message.Promise(SampleFrames.LOW, 1, new SlotRange(1, 1), 0, 0, List.of(), List.of(), List.of());
        assertEquals(136, FrameCodec.encodedLength(SampleFrames.frame(emptyPage)));
    }

    /** Name, type, and "list" if it is one, of each field of a row. */
    private static Stream<String[]> fields(String row) {
        return Arrays.stream(row.split("\\|")).map(field -> field.strip().split(" "));
    }

    /** The row of fields under each heading of a message, in the order of the page. */
    private static Map<String, String> rows() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        String heading = "";
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("### ")) {
                heading = line.substring(4);
            } else if (line.startsWith("    ") && !heading.isEmpty()) {
                rows.put(heading, line.strip());
                heading = "";
            }
        }
        return rows;
    }
}
