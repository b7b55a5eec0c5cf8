// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.examples.lock.LockAnswer.Kind;
import io.paxos.model.Entry;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LockTableTest {

    private final LockTable table = new LockTable();
    private long slot;

    private LockAnswer at(long agreedMillis, LockCommand command) {
        return LockAnswer.decode(
                table.apply(new Entry(new Position(++slot, 3), agreedMillis, SessionId.NONE, command.encode())));
    }

    private static LockCommand acquire(String owner) {
        return LockCommand.acquire("door", owner, 1_000);
    }

    @Test
    void lockIsHeldUntilItsLeaseIsOverAndEveryGrantHasAHigherToken() {
        LockAnswer first = at(10_000, acquire("a"));
        assertEquals(new LockAnswer(Kind.GRANTED, "a", new FencingToken(1, 3), 1_000), first);
        assertEquals(new LockAnswer(Kind.HELD, "a", new FencingToken(1, 3), 600), at(10_400, acquire("b")));
        assertEquals(new LockAnswer(Kind.HELD, "a", new FencingToken(1, 3), 0), at(11_000, acquire("b")));
        LockAnswer second = at(11_001, acquire("b"));
        assertEquals(new LockAnswer(Kind.GRANTED, "b", new FencingToken(4, 3), 1_000), second);
        assertTrue(second.token().compareTo(first.token()) > 0);
    }

    @Test
    void ownerThatAsksForWhatItHasIsToldThatItIsHeld() {
        at(10_000, acquire("a"));
        assertEquals(Kind.HELD, at(10_001, acquire("a")).kind());
    }

    @Test
    void renewingKeepsTokenAndLock() {
        FencingToken token = at(10_000, acquire("a")).token();
        assertEquals(
                new LockAnswer(Kind.GRANTED, "a", token, 5_000), at(10_900, LockCommand.renew("door", token, 5_000)));
        assertEquals(Kind.HELD, at(15_900, acquire("b")).kind());
        assertEquals(
                Kind.NOT_HELD,
                at(15_901, LockCommand.renew("door", token, 5_000)).kind());
    }

    @Test
    void onlyTheTokenThatHoldsRenewsAndReleases() {
        FencingToken lost = at(10_000, acquire("a")).token();
        FencingToken held = at(20_000, acquire("b")).token();
        assertEquals(
                Kind.NOT_HELD,
                at(20_001, LockCommand.renew("door", lost, 5_000)).kind());
        assertEquals(
                Kind.NOT_HELD, at(20_002, LockCommand.release("door", lost)).kind());
        assertEquals(Kind.GRANTED, at(20_003, LockCommand.release("door", held)).kind());
        assertEquals(
                Kind.NOT_HELD, at(20_004, LockCommand.release("door", held)).kind());
        assertEquals(Kind.GRANTED, at(20_005, acquire("c")).kind());
    }

    @Test
    void queryTellsWhoHasIt() {
        byte[] look = LockCommand.look("door").encode();
        assertEquals(LockAnswer.nobody(Kind.NOT_HELD), LockAnswer.decode(table.query(look)));
        LockAnswer granted = at(10_000, acquire("a"));
        assertEquals(new LockAnswer(Kind.HELD, "a", granted.token(), 1_000), LockAnswer.decode(table.query(look)));
        assertEquals(
                Kind.NO_COMMAND, LockAnswer.decode(table.query(new byte[] {7})).kind());
        assertEquals(
                Kind.NO_COMMAND,
                LockAnswer.decode(table.apply(
                                new Entry(new Position(9, 0), 10_000, SessionId.NONE, new byte[] {1, 2, 3})))
                        .kind());
    }

    @Test
    void restoreReplacesEverything() throws IOException {
        FencingToken token = at(10_000, acquire("a")).token();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        table.snapshot().writeTo(new DataOutputStream(written));
        at(12_000, LockCommand.acquire("window", "b", 1_000));
        table.restore(new DataInputStream(new ByteArrayInputStream(written.toByteArray())));
        assertEquals(
                Kind.NOT_HELD,
                LockAnswer.decode(table.query(LockCommand.look("window").encode()))
                        .kind());
        assertEquals(new LockAnswer(Kind.HELD, "a", token, 500), at(10_500, acquire("c")));
    }

    @Test
    void whatIsOutOfRangeIsNamed() {
        assertEquals(
                "leaseMillis: 99 is outside the allowed range 100..86400000",
                assertThrows(IllegalArgumentException.class, () -> LockCommand.acquire("a", "b", 99))
                        .getMessage());
        assertEquals(
                "name: 0 characters are outside the allowed range 1..256",
                assertThrows(IllegalArgumentException.class, () -> LockCommand.look(""))
                        .getMessage());
        assertEquals(new FencingToken(17, 2), FencingToken.parse("17:2"));
        assertThrows(IllegalArgumentException.class, () -> FencingToken.parse("17"));
    }
}
