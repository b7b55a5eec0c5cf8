// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.kv.resp.RespReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What clients and tools ask when they connect. Each gets a truthful answer that lets it go on: RESP3 is declined, so that
 * clients fall back to RESP2; the two settings that benchmarks print are answered; there is no table of commands.
 */
final class HandshakeCommands {

    private static final byte[] OK = RespReply.status("OK");

    private final String version;
    private final Supplier<String> info;

    /** Settings in Redis's words, true of every node: nothing is answered before it is on disk. */
    private static final Map<String, String> SETTINGS =
            new TreeMap<>(Map.of("save", "", "appendonly", "yes", "appendfsync", "always", "databases", "1"));

    /**
     * @param version of this server
     * @param info the page that {@code INFO} shows, made anew for each request
     */
    HandshakeCommands(String version, Supplier<String> info) {
        this.version = version;
        this.info = info;
    }

    byte[] hello(List<String> arguments) {
        if (!arguments.isEmpty() && !arguments.get(0).equals("2")) {
            return arguments.get(0).equals("3")
                    ? RespReply.error("NOPROTO unsupported protocol version")
                    : RespReply.error("ERR Protocol version is not an integer or out of range");
        }
        for (int i = 1; i < arguments.size(); i++) {
            String option = arguments.get(i).toUpperCase(Locale.ROOT);
            if (option.equals("AUTH")) {
                return RespReply.error("ERR AUTH called, but this server has no users and no passwords");
            }
            if (!option.equals("SETNAME") || ++i == arguments.size()) {
                return RespReply.error("ERR Syntax error in HELLO option '" + option.toLowerCase(Locale.ROOT) + "'");
            }
        }
        return RespReply.array(List.of(
                RespReply.bulk("server"), RespReply.bulk("paxos-kv"),
                RespReply.bulk("version"), RespReply.bulk(version),
                RespReply.bulk("proto"), RespReply.integer(2),
                RespReply.bulk("id"), RespReply.integer(0),
                RespReply.bulk("mode"), RespReply.bulk("standalone"),
                RespReply.bulk("role"), RespReply.bulk("master"),
                RespReply.bulk("modules"), RespReply.array(List.of())));
    }

    byte[] client(List<String> arguments) {
        String subcommand = arguments.get(0).toUpperCase(Locale.ROOT);
        return switch (subcommand) {
            case "SETNAME", "SETINFO" -> OK;
            case "GETNAME" -> RespReply.bulk((byte[]) null);
            case "ID" -> RespReply.integer(0);
            default -> unknownSubcommand("CLIENT", arguments);
        };
    }

    byte[] config(List<String> arguments) {
        if (!arguments.get(0).equalsIgnoreCase("GET")) {
            return unknownSubcommand("CONFIG", arguments);
        }
        List<byte[]> found = new ArrayList<>();
        for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
            boolean asked = arguments.stream()
                    .skip(1)
                    .anyMatch(name -> name.equals("*") || name.equalsIgnoreCase(setting.getKey()));
            if (asked) {
                found.add(RespReply.bulk(setting.getKey()));
                found.add(RespReply.bulk(setting.getValue()));
            }
        }
        return RespReply.array(found);
    }

    byte[] command(List<String> arguments, int commands) {
        boolean count = !arguments.isEmpty() && arguments.get(0).equalsIgnoreCase("COUNT");
        return count ? RespReply.integer(commands) : RespReply.array(List.of());
    }

    byte[] info() {
        return RespReply.bulk(info.get());
    }

    private static byte[] unknownSubcommand(String command, List<String> arguments) {
        String shown = arguments.get(0);
        return RespReply.error("ERR unknown subcommand '" + shown.substring(0, Math.min(shown.length(), 128)) + "' of "
                + command + ", this server answers only a few");
    }
}
