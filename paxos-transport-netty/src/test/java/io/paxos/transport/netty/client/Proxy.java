// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Stands between clients and an endpoint: passes bytes on, holds them up, or cuts the connections. */
final class Proxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean holding;

    Proxy(int target) throws IOException {
        this.target = target;
        daemon(this::accept);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** Nothing passes from now on, or does again; connections stay. */
    void hold(boolean on) {
        lock.lock();
        try {
            holding = on;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends all connections, with what is on them. */
    void cut() {
        List<Socket> all = List.copyOf(sockets);
        sockets.removeAll(all);
        all.forEach(Proxy::closeQuietly);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket node = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                node.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(node);
                daemon(() -> pass(client, node));
                daemon(() -> pass(node, client));
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[8_192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitPassage();
                out.write(buffer, 0, read);
            }
        } catch (IOException | InterruptedException cut) {
            // As it was meant to be.
        } finally {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private void awaitPassage() throws InterruptedException {
        lock.lock();
        try {
            while (holding) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // Nothing is left to be closed.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        hold(false);
        cut();
    }
}
