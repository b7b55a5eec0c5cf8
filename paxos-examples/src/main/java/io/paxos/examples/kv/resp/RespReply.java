// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv.resp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replies in RESP2, ready for the wire. Every array is new and belongs to the caller, but for the constants. */
public final class RespReply {

    private static final int ERROR_CHARACTERS_MAX = 512;

    private RespReply() {}

    /** A status such as {@code OK}. */
    public static byte[] status(String text) {
        return line('+', text);
    }

    /** An error: a code in capitals, a space, a sentence. What a client sent may be quoted in it: line ends become spaces. */
    public static byte[] error(String text) {
        return line('-', text);
    }

    public static byte[] integer(long value) {
        return ascii(":" + value + "\r\n");
    }

    /** The bytes, or the null reply for null. */
    public static byte[] bulk(byte @Nullable [] value) {
        if (value == null) {
            return ascii("$-1\r\n");
        }
        byte[] header = ascii("$" + value.length + "\r\n");
        byte[] reply = new byte[header.length + value.length + 2];
        System.arraycopy(header, 0, reply, 0, header.length);
        System.arraycopy(value, 0, reply, header.length, value.length);
        reply[reply.length - 2] = '\r';
        reply[reply.length - 1] = '\n';
        return reply;
    }

    /** The text as UTF-8 bytes. */
    public static byte[] bulk(String text) {
        return bulk(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An array of replies, each encoded already. */
    public static byte[] array(List<byte[]> replies) {
        byte[] header = ascii("*" + replies.size() + "\r\n");
        int length = header.length;
        for (byte[] reply : replies) {
            length = Math.addExact(length, reply.length);
        }
        byte[] array = new byte[length];
        System.arraycopy(header, 0, array, 0, header.length);
        int at = header.length;
        for (byte[] reply : replies) {
            System.arraycopy(reply, 0, array, at, reply.length);
            at += reply.length;
        }
        return array;
    }

    /** A line must stay one line whatever a client sent: a CR or LF in it would forge the next reply. */
    private static byte[] line(char type, String text) {
        StringBuilder line = new StringBuilder(text.length() + 3).append(type);
        int end = Math.min(text.length(), ERROR_CHARACTERS_MAX);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            line.append(c < ' ' ? ' ' : c);
        }
        return line.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
