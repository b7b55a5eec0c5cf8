// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static io.paxos.journal.Samples.FOUNDING;
import static io.paxos.journal.Samples.accepted;
import static io.paxos.journal.Samples.ballot;
import static io.paxos.journal.Samples.chosen;
import static io.paxos.journal.Samples.knownChosen;
import static io.paxos.journal.Samples.promised;
import static io.paxos.journal.Samples.proposal;
import static io.paxos.journal.Samples.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import io.paxos.model.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link Journal} must do. An implementation's test extends it and says how one is opened. */
public abstract class JournalContract {

    private static final Ballot ONE = ballot(1, Samples.A);
    private static final Ballot TWO = ballot(2, Samples.B);
    private static final Ballot THREE = ballot(3, Samples.C);

    private Journal open;

    /** Whose journal it is; one of the members that the contract's founding names is not needed. */
    protected abstract MemberId self();

    /**
     * Opens the one journal of this test: an empty one the first time, with what was appended after that. The one before
     * was closed.
     */
    protected abstract Journal openJournal() throws IOException;

    @AfterEach
    final void closeJournal() throws IOException {
        if (open != null) {
            open.close();
        }
    }

    private Journal reopened() throws IOException {
        closeJournal();
        open = openJournal();
        return open;
    }

    private Journal activated() throws IOException {
        Journal journal = reopened();
        journal.append(Samples.founding());
        return journal;
    }

    @Test
    void aFreshJournalRemembersNothing() throws IOException {
        assertEquals(DurableState.fresh(self()), reopened().recovered());
    }

    @Test
    void theBootRisesByOneAtEachOpen() throws IOException {
        for (long boot = 1; boot <= 3; boot++) {
            assertEquals(boot, reopened().recovered().boot());
        }
        activated();
        for (long boot = 5; boot <= 7; boot++) {
            assertEquals(boot, reopened().recovered().boot());
        }
    }

    @Test
    void anAdoptedFoundingIsRememberedWithItsMembership() throws IOException {
        reopened().append(List.of(new DurableRecord.FoundingAdopted(FOUNDING)));
        DurableState state = reopened().recovered();
        assertEquals(FOUNDING, state.founding());
        assertEquals(false, state.activated());
    }

    @Test
    void anActivationIsRemembered() throws IOException {
        activated();
        DurableState state = reopened().recovered();
        assertEquals(FOUNDING, state.founding());
        assertEquals(true, state.activated());
    }

    @Test
    void aSecondFoundingIsRefused() throws IOException {
        Journal journal = activated();
        DurableRecord other =
                new DurableRecord.FoundingAdopted(new Founding(new FoundingId(9, 9), FOUNDING.membership()));
        assertThrows(IllegalStateException.class, () -> journal.append(List.of(other)));
    }

    @Test
    void adoptingAndActivatingTwiceChangesNothing() throws IOException {
        Journal journal = activated();
        journal.append(List.of(promised(ONE, 5)));
        journal.append(Samples.founding());
        DurableState state = reopened().recovered();
        assertEquals(ONE, state.promised());
        assertEquals(FOUNDING, state.founding());
    }

    @Test
    void nothingIsPromisedBeforeTheFoundingIsActivated() throws IOException {
        Journal journal = reopened();
        assertThrows(IllegalStateException.class, () -> journal.append(List.of(promised(ONE, 5))));
    }

    @Test
    void foundingAndVotesInOneCallKeepTheirOrder() throws IOException {
        List<DurableRecord> records = new ArrayList<>(Samples.founding());
        records.add(promised(ONE, 5));
        records.add(accepted(1, ONE, value(10, 3)));
        reopened().append(records);
        DurableState state = reopened().recovered();
        assertEquals(true, state.activated());
        assertEquals(List.of(proposal(1, ONE, value(10, 3))), state.votes());
    }

    @Test
    void theStateIsTheSumOfTheRecords() throws IOException {
        Journal journal = activated();
        journal.append(List.of(
                promised(ONE, 11),
                accepted(1, ONE, value(100, 10)),
                accepted(2, ONE, value(200, 20)),
                accepted(3, ONE, value(300, 30))));
        journal.append(List.of(knownChosen(1)));
        journal.append(List.of(
                promised(THREE, 33),
                accepted(3, THREE, value(301, 31)),
                chosen(2, TWO, value(201, 21)),
                chosen(5, TWO, value(500, 50)),
                knownChosen(2),
                accepted(4, THREE, value(400, 40)),
                new DurableRecord.Trimmed(1)));
        assertEquals(
                new DurableState(
                        self(),
                        2,
                        FOUNDING,
                        true,
                        THREE,
                        33,
                        1,
                        2,
                        201,
                        List.of(proposal(3, THREE, value(301, 31)), proposal(4, THREE, value(400, 40))),
                        List.of(proposal(5, TWO, value(500, 50))),
                        List.of()),
                reopened().recovered());
    }

    @Test
    void aVoteRaisesThePromiseAndNoAttemptOwnsIt() throws IOException {
        activated().append(List.of(promised(ONE, 11), accepted(1, TWO, value(1, 1))));
        DurableState state = reopened().recovered();
        assertEquals(TWO, state.promised());
        assertEquals(0, state.attempt());
    }

    @Test
    void aVoteAtThePromisedBallotKeepsTheAttempt() throws IOException {
        activated().append(List.of(promised(TWO, 22), accepted(1, TWO, value(1, 1))));
        DurableState state = reopened().recovered();
        assertEquals(TWO, state.promised());
        assertEquals(22, state.attempt());
    }

    @Test
    void thePromiseNeverGoesBack() throws IOException {
        Journal journal = activated();
        journal.append(List.of(promised(THREE, 33)));
        journal.append(List.of(promised(ONE, 11)));
        journal.append(List.of(chosen(1, ONE, value(1, 1))));
        assertEquals(THREE, reopened().recovered().promised());
        reopened().append(List.of(promised(TWO, 22)));
        DurableState state = reopened().recovered();
        assertEquals(THREE, state.promised());
        assertEquals(33, state.attempt());
    }

    @Test
    void marksNeverGoBack() throws IOException {
        Journal journal = activated();
        journal.append(
                List.of(accepted(1, ONE, value(1, 1)), accepted(2, ONE, value(2, 1)), accepted(3, ONE, value(3, 1))));
        journal.append(List.of(knownChosen(3), new DurableRecord.Trimmed(2)));
        journal.append(List.of(knownChosen(1), new DurableRecord.Trimmed(1)));
        DurableState state = reopened().recovered();
        assertEquals(3, state.knownChosen());
        assertEquals(2, state.floor());
        assertEquals(3, state.lastChosenTimeMillis());
    }

    /**
     * A snapshot was installed while the disk had no room for more than the floor; the mark was not written. The start took
     * slot 81 for the last known one, with the state at 372, and nobody had slot 82 any more.
     */
    @Test
    void whatIsInASnapshotIsKnownChosenWithoutTheMark() throws IOException {
        Journal journal = activated();
        journal.append(List.of(accepted(2, ONE, value(2, 1)), accepted(6, ONE, value(6, 1)), knownChosen(1)));
        journal.append(List.of(new DurableRecord.Trimmed(5)));
        DurableState state = reopened().recovered();
        assertEquals(5, state.knownChosen());
        assertEquals(5, state.floor());
        assertEquals(List.of(proposal(6, ONE, value(6, 1))), state.votes());
    }

    @Test
    void openingAgainAndAgainChangesNothingButTheBoot() throws IOException {
        Journal journal = activated();
        journal.append(List.of(promised(TWO, 22), accepted(1, TWO, value(7, 5)), accepted(2, TWO, value(8, 5))));
        journal.append(List.of(knownChosen(1)));
        DurableState first = reopened().recovered();
        for (long boot = 3; boot <= 6; boot++) {
            DurableState expected = new DurableState(
                    self(),
                    boot,
                    FOUNDING,
                    true,
                    first.promised(),
                    first.attempt(),
                    first.floor(),
                    first.knownChosen(),
                    first.lastChosenTimeMillis(),
                    first.votes(),
                    first.chosen(),
                    first.unknown());
            assertEquals(expected, reopened().recovered());
            assertEquals(
                    List.of(proposal(1, TWO, value(7, 5))), open.readChosen(new SlotRange(1, 9), Integer.MAX_VALUE));
        }
    }

    @Test
    void appendingNothingIsFine() throws IOException {
        Journal journal = activated();
        journal.append(List.of());
        assertEquals(Ballot.NONE, reopened().recovered().promised());
    }

    @Test
    void onlySlotsUpToTheKnownChosenMarkAreRead() throws IOException {
        Journal journal = activated();
        journal.append(
                List.of(accepted(1, ONE, value(1, 1)), accepted(2, ONE, value(2, 1)), accepted(3, ONE, value(3, 1))));
        SlotRange all = new SlotRange(1, Slots.MAX);
        assertEquals(List.of(), journal.readChosen(all, 1_000_000));
        journal.append(List.of(knownChosen(2)));
        List<Proposal> two = List.of(proposal(1, ONE, value(1, 1)), proposal(2, ONE, value(2, 1)));
        assertEquals(two, journal.readChosen(all, 1_000_000));
        assertEquals(two, reopened().readChosen(all, 1_000_000));
        assertEquals(List.of(), open.readChosen(new SlotRange(3, 3), 1_000_000));
    }

    @Test
    void aPageEndsWhereTheBoundIsReached() throws IOException {
        Journal journal = activated();
        int length = value(1, 100).length();
        List<DurableRecord> records = new ArrayList<>();
        for (int slot = 1; slot <= 10; slot++) {
            records.add(accepted(slot, ONE, value(slot, 100)));
        }
        records.add(knownChosen(10));
        journal.append(records);
        assertEquals(List.of(4L, 5L, 6L), slots(journal.readChosen(new SlotRange(4, 10), 3 * length)));
        assertEquals(List.of(4L, 5L), slots(journal.readChosen(new SlotRange(4, 10), 3 * length - 1)));
        assertEquals(List.of(4L, 5L, 6L, 7L), slots(journal.readChosen(new SlotRange(4, 7), 1_000_000)));
    }

    @Test
    void aPageHoldsAtLeastOneValueHoweverLarge() throws IOException {
        Journal journal = activated();
        journal.append(List.of(accepted(1, ONE, value(1, 5_000)), accepted(2, ONE, value(2, 1)), knownChosen(2)));
        assertEquals(List.of(1L), slots(journal.readChosen(new SlotRange(1, 2), 1)));
        assertEquals(List.of(1L), slots(journal.readChosen(new SlotRange(1, 2), 0)));
    }

    @Test
    void aPageEndsBeforeAGap() throws IOException {
        Journal journal = activated();
        journal.append(List.of(accepted(1, ONE, value(1, 1)), accepted(3, ONE, value(3, 1)), knownChosen(3)));
        assertEquals(List.of(1L), slots(journal.readChosen(new SlotRange(1, 3), 1_000)));
        assertEquals(List.of(), slots(journal.readChosen(new SlotRange(2, 3), 1_000)));
        assertEquals(List.of(3L), slots(journal.readChosen(new SlotRange(3, 3), 1_000)));
    }

    @Test
    void whatWasFetchedOverridesAnOlderVoteAlsoOneThatComesLater() throws IOException {
        Journal journal = activated();
        Value old = value(1, 10);
        Value right = value(2, 12);
        journal.append(List.of(accepted(1, ONE, old), chosen(1, TWO, right), knownChosen(1)));
        // No promise of ballot 2 was ever made here, so a straggler at ballot 1 may still get a vote.
        journal.append(List.of(chosen(2, TWO, right), accepted(2, ONE, old), knownChosen(2)));
        List<Proposal> expected = List.of(proposal(1, TWO, right), proposal(2, TWO, right));
        assertEquals(expected, journal.readChosen(new SlotRange(1, 2), 1_000));
        assertEquals(expected, reopened().readChosen(new SlotRange(1, 2), 1_000));
        assertEquals(2, open.recovered().lastChosenTimeMillis());
    }

    @Test
    void slotsAtOrBelowTheFloorAreNotRead() throws IOException {
        Journal journal = activated();
        // The snapshot that covers slot 1 came from elsewhere: the vote there may be for another value.
        journal.append(List.of(
                accepted(1, ONE, value(1, 1)),
                new DurableRecord.Trimmed(1),
                accepted(2, ONE, value(2, 1)),
                knownChosen(2)));
        assertEquals(List.of(), journal.readChosen(new SlotRange(1, 2), 1_000));
        assertEquals(List.of(2L), slots(journal.readChosen(new SlotRange(2, 2), 1_000)));
        assertEquals(List.of(), reopened().readChosen(new SlotRange(1, 2), 1_000));
    }

    @Test
    void pagesAreReadWhileAnotherThreadAppends() throws Exception {
        Journal journal = activated();
        int slots = 2_000;
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<Long> readUpTo = threads.submit(() -> {
                long next = 1;
                while (next <= slots) {
                    boolean last = done.get();
                    List<Proposal> page = journal.readChosen(new SlotRange(next, slots), 10_000);
                    for (Proposal proposal : page) {
                        assertEquals(proposal(next, ONE, value(next, 50)), proposal);
                        next++;
                    }
                    if (last && page.isEmpty()) {
                        break;
                    }
                    Thread.onSpinWait();
                }
                return next - 1;
            });
            for (long slot = 1; slot <= slots; slot += 10) {
                List<DurableRecord> batch = new ArrayList<>();
                for (long each = slot; each < slot + 10; each++) {
                    batch.add(accepted(each, ONE, value(each, 50)));
                }
                batch.add(knownChosen(slot + 9));
                journal.append(batch);
            }
            done.set(true);
            assertEquals(slots, readUpTo.get());
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
    }

    @Test
    void markingIdleChangesNothingThatIsRemembered() throws IOException {
        Journal journal = reopened();
        journal.markIdle();
        journal.append(Samples.founding());
        journal.markIdle();
        journal.append(List.of(promised(ONE, 11), accepted(1, ONE, value(1, 10))));
        journal.markIdle();
        journal.markIdle();
        journal.append(List.of(knownChosen(1)));
        journal.markIdle();
        DurableState state = reopened().recovered();
        assertEquals(ONE, state.promised());
        assertEquals(11, state.attempt());
        assertEquals(1, state.knownChosen());
        assertEquals(List.of(), state.unknown());
        assertEquals(List.of(), open.damage());
        assertEquals(List.of(proposal(1, ONE, value(1, 10))), open.readChosen(new SlotRange(1, 1), 1_000));
    }

    @Test
    void whatWasFetchedIsTheChosenValueWhateverTheBallotsOfVotes() throws IOException {
        Journal journal = activated();
        Value right = value(1, 10);
        // The vote at the higher ballot is for the same value: its phase 1 found it. It is not the record that is read.
        journal.append(List.of(accepted(1, THREE, right), knownChosen(1), chosen(1, ONE, right)));
        assertEquals(List.of(proposal(1, ONE, right)), journal.readChosen(new SlotRange(1, 1), 1_000));
        assertEquals(List.of(proposal(1, ONE, right)), reopened().readChosen(new SlotRange(1, 1), 1_000));
    }

    @Test
    void aTrimLetsGoOfWhatIsAtOrBelowTheFloorAndOfNothingElse() throws IOException {
        Journal journal = activated();
        for (int slot = 1; slot <= 40; slot++) {
            journal.append(List.of(accepted(slot, ONE, value(slot, 1_000)), knownChosen(slot)));
        }
        journal.append(List.of(new DurableRecord.Trimmed(30)));
        for (int i = 0; i < 2; i++) {
            assertEquals(List.of(), open.readChosen(new SlotRange(30, 30), 1_000));
            assertEquals(10, open.readChosen(new SlotRange(31, 40), 1_000_000).size());
            assertEquals(List.of(), open.damage());
            DurableState state = reopened().recovered();
            assertEquals(ONE, state.promised());
            assertEquals(30, state.floor());
            assertEquals(40, state.knownChosen());
            assertEquals(List.of(), state.unknown());
        }
    }

    @Test
    void aClosedJournalRefusesEverythingButClosing() throws IOException {
        Journal journal = activated();
        journal.close();
        journal.close();
        assertThrows(IOException.class, () -> journal.append(List.of(promised(ONE, 1))));
        assertThrows(IOException.class, journal::markIdle);
        assertThrows(IOException.class, () -> journal.readChosen(new SlotRange(1, 1), 1));
    }

    private static List<Long> slots(List<Proposal> page) {
        return page.stream().map(Proposal::slot).toList();
    }
}
