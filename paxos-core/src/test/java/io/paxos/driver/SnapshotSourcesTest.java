// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message.SnapshotPiece;
import io.paxos.model.NodeId;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a member asks that needs a snapshot. */
class SnapshotSourcesTest {

    private static final long PATIENCE_MILLIS = 100;
    private static final Value NOTHING = Value.of(new byte[0]);

    private final List<NodeId> asked = new ArrayList<>();
    private final List<Long> nonces = new ArrayList<>();
    private final SnapshotFetch fetch = new SnapshotFetch(
            SnapshotOptions.DEFAULT,
            PATIENCE_MILLIS,
            new AskedOfSnapshots(),
            (to, request) -> {
                asked.add(to);
                nonces.add(request.nonce());
            },
            1);

    /** The leader alone has what is needed: the others fell behind together, and were asked again and again for ever. */
    @Test
    void theLeaderIsAskedLastButItIsAsked() {
        fetch.members(nodes(1, 2, 3, 4));
        fetch.leader(new NodeId(2));
        fetch.needed(new NodeId(2), 50, 10, 0);
        for (long now = 0; now < 7 * PATIENCE_MILLIS; now += PATIENCE_MILLIS) {
            fetch.onTime(now);
        }
        assertEquals(nodes(1, 3, 4, 2, 1, 3, 4), asked);
    }

    @Test
    void whoSaysThatItHasOneIsAskedFirstUnlessItLeads() {
        fetch.members(nodes(1, 2, 3));
        fetch.leader(new NodeId(1));
        fetch.needed(new NodeId(3), 50, 10, 0);
        fetch.onTime(PATIENCE_MILLIS);
        assertEquals(nodes(3, 1), asked);
    }

    /** Five members of which the last one asked has it: four times the patience was lost with "I have none". */
    @Test
    void whoHasNothingThatHelpsIsNotWaitedFor() {
        fetch.members(nodes(1, 2, 3));
        fetch.needed(NodeId.NONE, 50, 10, 0);
        for (int answers = 0; answers < 4; answers++) {
            NodeId last = asked.get(asked.size() - 1);
            fetch.onPiece(last, new SnapshotPiece(nonces.get(nonces.size() - 1), SnapshotId.NONE, 0, NOTHING), 1);
        }
        assertEquals(nodes(1, 2, 3), asked, "once round");

        fetch.onTime(1 + PATIENCE_MILLIS);
        assertEquals(nodes(1, 2, 3, 1), asked, "then with patience");
    }

    private static List<NodeId> nodes(int... numbers) {
        List<NodeId> nodes = new ArrayList<>();
        for (int number : numbers) {
            nodes.add(new NodeId(number));
        }
        return nodes;
    }
}
