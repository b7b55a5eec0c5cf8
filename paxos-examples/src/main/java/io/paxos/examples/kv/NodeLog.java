// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.PaxosNode;
import io.paxos.ReadLevel;
import io.paxos.examples.kv.resp.RespReply;
import io.paxos.model.NodeId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The node that connections ask, once there is one; before, each is told to come again. */
final class NodeLog implements KvLog {

    private static final byte[] STARTING =
            RespReply.error("NOTREADY no leader, not applied: this node is reading its log, try again");
    private static final byte[] STARTING_ONCE = RespReply.error(
            "UNKNOWN whether it took effect: this node is reading its log; send the same again, to any node");

    private record Running(PaxosNode node, OnceSessions once) {}

    private final KvStateMachine stateMachine;
    private final StoreBound bound;
    private final LongAdder linearizableReads = new LongAdder();
    private final LongAdder localReads = new LongAdder();
    private final LongAdder failedReads = new LongAdder();

    private volatile @Nullable Running running;

    NodeLog(KvStateMachine stateMachine, StoreBound bound) {
        this.stateMachine = stateMachine;
        this.bound = bound;
    }

    void started(PaxosNode node, OnceSessions once) {
        running = new Running(node, once);
    }

    @Override
    public CompletableFuture<byte[]> submit(KvCommand command) {
        Running current = running;
        byte[] encoded = command.encode();
        byte[] refusal = current == null ? STARTING : bound.refusal(encoded, stateMachine.storeBytes());
        return current == null || refusal != null
                ? CompletableFuture.completedFuture(refusal)
                : current.node.submit(encoded);
    }

    @Override
    public CompletableFuture<byte[]> read(KvCommand command, boolean local, Reading reading) {
        Running current = running;
        if (current == null) {
            return CompletableFuture.completedFuture(STARTING);
        }
        LongAdder counter = local ? localReads : linearizableReads;
        return current.node
                .read(
                        local ? ReadLevel.LOCAL : ReadLevel.LINEARIZABLE,
                        () -> reading.read(() -> stateMachine.read(command)))
                .handle((read, failure) -> {
                    if (failure != null) {
                        counter.increment();
                        failedReads.increment();
                        return LogErrors.replyToRead(failure);
                    }
                    byte[] reply = read.value();
                    if (reply.length > 0) { // else it was put off, and is asked for again
                        counter.increment();
                    }
                    return reply;
                });
    }

    @Override
    public CompletableFuture<byte[]> once(OnceCommand command) {
        Running current = running;
        return current == null ? CompletableFuture.completedFuture(STARTING_ONCE) : current.once.submit(command);
    }

    @Override
    public CompletableFuture<byte[]> handOver(@Nullable NodeId target) {
        Running current = running;
        if (current == null) {
            return CompletableFuture.completedFuture(STARTING);
        }
        try {
            CompletableFuture<NodeId> leader =
                    target == null ? current.node.transferLeadership() : current.node.transferLeadership(target);
            return leader.handle((now, failure) -> failure == null
                    ? RespReply.status(now + " leads")
                    : RespReply.error("ERR " + failure.getMessage()));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(RespReply.error("ERR " + e.getMessage()));
        }
    }

    /** Reads that were asked for, and had to see everything that was answered before. */
    long linearizableReads() {
        return linearizableReads.sum();
    }

    /** Reads that were asked for, and saw whatever was there. */
    long localReads() {
        return localReads.sum();
    }

    /** Reads of either kind that had no answer. */
    long failedReads() {
        return failedReads.sum();
    }
}
