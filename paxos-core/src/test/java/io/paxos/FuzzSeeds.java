// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What fuzzing found worth keeping, as text: one input a line in {@code src/test/resources/fuzz/NAME.hex} of the module whose
 * tests run, two hexadecimal digits a byte; {@code #} begins a comment.
 */
public final class FuzzSeeds {

    private FuzzSeeds() {}

    /** The inputs of that name; at least one, so that a file that is not found is noticed. */
    public static List<byte[]> of(String name) throws IOException {
        Path file = Path.of("src", "test", "resources", "fuzz", name + ".hex");
        try (Stream<String> lines = Files.lines(file)) {
            List<byte[]> seeds = lines.map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .map(HexFormat.of()::parseHex)
                    .toList();
            if (seeds.isEmpty()) {
                throw new IOException(file + " holds no input");
            }
            return seeds;
        }
    }
}
