// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a node on this machine one question, on a connection of its own. */
final class RespProbe {

    private static final int TIMEOUT_MILLIS = 2_000;

    private RespProbe() {}

    /** The whole reply to one inline command, or an empty text if there was none in two seconds. */
    static String ask(int port, String command) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput(); // the server answers, then closes
            InputStream in = new BufferedInputStream(socket.getInputStream());
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** The value of a field on an {@code INFO} page, or an empty text. */
    static String field(String page, String name) {
        return page.lines()
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .map(line -> line.substring(name.length() + 1))
                .orElse("");
    }
}
