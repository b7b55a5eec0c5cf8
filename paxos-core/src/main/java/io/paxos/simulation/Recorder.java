// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.message.Message;
import io.paxos.model.NodeId;
import io.paxos.simulation.property.Judges;
import io.paxos.simulation.property.QuorumObserver;
import io.paxos.simulation.trace.Trace;
import io.paxos.simulation.trace.TraceEvent;

/** Where everything that happens goes: to the trace, to the observer of quorums, to the properties. */
final class Recorder {

    private final World world;
    private final Trace trace;
    private final Judges judges;
    private final QuorumObserver observer;

    Recorder(World world, Trace trace, Judges judges) {
        this.world = world;
        this.trace = trace;
        this.judges = judges;
        this.observer = new QuorumObserver(this::show);
    }

    void record(TraceEvent event) {
        show(event);
        observer.observe(event);
    }

    private void show(TraceEvent event) {
        trace.record(event);
        judges.observe(event);
    }

    void sent(long id, NodeId from, NodeId to, Message message, int bytes) {
        show(new TraceEvent.MessageSent(world.nowMicros(), id, from, to, message, bytes));
    }

    void delivered(long id, NodeId from, NodeId to, Message message) {
        show(new TraceEvent.MessageDelivered(world.nowMicros(), id, from, to, message));
    }

    void dropped(long id, NodeId from, NodeId to, Message message, TraceEvent.Loss loss) {
        show(new TraceEvent.MessageDropped(world.nowMicros(), id, from, to, message, loss));
    }

    void seal(long number) {
        trace.seal(number);
    }

    long nowMicros() {
        return world.nowMicros();
    }

    Trace trace() {
        return trace;
    }

    Judges judges() {
        return judges;
    }

    boolean hasViolation() {
        return judges.violation() != null;
    }
}
