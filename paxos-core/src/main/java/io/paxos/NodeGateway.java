// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.Batch;
import io.paxos.model.ClusterId;
import io.paxos.model.Command;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import io.paxos.runtime.ClientSessions;
import io.paxos.session.SessionReceiver;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** {@link PaxosNode#clients()}: checks what a server for remote clients brings in, and hands it on. */
final class NodeGateway implements ClientGateway {

    /** A client has one life: who starts again draws another session. */
    private static final long CLIENT_BOOT = 1;

    private final NodeConfiguration configuration;
    private final ClientSessions sessions;
    private final Reader reader;

    /** How reads are served. */
    @FunctionalInterface
    interface Reader {
        void read(ReadLevel level, List<byte[]> queries, long timeoutMillis, ReadReceiver receiver);
    }

    NodeGateway(NodeConfiguration configuration, ClientSessions sessions, Reader reader) {
        this.configuration = configuration;
        this.sessions = sessions;
        this.reader = reader;
    }

    @Override
    public ClusterId cluster() {
        return configuration.cluster();
    }

    @Override
    public NodeId node() {
        return configuration.node();
    }

    @Override
    public int commandBytesMax() {
        return configuration.commandBytesMax();
    }

    @Override
    public void attach(SessionId session, long boot, SessionReceiver receiver) {
        requireClient(session, boot);
        sessions.attach(session, boot, receiver);
    }

    @Override
    public void detach(SessionId session, SessionReceiver receiver) {
        sessions.detach(session, receiver);
    }

    @Override
    public boolean submit(List<Command> commands) {
        for (Command command : commands) {
            requireClient(command.session(), command.boot());
            boolean known =
                    switch (command.kind()) {
                        case COMMAND, SESSION_OPEN, SESSION_CLOSE -> true;
                        case NO_OP, MEMBERSHIP, TICK, FEATURE_LEVEL -> false;
                    };
            if (!known) {
                throw new IllegalArgumentException("kind: a client cannot send " + command);
            }
            int longest = configuration.limits().batchBytesMax() - Batch.HEADER_BYTES - Command.OVERHEAD_BYTES;
            if (command.payload().length > Math.min(longest, configuration.commandBytesMax())) {
                throw new IllegalArgumentException("command: " + command.payload().length
                        + " bytes is outside the allowed range 0.." + configuration.commandBytesMax());
            }
        }
        return commands.isEmpty() || sessions.submit(List.copyOf(commands));
    }

    private static void requireClient(SessionId session, long boot) {
        if (session.owner() != 0 || session.isNone() || boot != CLIENT_BOOT) {
            throw new IllegalArgumentException(
                    "session: " + session + " at boot " + boot + " is not a client's, which has owner 0 and boot 1");
        }
    }

    @Override
    public int readsMax() {
        return configuration.readsMax();
    }

    @Override
    public void read(ReadLevel level, List<byte[]> queries, long timeoutMillis, ReadReceiver receiver) {
        if (queries.isEmpty() || queries.size() > readsMax()) {
            throw new IllegalArgumentException(
                    "queries: " + queries.size() + " is outside the allowed range 1.." + readsMax());
        }
        reader.read(level, List.copyOf(queries), timeoutMillis, receiver);
    }

    @Override
    public Optional<NodeId> leader() {
        return named(sessions.leader());
    }

    @Override
    public Runnable watchLeader(Consumer<Optional<NodeId>> watcher) {
        return sessions.watchLeader(leader -> watcher.accept(named(leader)));
    }

    private static Optional<NodeId> named(NodeId leader) {
        return leader.isNone() ? Optional.empty() : Optional.of(leader);
    }

    @Override
    public long agreedTimeMillis() {
        return sessions.agreedTimeMillis();
    }
}
