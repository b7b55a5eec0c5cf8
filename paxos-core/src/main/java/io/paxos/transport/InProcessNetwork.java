// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport;

import io.paxos.model.NodeId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Connects several nodes of one JVM, for trying things out and for tests of host applications. Its links can be cut and
 * healed, one direction at a time, so that an application meets the partitions that it will meet in earnest. Every method may
 * be called from any thread.
 *
 * <pre>{@code
 * InProcessNetwork network = new InProcessNetwork();
 * Transport first = network.transport(new NodeId(1));
 * Transport second = network.transport(new NodeId(2));
 * }</pre>
 */
public final class InProcessNetwork {

    /** Frames queued from one node to another between two flushes, in bytes, unless the constructor is told otherwise. */
    public static final long LINK_BYTES_MAX_DEFAULT = 16L << 20;

    private static final long LINK_BYTES_MAX_LEAST = 1_024;
    private static final long LINK_BYTES_MAX_MOST = 1L << 40;

    private final long linkBytesMax;
    private final Map<NodeId, InProcessTransport> started = new ConcurrentHashMap<>();
    private final Set<Link> cut = ConcurrentHashMap.newKeySet();

    private record Link(NodeId from, NodeId to) {}

    /** A network whose links hold {@link #LINK_BYTES_MAX_DEFAULT} bytes each. */
    public InProcessNetwork() {
        this(LINK_BYTES_MAX_DEFAULT);
    }

    /**
     * @param linkBytesMax most bytes queued from one node to another between two flushes; frames beyond are dropped and
     *     counted
     * @throws IllegalArgumentException if it is outside 1 KiB..1 TiB
     */
    public InProcessNetwork(long linkBytesMax) {
        if (linkBytesMax < LINK_BYTES_MAX_LEAST || linkBytesMax > LINK_BYTES_MAX_MOST) {
            throw new IllegalArgumentException("linkBytesMax: " + linkBytesMax + " is outside the allowed range "
                    + LINK_BYTES_MAX_LEAST + ".." + LINK_BYTES_MAX_MOST);
        }
        this.linkBytesMax = linkBytesMax;
    }

    /** A transport for that node, not started yet; a new one each time, as a node that restarts needs. */
    public InProcessTransport transport(NodeId node) {
        if (node.isNone()) {
            throw new IllegalArgumentException("node: none has no transport");
        }
        return new InProcessTransport(this, node, linkBytesMax);
    }

    /** From now on, what {@code from} sends to {@code to} is dropped; the other direction stays as it is. */
    public void cut(NodeId from, NodeId to) {
        cut.add(new Link(from, to));
    }

    /** Undoes {@link #cut}. */
    public void heal(NodeId from, NodeId to) {
        cut.remove(new Link(from, to));
    }

    /** Undoes every {@link #cut}. */
    public void healAll() {
        cut.clear();
    }

    /** Takes the node's place in the network; false if a transport of that node is started already. */
    boolean join(NodeId node, InProcessTransport transport) {
        return started.putIfAbsent(node, transport) == null;
    }

    void leave(NodeId node, InProcessTransport transport) {
        started.remove(node, transport);
    }

    /** Who receives what {@code from} sends to {@code to} just now; null if nobody. */
    @Nullable
    InProcessTransport route(NodeId from, NodeId to) {
        return cut.contains(new Link(from, to)) ? null : started.get(to);
    }
}
