// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.counter;

import io.paxos.PaxosNode;
import io.paxos.Snapshot;
import io.paxos.StateMachine;
import io.paxos.model.Entry;
import io.paxos.model.NodeId;
import io.paxos.transport.InProcessNetwork;
import java.io.DataInput;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;

/** Three nodes in one JVM count together: every command adds one, on every node, in one order. */
public final class Counter implements StateMachine {
    private long total;

    @Override
    public byte[] apply(Entry entry) {
        return BigInteger.valueOf(++total).toByteArray();
    }

    @Override
    public Snapshot snapshot() {
        long now = total;
        return out -> out.writeLong(now);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        total = in.readLong();
    }

    public static void main(String[] arguments) throws Exception {
        var network = new InProcessNetwork();
        var nodes = new PaxosNode[3];
        for (int i = 1; i <= 3; i++) {
            var builder = PaxosNode.builder().stateMachine(new Counter()).voters("n1", "n2", "n3");
            builder.cluster("counter").node("n" + i).formatIfEmpty(true).transport(network.transport(new NodeId(i)));
            nodes[i - 1] = builder.directory(Files.createTempDirectory("n" + i)).start();
        }
        for (int i = 0; i < 6; i++) {
            var total = new BigInteger(nodes[i % 3].submit(new byte[0]).join());
            System.out.println("n" + (i % 3 + 1) + " counts " + total);
        }
        for (PaxosNode node : nodes) node.close();
    }
}
