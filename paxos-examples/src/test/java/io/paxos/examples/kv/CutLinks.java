// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The links between nodes of this machine, each through a port of its own here, so that they can be cut. While a node is cut
 * off, nothing passes from or to it, and no connection ends: as with a cable that was pulled, nobody is told, and what was under
 * way arrives late.
 */
final class CutLinks implements AutoCloseable {

    private static final int CONNECT_MILLIS = 2_000;
    private static final int BUFFER_BYTES = 64 << 10;

    private final int nodes;
    private final int[] targets;
    private final ServerSocket[][] doors;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final boolean[] cut;
    private volatile boolean closed;

    /** @param targets where each node listens for the others */
    CutLinks(int[] targets) {
        this.nodes = targets.length;
        this.targets = targets.clone();
        this.doors = new ServerSocket[nodes][nodes];
        this.cut = new boolean[nodes];
        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                if (from != to) {
                    open(from, to);
                }
            }
        }
    }

    private void open(int from, int to) {
        try {
            ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            doors[from][to] = door;
            open.add(door);
            start("link-" + from + "-" + to, () -> {
                while (!closed) {
                    serve(door.accept(), from, to);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What ends with an exception when its socket is closed. */
    private interface Body {
        void run() throws IOException, InterruptedException;
    }

    private void start(String name, Body body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (IOException | InterruptedException ended) {
                        // one end is gone, or all of this
                    }
                },
                name);
        thread.setDaemon(true);
        synchronized (threads) {
            threads.add(thread);
        }
        thread.start();
    }

    /** Where {@code from} reaches {@code to}. */
    int port(int from, int to) {
        return doors[from][to].getLocalPort();
    }

    private void serve(Socket near, int from, int to) throws IOException {
        open.add(near);
        Socket far = new Socket();
        open.add(far);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        try {
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targets[to]), CONNECT_MILLIS);
        } catch (IOException down) {
            end(near, far);
            return;
        }
        start("there-" + from + "-" + to, () -> pump(near, far, from, to));
        start("back-" + from + "-" + to, () -> pump(far, near, from, to));
    }

    private void pump(Socket in, Socket out, int from, int to) throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream source = in.getInputStream();
            OutputStream sink = out.getOutputStream();
            for (int length = source.read(buffer); length >= 0; length = source.read(buffer)) {
                awaitLink(from, to);
                sink.write(buffer, 0, length);
            }
        } finally {
            end(in, out);
        }
    }

    private void awaitLink(int from, int to) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while ((cut[from] || cut[to]) && !closed) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing passes from or to that node any more. */
    void cutOff(int node) {
        set(node, true);
    }

    /** It does again; what was under way first. */
    void heal(int node) {
        set(node, false);
    }

    private void set(int node, boolean isCut) {
        lock.lock();
        try {
            cut[node] = isCut;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end(Socket... sockets) throws IOException {
        for (Socket socket : sockets) {
            open.remove(socket);
            socket.close();
        }
    }

    /** Ends every connection and every thread. */
    @Override
    public void close() {
        closed = true;
        set(0, false);
        for (Closeable each : open) {
            try {
                each.close();
            } catch (IOException e) {
                // it is gone either way
            }
        }
        synchronized (threads) {
            threads.forEach(Thread::interrupt);
        }
    }
}
