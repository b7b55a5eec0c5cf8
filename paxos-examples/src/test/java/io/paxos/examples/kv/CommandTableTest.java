// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.NodeId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandTableTest {

    private final CommandTable table = new CommandTable(
            new HandshakeCommands("1.2.3", () -> "the page"), new Saves(() -> null, Path.of("absent")), 100_000);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PING                | +PONG
            ping hello          | $5 hello
            ECHO hello          | $5 hello
            SELECT 0            | +OK
            SELECT 1            | -ERR DB index is out of range
            SELECT x            | -ERR invalid DB index
            INFO                | $8 the page
            INFO server         | $8 the page
            COMMAND             | *0
            COMMAND DOCS get    | *0
            COMMAND COUNT       | :25
            LASTSAVE            | :0
            LASTSAVE x          | -ERR wrong number of arguments for 'lastsave' command
            BGSAVE              | -NOTREADY this node is reading its log, try again
            CONFIG GET save     | *2 $4 save $0
            CONFIG GET nothing  | *0
            CONFIG GET appendonly save | *4 $10 appendonly $3 yes $4 save $0
            CONFIG SET save x   | -ERR unknown subcommand 'SET' of CONFIG, this server answers only a few
            CLIENT SETNAME me   | +OK
            CLIENT SETINFO LIB-NAME jedis | +OK
            CLIENT GETNAME      | $-1
            CLIENT ID           | :0
            CLIENT KILL all     | -ERR unknown subcommand 'KILL' of CLIENT, this server answers only a few
            HELLO 3             | -NOPROTO unsupported protocol version
            HELLO x             | -ERR Protocol version is not an integer or out of range
            HELLO 2 AUTH u p    | -ERR AUTH called, but this server has no users and no passwords
            HELLO 2 SETNAME     | -ERR Syntax error in HELLO option 'setname'
            GET                 | -ERR wrong number of arguments for 'get' command
            GET a b             | -ERR wrong number of arguments for 'get' command
            Set a               | -ERR wrong number of arguments for 'set' command
            DEL                 | -ERR wrong number of arguments for 'del' command
            DBSIZE x            | -ERR wrong number of arguments for 'dbsize' command
            CAS a b             | -ERR wrong number of arguments for 'cas' command
            CONFIG              | -ERR wrong number of arguments for 'config' command
            PING a b            | -ERR wrong number of arguments for 'ping' command
            SET a b NX XX       | -ERR syntax error
            SET a b XX nx       | -ERR syntax error
            SET a b what        | -ERR syntax error
            SET a b EX 10       | -ERR SET option EX is not supported, only NX and XX are
            INCRBY a 1.5        | -ERR value is not an integer or out of range
            INCRBY a 9223372036854775808 | -ERR value is not an integer or out of range
            READONLY x          | -ERR wrong number of arguments for 'readonly' command
            FAILOVER n2         | -ERR syntax error
            FAILOVER TO x       | -ERR 'x' is no node: they are n1, n2, ...
            ONCE c 1            | -ERR wrong number of arguments for 'once' command
            ONCE c 0 SET a b    | -ERR sequence is not an integer in the allowed range 1..4611686018427387904
            ONCE c x SET a b    | -ERR sequence is not an integer in the allowed range 1..4611686018427387904
            ONCE c 1 GET a      | -ERR ONCE takes a command that writes: SET, DEL, INCR, DECR, INCRBY or CAS
            ONCE c 1 QUIT       | -ERR ONCE takes a command that writes: SET, DEL, INCR, DECR, INCRBY or CAS
            ONCE c 1 ONCE c 2 INCR n | -ERR ONCE takes a command that writes: SET, DEL, INCR, DECR, INCRBY or CAS
            ONCE c 1 SET a      | -ERR wrong number of arguments for 'set' command
            FLUSHALL            | -ERR unknown command 'FLUSHALL', with args beginning with:
            nope a bc           | -ERR unknown command 'nope', with args beginning with: 'a' 'bc'
            """)
    void answersAtOnce(String call, String reply) {
        assertEquals(reply, answer(call).strip());
    }

    @Test
    void helloDescribesTheServer() {
        for (String hello : List.of("HELLO", "HELLO 2", "HELLO 2 SETNAME me")) {
            assertEquals(
                    "*14 $6 server $8 paxos-kv $7 version $5 1.2.3 $5 proto :2 $2 id :0 $4 mode $10 standalone"
                            + " $4 role $6 master $7 modules *0",
                    answer(hello).strip());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            set k v         | SET k v
            SET k v nx      | SET_NX k v
            SET k v XX XX   | SET_XX k v
            DEL a b         | DEL a b
            CAS k old new   | CAS k old new
            INCR n          | ADD n 1
            DECR n          | ADD n -1
            INCRBY n -7     | ADD n -7
            INCRBY n -9223372036854775808 | ADD n -9223372036854775808
            """)
    void writesThroughTheLog(String call, String command) {
        CommandTable.Action.Submit submit =
                assertInstanceOf(CommandTable.Action.Submit.class, table.interpret(words(call)));
        assertEquals(command, shown(submit.command()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET k           | GET k
            EXISTS a a      | EXISTS a a
            MGET a          | MGET a
            DBSIZE          | DBSIZE
            """)
    void readsWithoutTheLog(String call, String command) {
        CommandTable.Action.Read read = assertInstanceOf(CommandTable.Action.Read.class, table.interpret(words(call)));
        assertEquals(command, shown(read.command()));
    }

    @Test
    void onceNamesTheCommandThatItCarries() {
        OnceCommand once = assertInstanceOf(
                        CommandTable.Action.Once.class, table.interpret(words("once me 17 set k v nx")))
                .command();
        assertEquals("me", once.client());
        assertEquals(17, once.sequence());
        assertEquals("SET_NX k v", shown(once.command()));
        assertEquals(
                "-ERR client name of 257 bytes is outside the allowed range 1..256",
                answer("ONCE " + "x".repeat(257) + " 1 INCR n").strip());
    }

    @Test
    void switchesAndHandOversAreToldFromCommands() {
        assertEquals(new CommandTable.Action.ReadsLocal(true), table.interpret(words("READONLY")));
        assertEquals(new CommandTable.Action.ReadsLocal(false), table.interpret(words("readwrite")));
        assertEquals(new CommandTable.Action.HandOver(null), table.interpret(words("FAILOVER")));
        assertEquals(new CommandTable.Action.HandOver(new NodeId(3)), table.interpret(words("FAILOVER to n3")));
    }

    @Test
    void keysAreRefusedAboveTheirLimit() {
        byte[] longest = new byte[KvCommand.KEY_BYTES_MAX];
        byte[] tooLong = new byte[KvCommand.KEY_BYTES_MAX + 1];
        assertInstanceOf(CommandTable.Action.Read.class, table.interpret(List.of(bytes("GET"), longest)));
        String error = "-ERR key is too large: 65537 bytes, the limit is 65536";
        assertEquals(
                error, answer(table.interpret(List.of(bytes("GET"), tooLong))).strip());
        assertEquals(
                error,
                answer(table.interpret(List.of(bytes("MGET"), longest, tooLong)))
                        .strip());
    }

    @Test
    void valuesAreRefusedAboveTheirLimit() {
        byte[] key = bytes("k");
        byte[] longest = new byte[100_000];
        byte[] tooLong = new byte[100_001];
        String error = "-ERR value is too large: 100001 bytes, the limit is 100000";
        assertInstanceOf(CommandTable.Action.Submit.class, table.interpret(List.of(bytes("SET"), key, longest)));
        assertInstanceOf(
                CommandTable.Action.Submit.class, table.interpret(List.of(bytes("CAS"), key, longest, longest)));
        assertEquals(
                error,
                answer(table.interpret(List.of(bytes("SET"), key, tooLong))).strip());
        assertEquals(
                error,
                answer(table.interpret(List.of(bytes("CAS"), key, tooLong, longest)))
                        .strip());
        assertEquals(
                error,
                answer(table.interpret(List.of(bytes("CAS"), key, longest, tooLong)))
                        .strip());
    }

    @Test
    void quitAndHttpEndTheConnection() {
        for (String call : List.of("QUIT", "POST / HTTP/1.1", "Host: localhost")) {
            CommandTable.Action.Answer answer =
                    assertInstanceOf(CommandTable.Action.Answer.class, table.interpret(words(call)));
            assertTrue(answer.close(), call);
        }
    }

    @Test
    void longUnknownCommandsAreQuotedInPart() {
        String reply = answer("x".repeat(1_000) + " " + "y".repeat(1_000) + " " + "z ".repeat(100));
        assertTrue(reply.length() < 400, reply);
    }

    private static String shown(KvCommand command) {
        StringBuilder shown = new StringBuilder(command.operation().name());
        for (int i = 0; i < command.arguments().size(); i++) {
            boolean addend = command.operation() == KvCommand.Operation.ADD && i == 1;
            shown.append(' ')
                    .append(addend ? command.delta() : new String(command.argument(i), StandardCharsets.ISO_8859_1));
        }
        return shown.toString();
    }

    private String answer(String call) {
        return answer(table.interpret(words(call)));
    }

    private static String answer(CommandTable.Action action) {
        byte[] reply =
                assertInstanceOf(CommandTable.Action.Answer.class, action).reply();
        return new String(reply, StandardCharsets.ISO_8859_1).replace("\r\n", " ");
    }

    private static List<byte[]> words(String call) {
        return Arrays.stream(call.split(" ")).map(CommandTableTest::bytes).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
