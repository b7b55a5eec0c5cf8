// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.ApplyWork;
import io.paxos.message.Message.RefusalReason;
import io.paxos.model.Command;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import io.paxos.protocol.Notice;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of remote clients that are attached to a node, and the way of their commands to the core. What becomes of them
 * goes from whoever applies straight to whoever serves the client; what the core refuses, from the core's. Any thread.
 */
public final class ClientSessions {

    private static final Logger LOG = LoggerFactory.getLogger(ClientSessions.class);

    private final String node;
    private final Applier applier;
    private final FrameInbox inbox;
    private final StopSignal stop;
    private final long waitingBytesMax;

    private final Map<SessionId, Attached> attached = new ConcurrentHashMap<>();
    private final List<Consumer<NodeId>> watchers = new CopyOnWriteArrayList<>();

    /** Attachments reach the applier in the order in which they replace each other here. */
    private final ReentrantLock order = new ReentrantLock();

    /** Commands that the core has not taken in yet. */
    private final AtomicLong waitingBytes = new AtomicLong();

    private volatile NodeId leader = NodeId.NONE;
    private volatile boolean ended;

    ClientSessions(String node, Applier applier, FrameInbox inbox, StopSignal stop, long waitingBytesMax) {
        this.node = node;
        this.applier = applier;
        this.inbox = inbox;
        this.stop = stop;
        this.waitingBytesMax = waitingBytesMax;
    }

    /** Attaches a receiver, in the place of an earlier one. */
    public void attach(SessionId session, long boot, SessionReceiver receiver) {
        Attached fresh = new Attached(session, receiver);
        order.lock();
        try {
            Attached before = attached.put(session, fresh);
            applier.put(new ApplyWork.Attach(session, boot, fresh));
            if (before != null) {
                before.ended("the session was attached anew on this node");
            }
        } finally {
            order.unlock();
        }
        if (ended && attached.remove(session, fresh)) {
            fresh.ended("the node has stopped");
        }
    }

    /** Detaches it, if it is attached. */
    public void detach(SessionId session, SessionReceiver receiver) {
        order.lock();
        try {
            Attached there = attached.get(session);
            if (there != null && there.receiver == receiver) {
                there.silent = true;
                attached.remove(session);
                applier.put(new ApplyWork.Detach(session, there));
            }
        } finally {
            order.unlock();
        }
    }

    /** Sends commands on their way; false, with nothing taken, if there is no room or the node stops. */
    public boolean submit(List<Command> commands) {
        if (stop.isRequested()) {
            return false;
        }
        long bytes = 0;
        for (Command command : commands) {
            bytes += command.encodedLength();
        }
        long size = bytes;
        if (waitingBytes.addAndGet(size) > waitingBytesMax) {
            waitingBytes.addAndGet(-size);
            return false;
        }
        inbox.putAndTurn(driver -> {
            waitingBytes.addAndGet(-size);
            driver.submitForClients(commands);
        });
        return true;
    }

    /** The node that leads, or {@link NodeId#NONE}. */
    public NodeId leader() {
        return leader;
    }

    /** Tells it of changes of {@link #leader}, on the thread that turns the core; what is returned ends that. */
    public Runnable watchLeader(Consumer<NodeId> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /** Agreed time as of the last slot applied. */
    public long agreedTimeMillis() {
        return applier.agreedTimeMillis();
    }

    // ---- whoever turns the core ------------------------------------------------------------------------------------

    void refused(Notice.CommandsRefused refused) {
        Attached whose = attached.get(refused.session());
        if (whose != null) {
            whose.refused(
                    refused.firstSequence(),
                    refused.reason() == RefusalReason.OVERLOADED
                            ? SessionReceiver.Refusal.OVERLOADED
                            : SessionReceiver.Refusal.NO_LEADER);
        }
    }

    void leaderChanged(NodeId now) {
        if (now.equals(leader)) {
            return;
        }
        leader = now;
        watchers.removeIf(watcher -> !tell(watcher, now));
    }

    private boolean tell(Consumer<NodeId> watcher, NodeId now) {
        try {
            watcher.accept(now);
            return true;
        } catch (RuntimeException thrown) {
            LOG.warn("{}: who watches the leader for clients threw, and is told no more", node, thrown);
            return false;
        }
    }

    /** The node has ended: tells everybody who is attached. */
    void end() {
        ended = true;
        for (Attached each : List.copyOf(attached.values())) {
            if (attached.remove(each.session, each)) {
                each.ended("the node has stopped");
            }
        }
    }

    /** A receiver whose exceptions are its own affair: one that throws is told nothing more. */
    private final class Attached implements SessionReceiver {
        private final SessionId session;
        private final SessionReceiver receiver;
        private volatile boolean silent;

        Attached(SessionId session, SessionReceiver receiver) {
            this.session = session;
            this.receiver = receiver;
        }

        private void tell(Consumer<SessionReceiver> what) {
            if (silent) {
                return;
            }
            try {
                what.accept(receiver);
            } catch (RuntimeException thrown) {
                LOG.warn("{}: who serves session {} threw, and is told no more", node, session, thrown);
                detach(session, receiver);
            }
        }

        @Override
        public void attached(long due, List<SessionResult> cached) {
            tell(told -> told.attached(due, cached));
        }

        @Override
        public void results(List<SessionResult> results) {
            tell(told -> told.results(results));
        }

        @Override
        public void gap(long due) {
            tell(told -> told.gap(due));
        }

        @Override
        public void refused(long firstSequence, Refusal reason) {
            tell(told -> told.refused(firstSequence, reason));
        }

        @Override
        public void ended(String reason) {
            tell(told -> told.ended(reason));
            silent = true;
        }
    }
}
