// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.Fixtures.CLUSTER;
import static io.paxos.transport.netty.Fixtures.FRAME_BYTES_MAX;
import static io.paxos.transport.netty.Fixtures.N1;
import static io.paxos.transport.netty.Fixtures.N2;
import static io.paxos.transport.netty.Fixtures.N3;
import static io.paxos.transport.netty.Fixtures.introduction;
import static io.paxos.transport.netty.Fixtures.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.ClusterId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.transport.Introduction;
import io.paxos.transport.netty.ControlFrame.Reason;
import io.paxos.transport.netty.ControlFrame.Refusal;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Node n1 decides whom to listen to; its peers are n2 and n3. */
class PeerRegisterTest {
    private static final long RUN = 77;
    private static final long OTHER_RUN = 78;

    private final PeerRegister register = new PeerRegister(
            Greeting.of(introduction(1, 1), 1, NodeId.NONE, FRAME_BYTES_MAX), new TreeSet<>(Set.of(N2, N3)));

    private static final class Connection implements PeerRegister.Held {
        private boolean alive = true;
        private boolean displaced;

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public String remote() {
            return "/10.0.0.2:4711";
        }

        @Override
        public void displace() {
            displaced = true;
        }
    }

    @Test
    void whoeverDoesNotFitIsRefusedWithTheReason() {
        Greeting fits = from(member(2), 1, RUN);
        assertRefused(
                Reason.OTHER_CLUSTER,
                "cluster other of n2/2222 is not cluster fixtures of n1/1111",
                Greeting.of(new Introduction(new ClusterId("other"), member(2), 1), RUN, N1, 1));
        assertRefused(
                Reason.WRONG_NODE,
                "n2/2222 wants n3, but this is n1/1111",
                Greeting.of(introduction(2, 1), RUN, N3, 1));
        assertRefused(
                Reason.UNKNOWN_NODE,
                "n4/4444 is not among the peers of n1/1111, which are [n2, n3]",
                from(member(4), 1, RUN));
        assertRefused(
                Reason.UNKNOWN_NODE,
                "n1/1111 is not among the peers of n1/1111, which are [n2, n3]",
                from(member(1), 1, RUN));
        assertRefused(
                Reason.OTHER_GROUP,
                "group 6 of n2/2222 is not group 0 of n1/1111",
                new Greeting(CLUSTER, member(2), 1, RUN, N1, 6, 1, 1, 1));
        assertRefused(
                Reason.WIRE_VERSION,
                "n2/2222 reads frames of versions 2..9, n1/1111 of 1..1",
                new Greeting(CLUSTER, member(2), 1, RUN, N1, 0, 2, 9, 1));
        assertNull(register.admit(fits, new Connection()), "none of these left a trace");
    }

    @Test
    void aVersionRangeThatOverlapsIsWelcome() {
        assertNull(register.admit(new Greeting(CLUSTER, member(2), 1, RUN, N1, 0, 0, 4, 1), new Connection()));
    }

    @Test
    void theHigherBootWinsAndTheLowerIsRefusedForGood() {
        Connection first = new Connection();
        Connection second = new Connection();
        assertNull(register.admit(from(member(2), 4, RUN), first));
        assertNull(register.admit(from(member(2), 5, OTHER_RUN), second));
        assertTrue(first.displaced);

        String why = "n2/2222 is at /10.0.0.2:4711 with boot 4, but was heard from /10.0.0.2:4711 with boot 5";
        assertRefused(Reason.OLD_BOOT, why, from(member(2), 4, RUN));
        second.alive = false;
        assertRefused(Reason.OLD_BOOT, why, from(member(2), 4, RUN));
        register.leave(N2, second);
        assertRefused(Reason.OLD_BOOT, why, from(member(2), 4, RUN));
        assertFalse(second.displaced);
    }

    @Test
    void aProcessThatDialsAgainReplacesItsOlderConnection() {
        Connection first = new Connection();
        Connection second = new Connection();
        assertNull(register.admit(from(member(2), 4, RUN), first));
        assertNull(register.admit(from(member(2), 4, RUN), second));
        assertTrue(first.displaced);

        register.leave(N2, first);
        assertRefused(
                Reason.SAME_BOOT_TWICE,
                "n2/2222 is at /10.0.0.2:4711 with boot 4, with which another process is connected from /10.0.0.2:4711",
                from(member(2), 4, OTHER_RUN));
    }

    @Test
    void theSameBootOfAnotherProcessIsLetInOnceTheOlderConnectionIsDeadOrGone() {
        Connection first = new Connection();
        assertNull(register.admit(from(member(2), 4, RUN), first));
        assertRefused(Reason.SAME_BOOT_TWICE, null, from(member(2), 4, OTHER_RUN));
        first.alive = false;
        Connection second = new Connection();
        assertNull(register.admit(from(member(2), 4, OTHER_RUN), second));
        assertTrue(first.displaced);

        assertRefused(Reason.SAME_BOOT_TWICE, null, from(member(2), 4, RUN));
        register.leave(N2, second);
        assertNull(register.admit(from(member(2), 4, RUN), new Connection()));
    }

    @Test
    void anotherIncarnationIsLetInOnceTheOlderConnectionIsDeadOrGone() {
        MemberId wiped = new MemberId(N2, new Incarnation(0x9999_0000_0000_0001L));
        Connection first = new Connection();
        assertNull(register.admit(from(member(2), 4, RUN), first));
        assertRefused(
                Reason.OTHER_INCARNATION,
                "n2/9999 comes from /10.0.0.2:4711 while n2/2222 is connected from /10.0.0.2:4711: two processes run as n2",
                from(wiped, 1, OTHER_RUN));
        first.alive = false;
        assertNull(register.admit(from(wiped, 1, OTHER_RUN), new Connection()));
        assertTrue(first.displaced);
    }

    @Test
    void peersDoNotGetInEachOthersWay() {
        Connection second = new Connection();
        Connection third = new Connection();
        assertNull(register.admit(from(member(2), 4, RUN), second));
        assertNull(register.admit(from(member(3), 1, RUN), third));
        assertFalse(second.displaced);
        register.leave(N3, second);
        assertRefused(Reason.SAME_BOOT_TWICE, null, from(member(3), 1, OTHER_RUN));
    }

    @Test
    void theEndThatAnswersADialMustBeWhomWeWanted() {
        assertNull(register.recognise(from(member(2), 4, RUN), N2, "/10.0.0.9:7001"));
        assertRecognised(
                Reason.WRONG_NODE,
                "wanted n2, but n3/3333 answered",
                register.recognise(from(member(3), 4, RUN), N2, "/10.0.0.9:7001"));
        Greeting stranger = Greeting.of(new Introduction(new ClusterId("other"), member(3), 1), RUN, N1, 1);
        assertRecognised(
                Reason.OTHER_CLUSTER,
                "cluster other of n3/3333 is not cluster fixtures of n1/1111",
                register.recognise(stranger, N2, "/10.0.0.9:7001"));

        assertNull(register.admit(from(member(2), 4, RUN), new Connection()));
        assertRecognised(
                Reason.OLD_BOOT,
                "n2/2222 is at /10.0.0.9:7001 with boot 3, but was heard from /10.0.0.2:4711 with boot 4",
                register.recognise(from(member(2), 3, RUN), N2, "/10.0.0.9:7001"));
        assertNull(register.recognise(from(member(2), 5, OTHER_RUN), N2, "/10.0.0.9:7001"));
    }

    /** n2's directory was copied; the copy listens where n2 is dialled, the first one dialled here. */
    @Test
    void aCopyThatAnswersADialIsNotTalkedToWhileTheOtherIsConnected() {
        Connection first = new Connection();
        assertNull(register.admit(from(member(2), 4, RUN), first));
        assertNull(register.recognise(from(member(2), 4, RUN), N2, "/10.0.0.9:7001"));
        assertRecognised(
                Reason.SAME_BOOT_TWICE,
                "n2/2222 is at /10.0.0.9:7001 with boot 4, with which another process is connected from /10.0.0.2:4711",
                register.recognise(from(member(2), 4, OTHER_RUN), N2, "/10.0.0.9:7001"));
        first.alive = false;
        assertNull(register.recognise(from(member(2), 4, OTHER_RUN), N2, "/10.0.0.9:7001"));
    }

    private static Greeting from(MemberId member, long boot, long run) {
        return Greeting.of(new Introduction(CLUSTER, member, boot), run, N1, FRAME_BYTES_MAX);
    }

    private void assertRefused(Reason reason, String text, Greeting greeting) {
        assertRecognised(reason, text, register.admit(greeting, new Connection()));
    }

    private static void assertRecognised(Reason reason, String text, Refusal refusal) {
        assertNotNull(refusal);
        assertEquals(reason, refusal.reason());
        if (text != null) {
            assertEquals(text, refusal.text());
        }
    }
}
