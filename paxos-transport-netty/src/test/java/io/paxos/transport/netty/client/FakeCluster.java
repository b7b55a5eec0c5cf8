// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ClientGateway;
import io.paxos.ReadLevel;
import io.paxos.ReadReceiver;
import io.paxos.ReadRefusal;
import io.paxos.model.ClusterId;
import io.paxos.model.Command;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import io.paxos.session.SessionReceiver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Gateways in front of a {@link ModelLog}, all on one thread, that lead, lag, refuse and lose as they are told. */
final class FakeCluster implements AutoCloseable {
    static final int COMMAND_BYTES_MAX = 100_000;

    private static final int READS_MAX = 1_000;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ModelLog log = new ModelLog(10_000);
    private final List<Node> nodes = new ArrayList<>();
    private volatile NodeId leader = new NodeId(1);

    FakeCluster(int size) {
        for (int i = 1; i <= size; i++) {
            nodes.add(new Node(new NodeId(i)));
        }
        ScheduledFuture<?> unused = thread.scheduleAtFixedRate(this::turn, 1, 1, TimeUnit.MILLISECONDS);
    }

    private void turn() {
        log.agreedMillis++;
        for (Node node : nodes) {
            if (!node.standsStill) {
                node.replica.applyAll();
            }
        }
    }

    Node node(int number) {
        return nodes.get(number - 1);
    }

    void leads(int number) {
        leader = new NodeId(number);
        for (Node node : nodes) {
            node.watchers.forEach(watcher -> watcher.accept(Optional.of(leader)));
        }
    }

    /** Everything that took effect so far, in order. */
    List<String> effects() throws Exception {
        return thread.submit(() -> List.copyOf(log.effects)).get();
    }

    /** Agreed time goes on by so much at once. */
    void pass(long millis) throws Exception {
        thread.submit(() -> log.agreedMillis += millis).get();
    }

    @Override
    public void close() {
        thread.shutdown();
    }

    /** One node's way in. */
    final class Node implements ClientGateway {
        private final NodeId id;
        private final ModelLog.Replica replica = log.new Replica();
        private final Map<SessionId, SessionReceiver> receivers = new HashMap<>();
        private final List<Consumer<Optional<NodeId>>> watchers = new CopyOnWriteArrayList<>();
        volatile boolean hasNoRoom;
        volatile boolean loses;
        volatile boolean standsStill;
        volatile SessionReceiver.Refusal refuses;
        volatile ReadRefusal refusesReads;
        volatile boolean silentAboutReads;
        final AtomicInteger attached = new AtomicInteger();
        final AtomicInteger submitted = new AtomicInteger();
        final AtomicInteger submissions = new AtomicInteger();
        final AtomicInteger reads = new AtomicInteger();

        Node(NodeId id) {
            this.id = id;
        }

        @Override
        public ClusterId cluster() {
            return new ClusterId("fake");
        }

        @Override
        public NodeId node() {
            return id;
        }

        @Override
        public int commandBytesMax() {
            return COMMAND_BYTES_MAX;
        }

        @Override
        public void attach(SessionId session, long boot, SessionReceiver receiver) {
            attached.incrementAndGet();
            thread.execute(() -> {
                receivers.put(session, receiver);
                replica.attach(session, receiver);
            });
        }

        @Override
        public void detach(SessionId session, SessionReceiver receiver) {
            thread.execute(() -> replica.detach(session, receiver));
        }

        @Override
        public boolean submit(List<Command> commands) {
            if (hasNoRoom) {
                return false;
            }
            submitted.addAndGet(commands.size());
            submissions.incrementAndGet();
            List<Command> taken = List.copyOf(commands);
            thread.execute(() -> {
                SessionReceiver.Refusal why = refuses;
                if (why != null) {
                    SessionReceiver receiver = receivers.get(taken.get(0).session());
                    receiver.refused(taken.get(0).sequence(), why);
                } else if (!loses) {
                    taken.forEach(log::append);
                    turn();
                }
            });
            return true;
        }

        @Override
        public int readsMax() {
            return READS_MAX;
        }

        @Override
        public void read(ReadLevel level, List<byte[]> queries, long timeoutMillis, ReadReceiver receiver) {
            reads.addAndGet(queries.size());
            if (silentAboutReads) {
                return;
            }
            thread.execute(() -> {
                for (int i = 0; i < queries.size(); i++) {
                    ReadRefusal why = refusesReads;
                    if (why == null) {
                        String answer = id + " " + level + " " + new String(queries.get(i), StandardCharsets.US_ASCII);
                        receiver.answered(i, answer.getBytes(StandardCharsets.US_ASCII), log.size(), 0);
                    } else {
                        receiver.refused(i, why, "told to");
                    }
                }
            });
        }

        /** The node stops. */
        void stop() throws Exception {
            thread.submit(() -> replica.endAll("the node stops")).get();
        }

        @Override
        public Optional<NodeId> leader() {
            return Optional.of(leader);
        }

        @Override
        public Runnable watchLeader(Consumer<Optional<NodeId>> watcher) {
            watchers.add(watcher);
            return () -> watchers.remove(watcher);
        }

        @Override
        public long agreedTimeMillis() {
            return log.agreedMillis;
        }
    }
}
