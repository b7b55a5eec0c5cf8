// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateAgreementTest implements StateAgreement.Host {

    private static final MemberId A = member(1);
    private static final MemberId B = member(2);
    private static final MemberId C = member(3);
    private static final MemberId STRANGER = member(9);

    private final List<String> sent = new ArrayList<>();
    private final List<Divergence> divergences = new ArrayList<>();
    private final List<String> stops = new ArrayList<>();
    private final StateAgreement agreement = new StateAgreement(A, this);

    private static MemberId member(int number) {
        return new MemberId(new NodeId(number), new Incarnation(number));
    }

    StateAgreementTest() {
        agreement.members(new Membership(1, List.of(A, B, C), List.of(), new QuorumSystem.Majority(), 64));
    }

    @Override
    public void send(NodeId to, Message message) {
        sent.add(to + " " + message);
    }

    @Override
    public void diverged(Divergence divergence) {
        divergences.add(divergence);
    }

    @Override
    public void stop(String reason) {
        stops.add(reason);
    }

    @Test
    void itTellsTheOthersAndEqualDigestsSayNothing() {
        agreement.mine(new StateDigest(256, 7));
        assertEquals(List.of("n2 AppliedDigest[slot=256, digest=7]", "n3 AppliedDigest[slot=256, digest=7]"), sent);
        agreement.told(B, new StateDigest(256, 7));
        agreement.told(C, new StateDigest(256, 7));
        assertEquals(List.of(), divergences);
        assertEquals(List.of(), stops);
    }

    @Test
    void whoAMajorityContradictsStopsAndNamesTheSlotAndBothDigests() {
        agreement.told(B, new StateDigest(256, 0xb));
        agreement.told(C, new StateDigest(256, 0xb));
        agreement.mine(new StateDigest(256, 0xa));
        assertEquals(1, stops.size());
        assertTrue(stops.get(0).contains("digest a at slot 256 here, b on 2 members"), stops.get(0));
    }

    @Test
    void withoutAMajorityItIsSaidAndNobodyStops() {
        agreement.mine(new StateDigest(256, 0xa));
        agreement.told(B, new StateDigest(256, 0xb));
        assertEquals(List.of(new Divergence(256, 0xa, B, 0xb)), divergences);
        assertEquals(List.of(), stops);
        agreement.told(C, new StateDigest(256, 0xa));
        assertNull(agreement.divergence(), "now it is known who is wrong");
        assertEquals(List.of(), stops);
    }

    /** B is far behind, and A's digest of the slot is long told when B comes to it. */
    @Test
    void digestsOfAnySlotAreComparedWhenBothAreThere() {
        agreement.mine(new StateDigest(256, 1));
        agreement.mine(new StateDigest(512, 2));
        agreement.told(C, new StateDigest(256, 3));
        agreement.told(B, new StateDigest(256, 3));
        assertEquals(1, stops.size());
    }

    @Test
    void whoHasNoVoteCountsForNothingButIsTold() {
        agreement.mine(new StateDigest(256, 1));
        sent.clear();
        agreement.told(STRANGER, new StateDigest(256, 3));
        assertEquals(List.of("n9 AppliedDigest[slot=256, digest=1]"), sent);
        assertEquals(List.of(), divergences);
    }
}
