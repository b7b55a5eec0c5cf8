// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Frame;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import io.paxos.transport.InProcessNetwork;
import io.paxos.transport.Introduction;
import io.paxos.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NodeBuilderTest {

    private static NodeBuilder valid() {
        return PaxosNode.builder()
                .cluster("orders")
                .node("n1")
                .voters("n1", "n2", "n3")
                .directory(Path.of("data", "n1"))
                .transport(new InProcessNetwork().transport(new NodeId(1)))
                .stateMachine(entry -> entry.command());
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(builder -> builder.node("n4"), "node: n4 is not one of the founding voters [n1, n2, n3]"),
                mistake(builder -> builder.voters("n1", "n1"), "founding voters: n1 is named twice, or is none"),
                mistake(builder -> builder.voters(List.of()), "founding voters: 0 is outside the allowed range 1..31"),
                mistake(builder -> builder.alpha(0), "founding alpha: 0 slots is outside the allowed range 1..65536"),
                mistake(
                        builder -> builder.alpha(2_049).openVotesMax(4_096),
                        "openVotesMax: 4096 is outside the allowed range 4098..1048576"),
                mistake(
                        builder -> builder.quorums(new QuorumSystem.FlexibleSizes(1, 2)),
                        "quorum sizes: phase 1 of 1 plus phase 2 of 2 must exceed 3 voters, else a new leader may miss a"
                                + " chosen value"),
                mistake(
                        builder -> builder.node("n9").learners("n4", "n5"),
                        "node: n9 is not one of the founding voters [n1, n2, n3], nor of the founding learners [n4, n5]"),
                mistake(builder -> builder.learners("n4", "n4"), "founding learners: n4 is named twice, or is none"),
                mistake(
                        builder -> builder.learners("n3"),
                        "founding learners: n3 is one of the founding voters [n1, n2, n3]"),
                mistake(
                        builder -> builder.node("n4").learners("n4").rejoin(true),
                        "rejoin: true, but n4 is one of the founding learners [n4], which have no vote to lose: call"
                                + " formatIfEmpty(true) if its directory was lost"),
                mistake(
                        builder -> builder.submitTimeout(Duration.ZERO),
                        "submitTimeout: PT0S is outside the allowed range PT0.001S..PT24H"),
                mistake(
                        builder -> builder.heartbeat(Duration.ofNanos(1)),
                        "heartbeatMillis: 0 ms is outside the allowed range 1..3600000"),
                mistake(
                        builder -> builder.heartbeat(Duration.ofDays(2)),
                        "heartbeat: PT48H is outside the allowed range PT0S..PT24H"),
                mistake(
                        builder -> builder.electionTimeout(Duration.ofMillis(100), Duration.ofMillis(200)),
                        "electionTimeoutMinMillis: 100 ms is outside the allowed range 150..3600000"),
                mistake(
                        builder -> builder.inFlightSlotsMax(0),
                        "inFlightSlotsMax: 0 is outside the allowed range 1..65536"),
                mistake(
                        builder -> builder.submittedCommandsMax(0),
                        "submittedCommandsMax: 0 is outside the allowed range 1..1048576"),
                mistake(
                        builder -> builder.submittedBytesMax(1),
                        "submittedBytesMax: 1 is outside the allowed range 1048576..1099511627776"),
                mistake(
                        builder -> builder.inboxBytesMax(1),
                        "inboxBytesMax: 1 is outside the allowed range 2097152..1099511627776"),
                mistake(
                        builder -> builder.applyBacklogBytesMax(1),
                        "applyBacklogBytesMax: 1 is outside the allowed range 1048576..1099511627776"),
                mistake(
                        builder -> builder.journalBacklogBytesMax(1),
                        "journalBacklogBytesMax: 1 is outside the allowed range 1048576..1099511627776"),
                mistake(
                        builder -> builder.diskStopAfter(Duration.ofDays(2)),
                        "diskStopAfter: PT48H is outside the allowed range PT0.001S..PT24H"),
                mistake(
                        builder -> builder.diskResignAfter(Duration.ofSeconds(31)),
                        "diskResignAfter: PT31S is outside the allowed range PT0.001S..PT30S, which is diskStopAfter"),
                mistake(
                        builder -> builder.diskResignAfter(Duration.ZERO),
                        "diskResignAfter: PT0S is outside the allowed range PT0.001S..PT30S, which is diskStopAfter"),
                mistake(
                        builder -> builder.diskWellAfter(Duration.ZERO),
                        "diskWellAfter: PT0S is outside the allowed range PT0.001S..PT24H"),
                mistake(
                        builder -> builder.snapshotEveryBytes(-1),
                        "snapshotEveryBytes: -1 is outside the allowed range 0..1125899906842624"),
                mistake(
                        builder -> builder.snapshotFetchBytesPerSecond(-1),
                        "snapshotFetchBytesPerSecond: -1 is outside the allowed range 0..1125899906842624"));
    }

    /** A batch of 4 MiB is proposed in a frame that is longer, and that nobody would ever get. */
    @Test
    void aPageThatTheTransportDoesNotCarryIsNamedWithBothFields() {
        NodeBuilder builder = valid().transport(new Narrow());
        assertNotNull(builder.batchBytesMax(1 << 20).pageBytesMax(2 << 20).build());
        assertEquals(
                "pageBytesMax: 4194304 is outside the allowed range 1..4124672, since the transport carries frames of up to"
                        + " 4194304 bytes (its frameBytesMax), and pageSlotsMax is 1024",
                assertThrows(IllegalArgumentException.class, () -> builder.batchBytesMax(4 << 20)
                                .pageBytesMax(4 << 20)
                                .build())
                        .getMessage());
    }

    @Test
    void aPageOfMoreSlotsThanTheTransportCarriesIsNamedToo() {
        assertEquals(
                "pageSlotsMax: 65536 is outside the allowed range 1..49088, since the transport carries frames of up to"
                        + " 4194304 bytes (its frameBytesMax), and batchBytesMax is 1048576",
                assertThrows(IllegalArgumentException.class, () -> valid().transport(new Narrow())
                                .pageSlotsMax(65_536)
                                .build())
                        .getMessage());
    }

    /** Carries what {@code NettyTransport} does by default. */
    private static final class Narrow implements Transport {
        @Override
        public void start(Introduction self, Receiver receiver) {}

        @Override
        public void send(NodeId to, Frame frame) {}

        @Override
        public void flush() {}

        @Override
        public boolean isReachable(NodeId node) {
            return false;
        }

        @Override
        public int frameBytesMax() {
            return 4 << 20;
        }

        @Override
        public void close() {}
    }

    private static Arguments mistake(UnaryOperator<NodeBuilder> mistake, String message) {
        return Arguments.of(mistake, message);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("mistakes")
    void aMistakeIsNamedWithItsFieldItsValueAndTheAllowedRange(UnaryOperator<NodeBuilder> mistake, String message) {
        NodeBuilder builder = mistake.apply(valid());
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    }

    @Test
    void whatIsMissingIsNamedWithTheCallThatAddsIt() {
        assertEquals(
                "cluster: missing; call cluster(…) on the builder",
                assertThrows(IllegalArgumentException.class, () -> PaxosNode.builder()
                                .build())
                        .getMessage());
    }

    @Test
    void everyValueInForceIsPrinted() {
        String text = valid().build().toString();
        assertTrue(
                text.startsWith(
                        "cluster=orders, node=n1, voters=[n1, n2, n3], learners=[], quorums=majority, alpha=1024, directory="
                                + Path.of("data", "n1")
                                + ", directWrites=true, formatIfEmpty=false, rejoin=false, transport="),
                text);
        assertTrue(
                text.endsWith(
                        "submitTimeout=PT10S, heartbeat=PT0.05S, electionTimeoutMin=PT0.3S,"
                                + " electionTimeoutMax=PT0.45S, retransmit=PT0.1S, inFlightSlotsMax=64, batchBytesMax=1048576,"
                                + " batchCommandsMax=4096, leaderPendingBytesMax=33554432, pageBytesMax=2097152,"
                                + " pageSlotsMax=1024, openVotesMax=8192, submittedCommandsMax=16384,"
                                + " submittedBytesMax=16777216, readsMax=65536, leases=off, inboxBytesMax=67108864, applyBacklogBytesMax=16777216,"
                                + " journalBacklogBytesMax=67108864, diskResignAfter=PT0.5S, diskWellAfter=PT1.8S, diskStopAfter=PT30S,"
                                + " snapshotEveryBytes=67108864, snapshotEverySlots=0, snapshotRetainedBytesMax=1073741824, snapshotFetchBytesPerSecond=0, snapshotWritePercentMax=25"),
                text);
    }

    @Test
    void theLongestCommandIsWhatABatchHolds() {
        assertEquals(1_048_576 - 20 - 45, valid().build().commandBytesMax());
    }

    @Test
    void aFrozenConfigurationDoesNotFollowItsBuilder() {
        NodeBuilder builder = valid();
        NodeConfiguration configuration = builder.build();
        builder.submitTimeout(Duration.ofSeconds(1));
        assertEquals(Duration.ofSeconds(10), configuration.submitTimeout());
    }
}
