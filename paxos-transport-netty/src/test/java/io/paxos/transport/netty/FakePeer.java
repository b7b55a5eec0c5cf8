// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something that listens where a peer should: it reads one hello from each connection, gives the answer it was told to give,
 * and keeps the connection open without reading on.
 */
final class FakePeer implements AutoCloseable {
    private static final int RECEIVE_BUFFER_BYTES = 64 << 10;

    private final ServerSocket server;
    private final Function<Greeting, byte @Nullable []> answer;
    private final AtomicInteger hellos = new AtomicInteger();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "fake-peer");

    /**
     * @param answer what to say to a hello, or null for nothing
     */
    FakePeer(Function<Greeting, byte @Nullable []> answer) throws IOException {
        this.server = new ServerSocket();
        this.answer = answer;
        server.setReceiveBufferSize(RECEIVE_BUFFER_BYTES); // what a slow link would not have taken yet
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    }

    /** The only connection there was, behind its hello. */
    InputStream connection() throws IOException {
        return connections.get(0).getInputStream();
    }

    FakePeer listening() {
        thread.start();
        return this;
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many hellos came so far. */
    int hellos() {
        return hellos.get();
    }

    private void run() {
        try {
            while (true) {
                Socket connection = server.accept();
                connections.add(connection);
                byte[] header = new byte[ControlCodec.HEADER_BYTES];
                DataInputStream in = new DataInputStream(connection.getInputStream());
                in.readFully(header);
                byte[] whole = new byte[ControlCodec.lengthOf(ByteBuffer.wrap(header))];
                System.arraycopy(header, 0, whole, 0, header.length);
                in.readFully(whole, header.length, whole.length - header.length);
                ControlFrame.Hello hello = (ControlFrame.Hello) ControlCodec.decode(ByteBuffer.wrap(whole));
                hellos.incrementAndGet();
                byte[] said = answer.apply(hello.greeting());
                if (said != null) {
                    connection.getOutputStream().write(said);
                }
            }
        } catch (IOException closed) {
            // The end of the test, or of a connection that was closed before it said anything.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
