// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps honest books: for each command it says whether it was acknowledged, refused for certain, or unknown.
 * It never sends a command twice.
 */
final class KvClient implements AutoCloseable {

    /** What became of a command. */
    enum Outcome {
        /** It was applied, and this is its reply. */
        ACKNOWLEDGED,
        /** It was not applied and never will be. */
        REFUSED,
        /** It may have been applied. */
        UNKNOWN
    }

    /**
     * An answer.
     *
     * @param reply the reply's line, or what went wrong
     */
    record Answer(Outcome outcome, String reply) {}

    private static final int TIMEOUT_MILLIS = 15_000;

    private @Nullable Socket socket;
    private int connectedTo;

    /** Sends an inline command to that port and waits for its one-line (or bulk) reply. */
    Answer call(int port, String command) {
        return send(port, (command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends a SET, whose value may be longer than a line may be. */
    Answer set(int port, String key, String value) {
        String command = "*3\r\n$3\r\nSET\r\n$" + key.length() + "\r\n" + key + "\r\n$" + value.length() + "\r\n"
                + value + "\r\n";
        return send(port, command.getBytes(StandardCharsets.US_ASCII));
    }

    private Answer send(int port, byte[] command) {
        try {
            connect(port);
        } catch (IOException e) {
            close();
            return new Answer(Outcome.REFUSED, "no connection: " + e); // nothing was sent
        }
        try {
            socket.getOutputStream().write(command);
            String reply = readReply(socket.getInputStream());
            boolean error = reply.startsWith("-");
            boolean unknown = reply.startsWith("-UNKNOWN");
            return new Answer(unknown ? Outcome.UNKNOWN : error ? Outcome.REFUSED : Outcome.ACKNOWLEDGED, reply);
        } catch (IOException e) {
            close();
            return new Answer(Outcome.UNKNOWN, "connection lost: " + e);
        }
    }

    private void connect(int port) throws IOException {
        if (socket != null && connectedTo == port) {
            return;
        }
        close();
        socket = new Socket();
        connectedTo = port;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    }

    private static String readReply(InputStream in) throws IOException {
        InputStream buffered = new BufferedInputStream(in);
        String line = readLine(buffered);
        if (!line.startsWith("$") || line.equals("$-1")) {
            return line;
        }
        byte[] bulk = buffered.readNBytes(Integer.parseInt(line.substring(1)) + 2);
        return new String(bulk, 0, bulk.length - 2, StandardCharsets.UTF_8);
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("closed by the server");
            }
            line.append((char) b);
        }
        return line.substring(0, line.length() - 1);
    }

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // it is gone either way
        }
        socket = null;
    }
}
