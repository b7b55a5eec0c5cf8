// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message.SnapshotPiece;
import io.paxos.message.Message.SnapshotRequest;
import io.paxos.model.NodeId;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Fetching a snapshot, step by step. Catches: a piece of another snapshot or another request stored (R5, P10), pieces out of
 * order, more under way than allowed, what is stored fetched again, a source that fell silent waited for, an older snapshot
 * taken, a transfer that never ends.
 */
class SnapshotFetchTest {

    private static final NodeId A = new NodeId(1);
    private static final NodeId B = new NodeId(2);
    private static final NodeId C = new NodeId(3);
    private static final long PATIENCE = 100;
    private static final SnapshotId TEN = new SnapshotId(30, 10_000, 77);
    private static final SnapshotId OTHER = new SnapshotId(30, 9_000, 78);

    private record Asked(NodeId whom, SnapshotRequest request) {}

    private final List<Asked> asked = new ArrayList<>();
    private final AskedOfSnapshots ports = new AskedOfSnapshots();
    private final SnapshotFetch fetch = fetch(0);

    private SnapshotFetch fetch(long bytesPerSecond) {
        SnapshotFetch made = new SnapshotFetch(
                new SnapshotOptions(0, 0, 0, 1_000, 3, bytesPerSecond),
                PATIENCE,
                ports,
                (to, request) -> asked.add(new Asked(to, request)),
                4);
        made.members(List.of(A, B, C));
        return made;
    }

    private List<Asked> takeAsked() {
        List<Asked> all = List.copyOf(asked);
        asked.clear();
        return all;
    }

    private static Value bytes(int length) {
        return Value.of(new byte[length]);
    }

    private static SnapshotPiece piece(Asked of, SnapshotId id) {
        int left =
                (int) Math.min(of.request().length(), id.bytes() - of.request().offset());
        return new SnapshotPiece(of.request().nonce(), id, of.request().offset(), bytes(left));
    }

    private static List<Long> offsets(List<Asked> of) {
        return of.stream().map(each -> each.request().offset()).toList();
    }

    /** Up to the first requests for pieces of {@link #TEN}, from B. */
    private List<Asked> begun() {
        fetch.needed(B, 25, 3, 0);
        Asked which = takeAsked().get(0);
        assertEquals(B, which.whom());
        assertTrue(which.request().wanted().isNone());
        fetch.onPiece(B, piece(which, TEN), 1);
        assertEquals(List.of("receive " + TEN), ports.take());
        fetch.stored(TEN, 0, 2);
        return takeAsked();
    }

    @Test
    void itAsksWhichThenForABoundedNumberOfPiecesAndForTheNextAsOneIsStored() {
        List<Asked> first = begun();
        assertEquals(List.of(0L, 1_000L, 2_000L), offsets(first));
        fetch.onPiece(B, piece(first.get(0), TEN), 3);
        assertEquals(List.of("store " + TEN + " at 0, 1000"), ports.take());
        assertEquals(List.of(), takeAsked(), "it is not stored yet");
        fetch.stored(TEN, 1_000, 4);
        assertEquals(List.of(3_000L), offsets(takeAsked()));
    }

    @Test
    void piecesThatComeOutOfOrderAreStoredInOrder() {
        List<Asked> first = begun();
        fetch.onPiece(B, piece(first.get(2), TEN), 3);
        fetch.onPiece(B, piece(first.get(1), TEN), 3);
        assertEquals(List.of(), ports.take());
        fetch.onPiece(B, piece(first.get(0), TEN), 3);
        assertEquals(
                List.of(
                        "store " + TEN + " at 0, 1000",
                        "store " + TEN + " at 1000, 1000",
                        "store " + TEN + " at 2000, 1000"),
                ports.take());
    }

    @Test
    void aPieceTwiceOrOfAnotherRequestOrAnotherMemberIsNotStored() {
        List<Asked> first = begun();
        SnapshotPiece right = piece(first.get(0), TEN);
        fetch.onPiece(C, right, 3);
        fetch.onPiece(B, new SnapshotPiece(right.nonce() + 1, TEN, 0, right.piece()), 3);
        assertEquals(List.of(), ports.take());
        fetch.onPiece(B, right, 3);
        fetch.onPiece(B, right, 3);
        assertEquals(1, ports.take().size());
    }

    @Test
    void aPieceOfAnotherSnapshotEndsTheTransferFromThatMember() {
        List<Asked> first = begun();
        fetch.onPiece(B, new SnapshotPiece(first.get(0).request().nonce(), OTHER, 0, bytes(1_000)), 3);
        assertEquals(List.of(), ports.take());
        Asked next = takeAsked().get(0);
        assertEquals(C, next.whom());
        assertEquals(TEN, next.request().wanted());
    }

    @Test
    void aShortPieceIsFollowedByARequestForTheRest() {
        List<Asked> first = begun();
        fetch.onPiece(B, new SnapshotPiece(first.get(0).request().nonce(), TEN, 0, bytes(400)), 3);
        Asked rest = takeAsked().get(0);
        assertEquals(400, rest.request().offset());
        assertEquals(600, rest.request().length());
    }

    @Test
    void itEndsInAnInstall() {
        List<Asked> under = new ArrayList<>(begun());
        long stored = 0;
        while (!under.isEmpty()) {
            fetch.onPiece(B, piece(under.remove(0), TEN), 3);
            ports.take();
            stored += 1_000;
            fetch.stored(TEN, stored, 3);
            under.addAll(takeAsked());
        }
        assertEquals(10_000, stored);
        assertEquals(List.of("install " + TEN), ports.take());
        assertTrue(fetch.isInstalling());
        fetch.onTime(1_001);
        Asked kept = takeAsked().get(0); // by whoever holds what was asked for lately
        assertEquals(9_999, kept.request().offset());
        fetch.onTime(1_002);
        assertEquals(List.of(), takeAsked());
        fetch.onPiece(B, new SnapshotPiece(kept.request().nonce(), TEN, 9_999, bytes(1)), 1_003);
        assertEquals(List.of(), ports.take());
        fetch.installed(TEN);
        assertFalse(fetch.isInstalling());
        assertTrue(fetch.fetching().isNone());
        fetch.onTime(10_000);
        assertEquals(List.of(), takeAsked());
    }

    @Test
    void whatIsOverdueIsAskedForAgainUnderAnotherNonceAndASilentMemberIsLeft() {
        List<Asked> first = begun();
        fetch.onTime(2 + PATIENCE);
        List<Asked> again = takeAsked();
        assertEquals(List.of(0L), offsets(again), "one is enough to find out whether they are lost");
        assertTrue(first.get(0).request().nonce() != again.get(0).request().nonce());
        fetch.onTime(2 + 4 * PATIENCE);
        Asked next = takeAsked().get(0);
        assertEquals(C, next.whom());
        assertEquals(TEN, next.request().wanted());
    }

    /** The connection broke under them. */
    @Test
    void whatWasAskedForBeforeARequestThatIsAnsweredIsLostAndAskedForAgain() {
        List<Asked> first = begun();
        fetch.onTime(2 + PATIENCE);
        Asked again = takeAsked().get(0);
        fetch.onPiece(B, piece(again, TEN), 3 + PATIENCE);
        assertEquals(offsets(first.subList(1, first.size())), offsets(takeAsked()));
    }

    /** On a slow link every answer is overdue, and each request anew would delay the others. */
    @Test
    void whatComesLateIsTakenAndWhileAnythingComesOnlyWhatWasOvertakenIsAskedForAgain() {
        List<Asked> first = begun();
        fetch.onTime(2 + PATIENCE);
        List<Asked> again = takeAsked();
        fetch.onPiece(B, piece(first.get(0), TEN), 3 + PATIENCE);
        fetch.onPiece(B, piece(again.get(0), TEN), 4 + PATIENCE); // the same again
        assertEquals(List.of("store " + TEN + " at 0, 1000"), ports.take());
        fetch.onTime(2 + 2 * PATIENCE);
        assertEquals(List.of(), takeAsked(), "they come");
        fetch.onPiece(B, piece(first.get(2), TEN), 2 + 2 * PATIENCE);
        fetch.onTime(3 + 2 * PATIENCE);
        assertEquals(List.of(1_000L), offsets(takeAsked()), "it was overtaken");
    }

    @Test
    void anotherMemberWithTheSameSnapshotGoesOnWhereTheFirstEnded() {
        List<Asked> first = begun();
        fetch.onPiece(B, piece(first.get(0), TEN), 3);
        fetch.stored(TEN, 1_000, 3);
        takeAsked();
        fetch.onTime(3 + 4 * PATIENCE);
        fetch.onPiece(C, piece(takeAsked().get(0), TEN), 500);
        assertEquals(List.of(1_000L, 2_000L, 3_000L), offsets(takeAsked()));
        assertEquals(List.of("store " + TEN + " at 0, 1000"), ports.take());
    }

    private void hasNot(Asked what, long nowMillis) {
        fetch.onPiece(what.whom(), new SnapshotPiece(what.request().nonce(), SnapshotId.NONE, 0, bytes(0)), nowMillis);
    }

    @Test
    void whenNobodyHasThatOneAnyMoreANewestOneIsAskedFor() {
        begun();
        fetch.onTime(2 + 4 * PATIENCE); // B is silent
        for (NodeId each : List.of(C, A)) {
            Asked same = takeAsked().get(0);
            assertEquals(each, same.whom());
            assertEquals(TEN, same.request().wanted());
            hasNot(same, 500);
        }
        assertEquals(B, takeAsked().get(0).whom());
        fetch.onTime(500 + PATIENCE);
        hasNot(takeAsked().get(0), 601);
        Asked newest = takeAsked().get(0);
        assertEquals(C, newest.whom());
        assertTrue(newest.request().wanted().isNone());
        fetch.onPiece(C, piece(newest, OTHER), 602);
        assertEquals(List.of("stop receiving", "receive " + OTHER), ports.take());
    }

    /** C was at nine of ten pieces when the power went. Only A has that snapshot, and B has a newer one. */
    @Test
    void whatAnEarlierProcessReceivedInPartIsAskedForFirstAndNotFetchedAgain() {
        fetch.partlyHere(TEN);
        fetch.needed(B, 25, 3, 0);
        Asked first = takeAsked().get(0);
        assertEquals(B, first.whom());
        assertEquals(TEN, first.request().wanted());
        hasNot(first, 1);
        hasNot(takeAsked().get(0), 2);
        Asked third = takeAsked().get(0);
        assertEquals(A, third.whom());
        fetch.onPiece(A, piece(third, TEN), 3);
        assertEquals(List.of("receive " + TEN), ports.take());
        fetch.stored(TEN, 9_000, 4);
        Asked last = takeAsked().get(0);
        assertEquals(9_000, last.request().offset());
        assertEquals(9_000, fetch.storedBytes());
        fetch.onPiece(A, piece(last, TEN), 5);
        assertEquals(List.of("store " + TEN + " at 9000, 1000"), ports.take());
        fetch.stored(TEN, 10_000, 6);
        assertEquals(List.of("install " + TEN), ports.take());
    }

    @Test
    void aPartThatNobodyHasTheRestOfIsGivenUp() {
        fetch.partlyHere(TEN);
        fetch.needed(B, 25, 3, 0);
        for (int each = 0; each < 3; each++) {
            Asked asked = takeAsked().get(0);
            assertEquals(TEN, asked.request().wanted());
            hasNot(asked, 1);
        }
        Asked newest = takeAsked().get(0);
        assertTrue(newest.request().wanted().isNone());
        fetch.onPiece(newest.whom(), piece(newest, OTHER), 2);
        assertEquals(List.of("receive " + OTHER), ports.take());
    }

    @Test
    void aPartBelowWhatIsNeededIsOfNoUse() {
        fetch.partlyHere(new SnapshotId(24, 10_000, 77));
        fetch.needed(B, 25, 3, 0);
        assertTrue(takeAsked().get(0).request().wanted().isNone());

        SnapshotFetch rising = fetch(0);
        rising.partlyHere(TEN);
        rising.needed(B, 25, 3, 0);
        Asked asked = takeAsked().get(0);
        rising.needed(C, 31, 3, 1);
        rising.onPiece(B, piece(asked, TEN), 2);
        assertEquals(List.of(), ports.take(), "it was enough when it was asked for, and is not any more");
        assertTrue(takeAsked().get(0).request().wanted().isNone());
    }

    @Test
    void aSnapshotBelowWhatIsNeededIsNotTakenAndTheNextMemberIsAsked() {
        fetch.needed(B, 25, 3, 0);
        fetch.onPiece(B, piece(takeAsked().get(0), new SnapshotId(24, 500, 1)), 1);
        assertEquals(List.of(), ports.take());
        fetch.onTime(PATIENCE);
        assertEquals(C, takeAsked().get(0).whom());
    }

    @Test
    void nothingIsFetchedThatIsAppliedAndAFetchIsGivenUpWhenItIs() {
        fetch.needed(B, 25, 25, 0);
        assertEquals(List.of(), takeAsked());
        begun();
        fetch.applied(25);
        assertEquals(List.of("stop receiving"), ports.take());
        fetch.onTime(10_000);
        assertEquals(List.of(), takeAsked());
    }

    @Test
    void theLeaderIsAskedLast() {
        fetch.leader(B);
        fetch.needed(B, 25, 3, 0);
        assertEquals(A, takeAsked().get(0).whom());
        fetch.onTime(PATIENCE);
        assertEquals(C, takeAsked().get(0).whom());
        fetch.onTime(2 * PATIENCE);
        assertEquals(B, takeAsked().get(0).whom());

        SnapshotFetch two = fetch(0);
        two.members(List.of(B));
        two.leader(B);
        two.needed(NodeId.NONE, 25, 3, 0);
        assertEquals(B, takeAsked().get(0).whom());
    }

    @Test
    void whatCouldNotBeStoredIsFetchedAnewAWhileLater() {
        begun();
        fetch.notStored(TEN, 10);
        fetch.onTime(11);
        assertEquals(List.of(), takeAsked());
        fetch.onTime(10 + 4 * PATIENCE);
        Asked next = takeAsked().get(0);
        assertTrue(next.request().wanted().isNone());
    }

    @Test
    void itGoesNoFasterThanItMay() {
        SnapshotFetch slow = fetch(10_000); // ten pieces a second
        slow.needed(B, 25, 3, 0);
        slow.onPiece(B, piece(takeAsked().get(0), TEN), 0);
        slow.stored(TEN, 0, 0);
        List<Asked> under = new ArrayList<>();
        long stored = 0;
        for (long now = 0; now <= 500; now += 10) {
            slow.onTime(now);
            under.addAll(takeAsked());
            while (!under.isEmpty()) {
                slow.onPiece(B, piece(under.remove(0), TEN), now);
                stored += 1_000;
                slow.stored(TEN, stored, now);
                under.addAll(takeAsked());
            }
        }
        assertTrue(stored >= 4_000 && stored <= 7_000, "stored " + stored + " bytes in half a second");
    }
}
