// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file of words between tabs, written line by line: what was measured before something went wrong is there. */
final class TsvFile implements AutoCloseable {

    private final Path file;
    private final BufferedWriter out;

    /**
     * Makes it, in place of what was there.
     *
     * @throws IOException if it cannot be made; the message names it
     */
    TsvFile(Path file) throws IOException {
        this.file = file;
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IOException("--out: " + file + " cannot be written: " + e, e);
        }
    }

    /** A line that is no row: it begins with {@code #}. */
    void comment(String text) throws IOException {
        write("# " + oneLine(text));
    }

    void row(List<String> words) throws IOException {
        write(String.join("\t", words.stream().map(TsvFile::oneLine).toList()));
    }

    private void write(String line) throws IOException {
        out.write(line);
        out.write('\n');
        out.flush();
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\t\\r\\n]+", " ");
    }

    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
