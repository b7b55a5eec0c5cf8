// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import io.paxos.NodeListener;
import io.paxos.PaxosNode;
import io.paxos.examples.kv.ClusterOption;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.NettyTransport;
import io.paxos.transport.netty.client.NettyClientEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One node of the lock service: all that a host application has to write to serve remote clients. */
final class LockServer implements AutoCloseable {

    private final PaxosNode node;
    private final NettyClientEndpoint endpoint;
    private final CompletableFuture<String> ended;

    private LockServer(PaxosNode node, NettyClientEndpoint endpoint, CompletableFuture<String> ended) {
        this.node = node;
        this.endpoint = endpoint;
        this.ended = ended;
    }

    /**
     * Starts it.
     *
     * @param directory formatted if empty or absent
     * @param host where clients connect
     * @param clientPort where clients connect; 0 takes a free one
     * @throws IOException if the clients' port cannot be had
     * @throws io.paxos.NodeStartException if the node cannot start
     */
    static LockServer start(NodeId id, ClusterOption cluster, Path directory, String host, int clientPort)
            throws IOException {
        CompletableFuture<String> ended = new CompletableFuture<>();
        NettyTransport transport = transport(id, cluster);
        PaxosNode node = PaxosNode.builder()
                .cluster("paxos-lock")
                .node(id)
                .voters(cluster.voters())
                .directory(directory)
                .formatIfEmpty(true)
                .transport(transport)
                .stateMachine(new LockTable())
                .listener(new NodeListener() {
                    @Override
                    public void failed(String reason, @Nullable Throwable cause) {
                        ended.complete(reason);
                    }
                })
                .start();
        try {
            return new LockServer(
                    node,
                    NettyClientEndpoint.on(host, clientPort)
                            .gateway(node.clients())
                            .eventLoopGroup(transport.eventLoopGroup())
                            .start(),
                    ended);
        } catch (IOException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private static NettyTransport transport(NodeId id, ClusterOption cluster) {
        ClusterOption.Address self = cluster.addresses().get(id);
        if (self == null) {
            throw new IllegalArgumentException("id: " + id + " is not in " + cluster);
        }
        var builder = NettyTransport.builder().bind(self.host(), self.port());
        cluster.addresses().forEach((peer, address) -> {
            if (!peer.equals(id)) {
                builder.peer(peer, address.host(), address.port());
            }
        });
        return builder.build();
    }

    PaxosNode node() {
        return node;
    }

    int clientPort() {
        return endpoint.localAddress().getPort();
    }

    /** Waits until the node fails; the reason. */
    String awaitEnd() {
        return ended.join();
    }

    /** The endpoint first, so that its clients go elsewhere. */
    @Override
    public void close() {
        endpoint.close();
        node.close();
    }
}
