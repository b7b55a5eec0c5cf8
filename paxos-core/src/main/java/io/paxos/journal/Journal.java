// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.util.List;

/**
 * The durable acceptor log of one member. {@code JournalContract}, in this module's tests, is the contract as a test;
 * any other implementation can run it.
 *
 * <p>Threads: {@link #append}, {@link #markIdle}, {@link #prepare} and {@link #close} are called by one thread at a time; {@link
 * #readChosen}, {@link #damage} and {@link #unknown} by any thread, also while an append runs.
 */
public interface Journal extends AutoCloseable {

    /** After so long without an append, whoever appends calls {@link #markIdle}; ms. */
    long IDLE_MARK_MILLIS = 50;

    /** While {@link #space} is short and nothing is appended, whoever appends calls {@link #prepare} so often; ms. */
    long SPACE_RETRY_MILLIS = 500;

    /**
     * What the journal held when it was opened. Slots of which something was damaged are {@link DurableState#unknown()}:
     * above the known-chosen prefix their vote is, at or below it their value.
     */
    DurableState recovered();

    /** What was found to be not as it was written, when the journal was opened and since; the oldest first. */
    List<JournalDamage> damage();

    /**
     * Slots of which something was damaged and is not known again: {@link DurableState#unknown()} of what was recovered and
     * what reads found since, without those that were voted for anew, or whose chosen value was appended. Ascending.
     */
    List<SlotRange> unknown();

    /**
     * Writes the records, in order, and returns when they are forced to the disk: one write and one force however many
     * they are. A caller gets group commit by passing everything that queued up while the last call ran.
     *
     * @throws IOException if a write or the force failed. The journal is then latched shut: every later call throws,
     *     nothing is retried, and no reply may be given for anything in this batch (hazard S12)
     */
    void append(List<DurableRecord> records) throws IOException;

    /**
     * Says on the disk that the last batch was forced, if nothing that is there says so yet; forced on return. Call it when
     * nothing was appended for a while: without it, damage to the last batch looks like a batch that was never forced.
     *
     * @throws IOException as {@link #append} does
     */
    void markIdle() throws IOException;

    /**
     * Does, a step at a time, what the next appends will need: obtains space for the next segment. Call it after an append,
     * when nobody waits for that any more. It never fails: {@link #space} says what could not be had.
     */
    void prepare();

    /** Whether there is space for what comes next. Any thread. */
    JournalSpace space();

    /**
     * Reads chosen values: those of the first slots of the range, without a gap, as many as are in the journal and fit
     * the bound, but at least one if the first one is there. Slots above the last forced or appended {@link
     * DurableRecord.KnownChosen} mark are not returned.
     *
     * @param slots what is wanted
     * @param bytesMax bound on the sum of the value lengths
     * @throws UnknownSlotsException if the value of the first slot was here and cannot be read any more; bytes that do not
     *     match their checksum are never returned. Append the value as chosen, and it is read again
     * @throws IOException if the journal is latched shut or closed
     */
    List<Proposal> readChosen(SlotRange slots, int bytesMax) throws IOException;

    /** Forces nothing and releases the files and the directory lock. Idempotent. */
    @Override
    void close() throws IOException;
}
