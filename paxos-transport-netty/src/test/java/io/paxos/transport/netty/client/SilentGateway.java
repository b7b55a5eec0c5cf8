// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ClientGateway;
import io.paxos.ReadLevel;
import io.paxos.ReadReceiver;
import io.paxos.model.ClusterId;
import io.paxos.model.Command;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import io.paxos.session.SessionReceiver;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A way into a node that takes everything and answers nothing. */
class SilentGateway implements ClientGateway {

    @Override
    public ClusterId cluster() {
        return new ClusterId("orders");
    }

    @Override
    public NodeId node() {
        return new NodeId(1);
    }

    @Override
    public int commandBytesMax() {
        return 1_024;
    }

    @Override
    public void attach(SessionId session, long boot, SessionReceiver receiver) {}

    @Override
    public void detach(SessionId session, SessionReceiver receiver) {}

    @Override
    public boolean submit(List<Command> commands) {
        return true;
    }

    @Override
    public int readsMax() {
        return 1_000;
    }

    @Override
    public void read(ReadLevel level, List<byte[]> queries, long timeoutMillis, ReadReceiver receiver) {}

    @Override
    public Optional<NodeId> leader() {
        return Optional.empty();
    }

    @Override
    public Runnable watchLeader(Consumer<Optional<NodeId>> watcher) {
        return () -> {};
    }

    @Override
    public long agreedTimeMillis() {
        return 1;
    }
}
