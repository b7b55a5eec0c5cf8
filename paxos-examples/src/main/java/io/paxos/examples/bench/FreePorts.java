// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Ports of the loopback that nobody listens on, and that the system gives to no outgoing connection in the meantime. */
final class FreePorts {

    private static final int PORT_MIN = 20_000;
    private static final int PORT_MAX = 32_000;
    private static final int ATTEMPTS_MAX = 10_000;

    private FreePorts() {}

    /** So many different ones, free a moment ago. */
    static int[] find(int count) throws IOException {
        SplittableRandom random = new SplittableRandom();
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int attempt = 0; held.size() < count; attempt++) {
                ServerSocket socket = new ServerSocket();
                int port = random.nextInt(PORT_MIN, PORT_MAX);
                try {
                    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    held.add(socket);
                } catch (IOException taken) {
                    socket.close();
                    if (attempt >= ATTEMPTS_MAX) {
                        throw taken;
                    }
                }
            }
            return held.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
