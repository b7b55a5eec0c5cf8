// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

/** Is told, in the order of the log, what {@link Recovery} finds and what the table says about it. Changes nothing. */
interface RecoveryObserver {

    /** A segment is read from here on. */
    default void segment(long segment) {}

    /**
     * A record was taken.
     *
     * @param offset in the segment's file
     */
    default void record(long segment, long offset, RecordHeader header) {}

    /** The row decided that this is damage, and that it can be lived with. */
    default void damage(JournalDamage damage, RecoveryTable row) {}

    /**
     * The log ends.
     *
     * @param file the last segment's
     * @param offset behind the last record
     * @param bytesBehind from there to the end of the file
     * @param lastRecord sequence of the last record
     */
    default void end(String file, long offset, long bytesBehind, long lastRecord, RecoveryTable row, String detail) {}

    /** The row decided to refuse; an exception follows. */
    default void refused(RecoveryTable row) {}
}
