// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.kv.KvCommand.Operation;
import io.paxos.examples.kv.resp.Decimal;
import io.paxos.examples.kv.resp.RespReply;
import io.paxos.model.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What each command name means: an operation for the log, a read, or an answer at once. Arity and limits are checked here, before
 * anything is submitted; errors read as Redis words them. Immutable, any thread.
 */
final class CommandTable {

    /** What to do with a request. */
    sealed interface Action {

        /** Submit it, and answer with what the state machine returns. */
        record Submit(KvCommand command) implements Action {}

        /** Read, without the log. */
        record Read(KvCommand command) implements Action {}

        /** Submit it, unless the client sent it before. */
        record Once(OnceCommand command) implements Action {}

        /** Let another node lead, that one or, if null, any. */
        record HandOver(@Nullable NodeId target) implements Action {}

        /** From now on the connection's reads may see whatever the node has applied, or may not. */
        record ReadsLocal(boolean local) implements Action {}

        /**
         * Answer at once.
         *
         * @param reply in RESP2
         * @param close and then close the connection
         */
        @SuppressWarnings("ArrayRecordComponent") // handed on, not compared
        record Answer(byte[] reply, boolean close) implements Action {}
    }

    /**
     * One command.
     *
     * @param argumentsMin without the name
     * @param argumentsMax without the name
     * @param keysMax how many of the leading arguments are keys
     * @param values how many of the arguments after the keys are values
     */
    private record Entry(int argumentsMin, int argumentsMax, int keysMax, int values, Meaning meaning) {
        Entry(int argumentsMin, int argumentsMax, int keysMax, Meaning meaning) {
            this(argumentsMin, argumentsMax, keysMax, 0, meaning);
        }
    }

    private interface Meaning {
        Action of(List<byte[]> arguments);
    }

    private static final int MANY = Integer.MAX_VALUE;
    private static final byte[] OK = RespReply.status("OK");
    private static final byte[] SYNTAX_ERROR = RespReply.error("ERR syntax error");
    private static final byte[] NOT_AN_INTEGER = RespReply.error("ERR value is not an integer or out of range");

    private static final Action NOT_ONCE =
            now(RespReply.error("ERR ONCE takes a command that writes: SET, DEL, INCR, DECR, INCRBY or CAS"));

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private final int valueBytesMax;

    /**
     * The table of a server.
     *
     * @param handshake answers what clients ask on connecting
     * @param saves answers what is asked about snapshots
     * @param valueBytesMax longest value that may be set, in bytes
     */
    CommandTable(HandshakeCommands handshake, Saves saves, int valueBytesMax) {
        this.valueBytesMax = valueBytesMax;
        keyCommands();
        entries.put(
                "PING",
                new Entry(0, 1, 0, a -> now(a.isEmpty() ? RespReply.status("PONG") : RespReply.bulk(a.get(0)))));
        entries.put("ECHO", new Entry(1, 1, 0, a -> now(RespReply.bulk(a.get(0)))));
        entries.put("QUIT", new Entry(0, MANY, 0, a -> new Action.Answer(OK, true)));
        entries.put("SELECT", new Entry(1, 1, 0, a -> now(select(a.get(0)))));
        entries.put("HELLO", new Entry(0, MANY, 0, a -> now(handshake.hello(texts(a)))));
        entries.put("CLIENT", new Entry(1, MANY, 0, a -> now(handshake.client(texts(a)))));
        entries.put("CONFIG", new Entry(1, MANY, 0, a -> now(handshake.config(texts(a)))));
        entries.put("COMMAND", new Entry(0, MANY, 0, a -> now(handshake.command(texts(a), entries.size()))));
        entries.put("INFO", new Entry(0, MANY, 0, a -> now(handshake.info())));
        entries.put("READONLY", new Entry(0, 0, 0, a -> new Action.ReadsLocal(true)));
        entries.put("READWRITE", new Entry(0, 0, 0, a -> new Action.ReadsLocal(false)));
        entries.put("FAILOVER", new Entry(0, 2, 0, CommandTable::handOver));
        entries.put("BGSAVE", new Entry(0, 1, 0, a -> now(saves.begin())));
        entries.put("LASTSAVE", new Entry(0, 0, 0, a -> now(saves.last())));
    }

    private void keyCommands() {
        entries.put("GET", new Entry(1, 1, 1, a -> read(Operation.GET, a)));
        entries.put("SET", new Entry(2, MANY, 1, 1, CommandTable::set));
        entries.put("DEL", new Entry(1, MANY, MANY, a -> submit(Operation.DEL, a)));
        entries.put("EXISTS", new Entry(1, MANY, MANY, a -> read(Operation.EXISTS, a)));
        entries.put("INCR", new Entry(1, 1, 1, a -> new Action.Submit(KvCommand.add(a.get(0), 1))));
        entries.put("DECR", new Entry(1, 1, 1, a -> new Action.Submit(KvCommand.add(a.get(0), -1))));
        entries.put("INCRBY", new Entry(2, 2, 1, CommandTable::incrementBy));
        entries.put("MGET", new Entry(1, MANY, MANY, a -> read(Operation.MGET, a)));
        entries.put("DBSIZE", new Entry(0, 0, 0, a -> read(Operation.DBSIZE, a)));
        entries.put("ONCE", new Entry(3, MANY, 0, this::once));
        entries.put("CAS", new Entry(3, 3, 1, 2, a -> submit(Operation.CAS, a)));
    }

    /** What a request means; {@code call} is its name and arguments, at most {@link KvCommand#ARGUMENTS_MAX}. */
    Action interpret(List<byte[]> call) {
        String name = text(call.get(0)).toUpperCase(Locale.ROOT);
        List<byte[]> arguments = call.subList(1, call.size());
        Entry entry = entries.get(name);
        if (entry == null) {
            return isHttp(name)
                    ? new Action.Answer(RespReply.error("ERR this is not an HTTP server"), true)
                    : now(unknown(call));
        }
        if (arguments.size() < entry.argumentsMin || arguments.size() > entry.argumentsMax) {
            return now(RespReply.error(
                    "ERR wrong number of arguments for '" + name.toLowerCase(Locale.ROOT) + "' command"));
        }
        int keys = Math.min(entry.keysMax, arguments.size());
        for (int i = 0; i < keys + entry.values; i++) {
            String kind = i < keys ? "key" : "value";
            int limit = i < keys ? KvCommand.KEY_BYTES_MAX : valueBytesMax;
            int length = arguments.get(i).length;
            if (length > limit) {
                return now(
                        RespReply.error("ERR " + kind + " is too large: " + length + " bytes, the limit is " + limit));
            }
        }
        return entry.meaning.of(arguments);
    }

    private static Action set(List<byte[]> arguments) {
        Operation operation = Operation.SET;
        for (byte[] option : arguments.subList(2, arguments.size())) {
            String name = text(option).toUpperCase(Locale.ROOT);
            boolean first = operation == Operation.SET;
            if (name.equals("NX") && (first || operation == Operation.SET_NX)) {
                operation = Operation.SET_NX;
            } else if (name.equals("XX") && (first || operation == Operation.SET_XX)) {
                operation = Operation.SET_XX;
            } else {
                return now(
                        isOtherSetOption(name)
                                ? RespReply.error("ERR SET option " + name + " is not supported, only NX and XX are")
                                : SYNTAX_ERROR);
            }
        }
        return submit(operation, arguments.subList(0, 2));
    }

    private static boolean isOtherSetOption(String name) {
        return List.of("GET", "EX", "PX", "EXAT", "PXAT", "KEEPTTL").contains(name);
    }

    private static Action incrementBy(List<byte[]> arguments) {
        OptionalLong delta = Decimal.parse(text(arguments.get(1)));
        return delta.isPresent()
                ? new Action.Submit(KvCommand.add(arguments.get(0), delta.getAsLong()))
                : now(NOT_AN_INTEGER);
    }

    /** {@code ONCE client sequence command}: the command as it would be by itself, if it writes. */
    private Action once(List<byte[]> arguments) {
        String client = text(arguments.get(0));
        OptionalLong sequence = Decimal.parse(text(arguments.get(1)));
        if (client.isEmpty() || client.length() > OnceCommand.CLIENT_CHARS_MAX) {
            return now(RespReply.error("ERR client name of " + client.length()
                    + " bytes is outside the allowed range 1.." + OnceCommand.CLIENT_CHARS_MAX));
        }
        if (sequence.isEmpty() || sequence.getAsLong() < 1 || sequence.getAsLong() > OnceCommand.SEQUENCE_MAX) {
            return now(RespReply.error(
                    "ERR sequence is not an integer in the allowed range 1.." + OnceCommand.SEQUENCE_MAX));
        }
        List<byte[]> call = arguments.subList(2, arguments.size());
        Action action = text(call.get(0)).equalsIgnoreCase("ONCE") ? NOT_ONCE : interpret(call);
        if (action instanceof Action.Submit submit) {
            return new Action.Once(new OnceCommand(client, sequence.getAsLong(), submit.command()));
        }
        boolean error = action instanceof Action.Answer answer && !answer.close() && answer.reply()[0] == '-';
        return error ? action : NOT_ONCE;
    }

    /** {@code FAILOVER [TO node]}, to be sent to the leader. */
    private static Action handOver(List<byte[]> arguments) {
        if (arguments.isEmpty()) {
            return new Action.HandOver(null);
        }
        if (arguments.size() == 1 || !text(arguments.get(0)).equalsIgnoreCase("TO")) {
            return now(SYNTAX_ERROR);
        }
        try {
            return new Action.HandOver(NodeId.parse(text(arguments.get(1))));
        } catch (IllegalArgumentException e) {
            return now(RespReply.error("ERR '" + shortened(arguments.get(1)) + "' is no node: they are n1, n2, ..."));
        }
    }

    private static byte[] select(byte[] number) {
        OptionalLong database = Decimal.parse(text(number));
        if (database.isEmpty()) {
            return RespReply.error("ERR invalid DB index");
        }
        return database.getAsLong() == 0 ? OK : RespReply.error("ERR DB index is out of range");
    }

    /**
     * A web page can make a browser send HTTP to this port, with commands in the body. The request line or a header tells,
     * and the connection ends before the body is read, as in Redis.
     */
    private static boolean isHttp(String name) {
        return name.equals("POST") || name.equals("HOST:");
    }

    private static byte[] unknown(List<byte[]> call) {
        StringBuilder error = new StringBuilder("ERR unknown command '")
                .append(shortened(call.get(0)))
                .append("', with args beginning with: ");
        for (byte[] argument : call.subList(1, call.size())) {
            if (error.length() > 256) {
                break;
            }
            error.append('\'').append(shortened(argument)).append("' ");
        }
        return RespReply.error(error.toString());
    }

    private static String shortened(byte[] bytes) {
        return new String(bytes, 0, Math.min(bytes.length, 128), StandardCharsets.UTF_8);
    }

    private static Action submit(Operation operation, List<byte[]> arguments) {
        return new Action.Submit(new KvCommand(operation, arguments));
    }

    private static Action read(Operation operation, List<byte[]> arguments) {
        return new Action.Read(new KvCommand(operation, arguments));
    }

    private static Action now(byte[] reply) {
        return new Action.Answer(reply, false);
    }

    private static List<String> texts(List<byte[]> arguments) {
        List<String> texts = new ArrayList<>(arguments.size());
        arguments.forEach(argument -> texts.add(text(argument)));
        return texts;
    }

    /** Names and options are ASCII; a byte a character, so that nothing is lost and nothing fails. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
