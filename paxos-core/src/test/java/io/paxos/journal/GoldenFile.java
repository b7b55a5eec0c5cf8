// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Bytes as text: two hexadecimal digits a byte, spaces and line ends anywhere, {@code 00*3900} for a byte repeated, and
 * comments from {@code #} to the end of the line.
 */
public final class GoldenFile {

    private GoldenFile() {}

    static byte[] read(String name) throws IOException {
        return read("journal", name);
    }

    /** A file of a folder of golden files. */
    public static byte[] read(String folder, String name) throws IOException {
        try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/" + folder + "/" + name)) {
            if (in == null) {
                throw new IOException("no golden file " + name);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static byte[] parse(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String line : text.lines().toList()) {
            String content = line.contains("#") ? line.substring(0, line.indexOf('#')) : line;
            for (String word : content.strip().split("\\s+", -1)) {
                int star = word.indexOf('*');
                String digits = star < 0 ? word : word.substring(0, star);
                int times = star < 0 ? 1 : Integer.parseInt(word.substring(star + 1));
                for (int time = 0; time < times; time++) {
                    for (int i = 0; i < digits.length(); i += 2) {
                        bytes.write(Integer.parseInt(digits.substring(i, i + 2), 16));
                    }
                }
            }
        }
        return bytes.toByteArray();
    }

    /** As a golden file would hold it, sixteen bytes a line, for the message of a failing test. */
    public static String print(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < bytes.length) {
            int zeros = 0;
            while (at + zeros < bytes.length && bytes[at + zeros] == 0) {
                zeros++;
            }
            if (zeros > 64) {
                text.append("00*").append(zeros).append('\n');
                at += zeros;
                continue;
            }
            int end = Math.min(bytes.length, at + 16);
            for (; at < end; at++) {
                text.append(String.format("%02x ", bytes[at]));
            }
            text.setCharAt(text.length() - 1, '\n');
        }
        return text.toString();
    }
}
