// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/client-protocol.md} to the code: codes, names and fields of every message, in order. */
class ClientProtocolPageTest {
    private static final Path PAGE = Path.of("..", "docs", "client-protocol.md");

    @Test
    void thePageListsEveryMessageWithItsCodeAndItsFieldsInOrder() throws IOException {
        List<String> expected = new ArrayList<>();
        for (ClientMessageKind kind : ClientMessageKind.values()) {
            expected.add(kind.code() + " " + kind.type().getSimpleName() + ": "
                    + Stream.of(kind.type().getRecordComponents())
                            .map(RecordComponent::getName)
                            .collect(Collectors.joining(" ")));
        }
        List<String> found = new ArrayList<>();
        String heading = "";
        for (String line : Files.readAllLines(PAGE)) {
            if (line.matches("### \\d+ \\w+")) {
                heading = line.substring(4);
            } else if (line.matches(" {4}[→←] .*")) {
                found.add(heading + ": "
                        + Stream.of(line.substring(6).split(" \\| ", -1))
                                .map(field -> field.split(" ", -1)[0])
                                .collect(Collectors.joining(" ")));
            }
        }
        assertEquals(expected, found);
    }
}
