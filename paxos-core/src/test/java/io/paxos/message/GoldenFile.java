// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Bytes that were frozen, as hexadecimal text: rows of at most 16 bytes; what follows a {@code #} is for the reader. */
final class GoldenFile {

    private static final String FOLDER = "/golden/wire/";

    private GoldenFile() {}

    static byte[] read(String name) {
        try (InputStream in = GoldenFile.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new AssertionError("there is no golden file src/test/resources" + FOLDER + name);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            StringBuilder digits = new StringBuilder();
            text.lines().map(line -> line.replaceAll("#.*|\\s", "")).forEach(digits::append);
            return HexFormat.of().parseHex(digits);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Names of all files that are there, sorted. */
    static List<String> names() throws IOException, URISyntaxException {
        URL folder = GoldenFile.class.getResource(FOLDER);
        if (folder == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** For a failure's message: bytes as they would stand in a file. */
    static String rows(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            text.append(i == 0 ? "" : i % 16 == 0 ? "\n" : " ").append(String.format("%02x", bytes[i]));
        }
        return text.toString();
    }
}
