// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message;
import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {

    private static final NodeId NODE = new NodeId(1);

    private final FigureTally tally = new FigureTally();
    private long operation;

    @Test
    void latencyCountsOnlyWhatWasDone() {
        asks(0, 10_000, Answer.DONE);
        asks(0, 30_000, Answer.DONE);
        asks(0, 20_000, Answer.DONE);
        asks(0, 90_000, Answer.UNKNOWN);

        assertEquals(20.0, tally.whole().consensusLatencyMillisP50());
        assertEquals(30.0, tally.whole().consensusLatencyMillisP99());
    }

    @Test
    void throughputIsPerSecondOfVirtualTime() {
        asks(0, 100_000, Answer.DONE);
        asks(0, 200_000, Answer.DONE);
        asks(0, 500_000, Answer.REFUSED);

        assertEquals(4.0, tally.whole().throughputPerSecond());
    }

    @Test
    void aWindowIsLostIfSomebodyWaitedAllThroughItInVain() {
        // Windows 0 to 4; nobody is answered in 1, 2 and 3, and the client fills them all.
        asks(50_000, 450_000, Answer.DONE);

        assertEquals(40.0, tally.whole().availabilityPercent());
    }

    @Test
    void aWindowInWhichAnybodyIsAnsweredIsNotLost() {
        asks(50_000, 450_000, Answer.DONE);
        asks(250_000, 260_000, Answer.DONE);

        assertEquals(60.0, tally.whole().availabilityPercent());
    }

    @Test
    void aWindowInWhichNobodyAskedDoesNotCount() {
        asks(10_000, 20_000, Answer.DONE);
        asks(910_000, 920_000, Answer.REFUSED);

        assertEquals(50.0, tally.whole().availabilityPercent());
    }

    @Test
    void refusalsAreCountedPerProposalReceived() {
        Message accept = new Message.Accept(ForgedRun.PROPOSAL);
        Message rejected = new Message.Rejected(ForgedRun.BALLOT, 0, 1, ForgedRun.BALLOT, ForgedRun.BALLOT, 0);
        for (int i = 0; i < 4; i++) {
            tally.observe(new TraceEvent.MessageDelivered(1_000, i, NODE, NODE, accept));
        }
        tally.observe(new TraceEvent.MessageSent(2_000, 9, NODE, NODE, rejected, 50));

        assertEquals(0.25, tally.whole().proposalRejectionRate());
    }

    @Test
    void whatNothingIsKnownOfIsADash() {
        tally.observe(new TraceEvent.FaultsEnded(1_000_000));

        assertEquals(
                List.of("-", "-", "-", "0.0", "-"),
                tally.whole().rows().stream().map(Figures.Row::value).toList());
    }

    @Test
    void aCurveHasNoMorePointsThanAskedForAndCoversTheRun() {
        asks(0, 1_950_000, Answer.DONE);
        List<FigureTally.Point> curve = tally.curve(7);

        assertEquals(7, curve.size());
        assertEquals(0, curve.get(0).fromMicros());
        assertEquals(2_000_000, curve.get(6).untilMicros());
        assertEquals(1_950.0, curve.get(6).figures().consensusLatencyMillisP50());
    }

    private void asks(long fromMicros, long untilMicros, Answer answer) {
        operation++;
        tally.observe(new TraceEvent.ClientInvoked(fromMicros, operation, 1, NODE, "read"));
        tally.observe(new TraceEvent.ClientAnswered(untilMicros, operation, 1, NODE, answer, "x"));
    }
}
