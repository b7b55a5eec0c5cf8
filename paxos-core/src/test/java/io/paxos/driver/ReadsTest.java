// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reads of a node, without a node. Catches: an answer to an earlier request taken for this one's (P10). */
class ReadsTest {

    private static final long NONCE = 10;

    private final List<Long> wanted = new ArrayList<>();
    private final List<List<Read>> handed = new ArrayList<>();
    private final Reads reads = new Reads(
            new Reads.Host() {
                @Override
                public void want(long nonce, boolean byLease) {
                    wanted.add(nonce);
                }

                @Override
                public void hand(ApplyWork.Reads some) {
                    handed.add(some.ready().stream()
                            .map(ApplyWork.Reads.Ready::read)
                            .toList());
                }
            },
            100,
            NONCE);

    private final List<ReadFailure.Kind> failures = new ArrayList<>();

    private Read read(Read.Kind kind, long slot) {
        Read read = new Read(kind, slot, 1_000, new Read.Reader() {
            @Override
            public void read() {}

            @Override
            public void answered(long atSlot, long ageMillis) {}

            @Override
            public void failed(ReadFailure failure) {
                failures.add(failure.kind());
            }
        });
        reads.add(read, 0);
        return read;
    }

    private void endTurn(long nowMillis, long handedSlot) {
        reads.endTurn(nowMillis, true, handedSlot, -1);
    }

    @Test
    void allThatWaitShareARequestAndThoseThatComeLaterTheNext() {
        Read a = read(Read.Kind.LINEARIZABLE, 0);
        Read b = read(Read.Kind.LINEARIZABLE, 0);
        endTurn(0, 7);
        Read c = read(Read.Kind.LINEARIZABLE, 0);
        endTurn(1, 7);
        assertEquals(List.of(11L), wanted);
        reads.ready(11, 8, 0);
        endTurn(2, 7);
        assertEquals(List.of(11L, 12L), wanted);
        assertEquals(List.of(), handed, "slot 8 was not handed over yet");
        endTurn(3, 8);
        reads.ready(12, 8, 0);
        endTurn(4, 8);
        assertEquals(List.of(List.of(a, b), List.of(c)), handed);
    }

    @Test
    void aLateAnswerToAnEarlierRequestConfirmsNothing() {
        Read a = read(Read.Kind.LINEARIZABLE, 0);
        endTurn(0, 7);
        reads.ready(11, 7, 0);
        endTurn(1, 7);
        read(Read.Kind.LINEARIZABLE, 0);
        endTurn(2, 7);
        reads.ready(11, 7, 0);
        endTurn(3, 7);
        assertEquals(List.of(List.of(a)), handed);
    }

    @Test
    void aRequestIsRepeatedAndAnyOfItsAnswersCounts() {
        Read a = read(Read.Kind.LINEARIZABLE, 0);
        endTurn(0, 7);
        endTurn(99, 7);
        endTurn(100, 7);
        assertEquals(List.of(11L, 12L), wanted);
        reads.ready(11, 7, 0);
        endTurn(101, 7);
        assertEquals(List.of(List.of(a)), handed);
    }

    @Test
    void aLeasedReadWithoutALeaseAsksAsOthersDo() {
        read(Read.Kind.LEASED, 0);
        endTurn(0, 7);
        assertEquals(List.of(11L, 12L), wanted);
    }

    /** Each turn could have handed it a group more, for as long as it hangs. */
    @Test
    void anApplySideThatStandsStillIsHandedOnlySoMuch() {
        for (int turn = 0; turn < Reads.HANDED_MAX + 10; turn++) {
            read(Read.Kind.LOCAL, 0);
            endTurn(turn, 7);
        }
        assertEquals(Reads.HANDED_MAX, handed.size());
        reads.done(new ReadReport(1, List.of()));
        endTurn(100, 7);
        assertEquals(Reads.HANDED_MAX + 1, handed.size());
        assertEquals(10, handed.get(Reads.HANDED_MAX).size(), "all that waited, together");
        endTurn(1_000, 7);
        assertEquals(Reads.HANDED_MAX + 9, failures.size(), "each of them in time");
    }

    @Test
    void whatIsNotConfirmedOrNotAppliedInTimeFails() {
        read(Read.Kind.LINEARIZABLE, 0);
        read(Read.Kind.AT_LEAST, 8);
        Read local = read(Read.Kind.LOCAL, 0);
        endTurn(0, 7);
        assertEquals(List.of(List.of(local)), handed);
        endTurn(999, 7);
        assertEquals(List.of(), failures);
        endTurn(1_000, 7);
        assertEquals(
                List.of(ReadFailure.Kind.NO_LEADER, ReadFailure.Kind.TIMED_OUT, ReadFailure.Kind.TIMED_OUT), failures);
    }
}
