// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.guard;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Says what the first bytes of a connection look like that are no hello, so that the log line names the mistake. */
public final class Stranger {

    /** Bytes of the stranger that the log line shows at most. */
    public static final int SHOWN_BYTES_MAX = 16;

    private static final List<Map.Entry<String, String>> BEGINNINGS = List.of(
            Map.entry("SSH-", "SSH"),
            Map.entry("GET ", "HTTP"),
            Map.entry("POST", "HTTP"),
            Map.entry("PUT ", "HTTP"),
            Map.entry("HEAD", "HTTP"),
            Map.entry("DELE", "HTTP"),
            Map.entry("OPTI", "HTTP"),
            Map.entry("PATC", "HTTP"),
            Map.entry("CONN", "HTTP"),
            Map.entry("HTTP", "HTTP"),
            Map.entry("PRI ", "HTTP/2"),
            Map.entry("PROX", "the PROXY protocol"),
            Map.entry("\r\n\r\n", "the PROXY protocol"),
            Map.entry("PING", "a Redis client"),
            Map.entry("INFO", "a Redis client"),
            Map.entry("AUTH", "a Redis client"),
            Map.entry("QUIT", "a Redis client"));

    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_MAJOR = 0x03;

    private Stranger() {}

    /**
     * What it looks like.
     *
     * @param first the first bytes, as far as they have come
     */
    public static String describe(byte[] first) {
        String text = new String(first, StandardCharsets.ISO_8859_1);
        for (Map.Entry<String, String> beginning : BEGINNINGS) {
            if (text.startsWith(beginning.getKey())) {
                return "it looks like " + beginning.getValue() + ": " + shown(first);
            }
        }
        if (first.length >= 2 && first[0] == TLS_HANDSHAKE && first[1] == TLS_MAJOR) {
            return "it looks like TLS: " + shown(first);
        }
        if (first.length >= 2 && first[0] == '*' && first[1] >= '0' && first[1] <= '9') {
            return "it looks like a Redis client: " + shown(first);
        }
        return "it is no member of any cluster: " + shown(first);
    }

    /** Printable text as text, anything else in hexadecimal. */
    private static String shown(byte[] first) {
        StringBuilder text = new StringBuilder("'");
        StringBuilder digits = new StringBuilder("bytes");
        boolean printable = true;
        for (int i = 0; i < first.length && i < SHOWN_BYTES_MAX; i++) {
            byte b = first[i];
            digits.append(String.format(" %02x", b));
            if (b == '\r' || b == '\n') {
                text.append(b == '\r' ? "\\r" : "\\n");
            } else {
                printable &= b >= ' ' && b <= '~';
                text.append((char) b);
            }
        }
        return printable ? text.append('\'').toString() : digits.toString();
    }
}
