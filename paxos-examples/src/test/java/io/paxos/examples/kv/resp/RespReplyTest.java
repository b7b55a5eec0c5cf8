// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RespReplyTest {

    @Test
    void repliesAreExactlyTheseBytes() {
        assertEquals("+OK\r\n", shown(RespReply.status("OK")));
        assertEquals("-ERR no\r\n", shown(RespReply.error("ERR no")));
        assertEquals(":-7\r\n", shown(RespReply.integer(-7)));
        assertEquals("$-1\r\n", shown(RespReply.bulk((byte[]) null)));
        assertEquals("$0\r\n\r\n", shown(RespReply.bulk("")));
        assertEquals("$4\r\na\r\nb\r\n", shown(RespReply.bulk("a\r\nb")));
        assertEquals("*0\r\n", shown(RespReply.array(List.of())));
        assertEquals("*2\r\n:1\r\n$-1\r\n", shown(RespReply.array(List.of(RespReply.integer(1), RespReply.bulk((byte[])
                null)))));
    }

    @Test
    void lineEndsOfAClientDoNotForgeAReply() {
        assertEquals("-ERR unknown 'x  +OK  '\r\n", shown(RespReply.error("ERR unknown 'x\r\n+OK\r\n'")));
    }

    @Test
    void decimalsHaveOneSpelling() {
        for (String number : List.of("0", "1", "-1", "9223372036854775807", "-9223372036854775808")) {
            assertEquals(Long.parseLong(number), Decimal.parse(number).orElseThrow());
        }
        for (String none : List.of(
                "",
                "-",
                "+1",
                "01",
                "-0",
                "-01",
                " 1",
                "1 ",
                "1.0",
                "0x1",
                "a",
                "\u0661",
                "9223372036854775808",
                "-9223372036854775809",
                "99999999999999999999",
                "999999999999999999999")) {
            assertEquals(true, Decimal.parse(none).isEmpty(), none);
        }
    }

    private static String shown(byte[] reply) {
        return new String(reply, StandardCharsets.UTF_8);
    }
}
