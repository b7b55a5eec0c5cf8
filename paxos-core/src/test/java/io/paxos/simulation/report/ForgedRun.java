// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Position;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.Value;
import io.paxos.simulation.SimulationMetrics;
import io.paxos.simulation.SimulationOptions;
import io.paxos.simulation.SimulationResult;
import io.paxos.simulation.property.Judges;
import io.paxos.simulation.trace.Trace;
import io.paxos.simulation.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run that never was, event by event. */
final class ForgedRun {

    static final MemberId A = new MemberId(new NodeId(1), new Incarnation(0x1111));
    static final MemberId B = new MemberId(new NodeId(2), new Incarnation(0x2222));
    static final MemberId C = new MemberId(new NodeId(3), new Incarnation(0x3333));
    static final Ballot BALLOT = new Ballot(1, A);
    static final Proposal PROPOSAL = new Proposal(1, BALLOT, Value.of(new byte[] {1, 2, 3}));

    private final List<TraceEvent> events = new ArrayList<>();

    /** One of each kind of event, in an order that could be. */
    static ForgedRun ofEverything() {
        NodeId a = A.node();
        NodeId b = B.node();
        NodeId c = C.node();
        Message accept = new Message.Accept(PROPOSAL);
        ForgedRun run = new ForgedRun();
        Membership membership = new Membership(1, List.of(A, B, C), List.of(), new QuorumSystem.Majority(), 8);
        run.add(new TraceEvent.RunBegan(0, membership, 450, new TraceEvent.Bounds(8, 8, 8, 8, 8, 8, 8)));
        for (MemberId each : List.of(A, B, C)) {
            run.add(new TraceEvent.Started(1_000, DurableState.fresh(each)));
        }
        run.add(new TraceEvent.LeaderChanged(2_000, a, BALLOT, true));
        run.add(new TraceEvent.LeaderChanged(2_500, b, BALLOT, false));
        run.add(new TraceEvent.ClientInvoked(3_000, 1, 1, a, "write <1> & \"2\""));
        run.add(new TraceEvent.ClientInvoked(3_100, 2, 2, b, "read"));
        run.add(new TraceEvent.ClientInvoked(3_200, 3, 3, c, "write 3"));
        run.add(new TraceEvent.MessageSent(4_000, 1, a, b, accept, 99));
        run.add(new TraceEvent.MessageSent(4_000, 2, a, c, accept, 99));
        run.add(new TraceEvent.MessageDropped(4_000, 2, a, c, accept, TraceEvent.Loss.LOST));
        run.add(new TraceEvent.MessageDelivered(5_000, 1, a, b, accept));
        run.add(new TraceEvent.MessageDelivered(6_000, 1, a, b, accept));
        run.add(new TraceEvent.Forced(6_500, B, List.of(new DurableRecord.Accepted(PROPOSAL))));
        run.add(new TraceEvent.Chosen(6_500, PROPOSAL));
        run.add(new TraceEvent.Applied(7_000, a, 1, PROPOSAL, 42));
        run.add(new TraceEvent.Executed(7_000, a, 1, 1, new Position(1, 0), 7));
        run.add(new TraceEvent.ClientAnswered(8_000, 1, 1, a, TraceEvent.Answer.DONE, "done"));
        run.add(new TraceEvent.ClientAnswered(8_500, 2, 2, b, TraceEvent.Answer.REFUSED, "Overloaded"));
        run.add(new TraceEvent.ClientAnswered(9_000, 3, 3, c, TraceEvent.Answer.UNKNOWN, "Unknown"));
        run.add(new TraceEvent.Measured(10_000, a, 1, 1, 1, 1, 1, 1));
        run.add(new TraceEvent.PartitionBegan(11_000, 1, "halves", List.of(new TraceEvent.Link(a, b))));
        run.add(new TraceEvent.DiskFault(12_000, b, TraceEvent.Harm.SLOW, "500 ms"));
        run.add(new TraceEvent.ClockJumped(12_500, b, 700));
        run.add(new TraceEvent.Restored(12_500, b, 1, 4, 99));
        run.add(new TraceEvent.Paused(13_000, b, 14_000));
        run.add(new TraceEvent.PartitionEnded(15_000, 1));
        run.add(new TraceEvent.Crashed(16_000, a, true));
        run.add(new TraceEvent.StartRefused(17_000, a, "identity is damaged"));
        run.add(new TraceEvent.LostForGood(17_500, a));
        run.add(new TraceEvent.Stopped(18_000, b, "force failed", true));
        run.add(new TraceEvent.FaultsEnded(19_000));
        run.add(new TraceEvent.MessageSent(19_500, 3, c, b, accept, 99));
        run.add(new TraceEvent.RunEnded(20_000, List.of(c)));
        return run;
    }

    /** So many messages of one node to another, each delivered. */
    static ForgedRun ofMessages(int count) {
        ForgedRun run = new ForgedRun();
        for (int i = 1; i <= count; i++) {
            Message heartbeat = new Message.Heartbeat(BALLOT, i, true, 0);
            run.add(new TraceEvent.MessageSent(1_000L * i, i, A.node(), B.node(), heartbeat, 40));
            run.add(new TraceEvent.MessageDelivered(1_000L * i + 300, i, A.node(), B.node(), heartbeat));
        }
        return run;
    }

    void add(TraceEvent event) {
        events.add(event);
    }

    List<TraceEvent> events() {
        return events;
    }

    Recording recorded(int eventsMax) {
        Recording recording = new Recording(eventsMax);
        events.forEach(recording::observe);
        return recording;
    }

    RunReport report(Recording recording, Judges.@Nullable Violation violation) {
        Trace trace = new Trace(0);
        events.forEach(trace::record);
        SimulationMetrics metrics = new SimulationMetrics(20, 3, 1, 1, 1, 5_000, 5_000, 1, 1, -1, 0, 0, 0);
        SimulationResult result = new SimulationResult(756, "3 nodes, majority", violation, null, metrics, trace);
        return RunReport.of(result, recording, SimulationOptions.DEFAULT);
    }
}
