// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * One directory of files, as the journal needs it: {@link FileStorage} on a disk, or one that loses what was not
 * forced. The names are plain file names.
 *
 * <p>What a crash may undo: bytes of a file that no {@link StorageFile#force} covered, in any subset of its sectors; a
 * create, rename or delete that no {@link #force} of the directory covered. A rename is atomic.
 *
 * <p>Threads: any thread may call; the journal changes the directory from one thread at a time, and opens files to read
 * from any.
 */
public interface Storage {

    /**
     * Names of all files, ascending; empty if the directory does not exist yet.
     *
     * @throws IOException if the directory cannot be read
     */
    List<String> list() throws IOException;

    /**
     * Makes a new empty file, to write and read.
     *
     * @throws IOException if it exists already or cannot be made
     */
    StorageFile create(String name) throws IOException;

    /**
     * Opens an existing file, to read only.
     *
     * @throws IOException if it does not exist or cannot be read
     */
    StorageFile open(String name) throws IOException;

    /**
     * Opens an existing file, to write over and read.
     *
     * @throws IOException if it does not exist or cannot be written
     */
    StorageFile openToWrite(String name) throws IOException;

    /**
     * As {@link #create}, for a file that is written in {@linkplain StorageFile#blockBytes blocks}. It may be a shorter way
     * to the disk; a storage that knows none makes a file like any other.
     */
    default StorageFile createInBlocks(String name) throws IOException {
        create(name).close();
        return openInBlocks(name);
    }

    /** As {@link #openToWrite}, to write in {@linkplain StorageFile#blockBytes blocks}. */
    StorageFile openInBlocks(String name) throws IOException;

    /** Renames a file, atomically, over whatever has the new name. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file that exists. */
    void delete(String name) throws IOException;

    /** Makes the creates, renames and deletes so far durable. */
    void force() throws IOException;

    /**
     * Takes the exclusive lock of the directory, making the directory where it is missing; closing the result gives
     * the lock back. A process that dies gives it back too.
     *
     * @param name of the file to lock
     * @throws JournalException of kind {@link JournalException.Kind#LOCKED} if anyone holds it, in this process or
     *     another
     */
    Closeable lock(String name) throws IOException;

    /**
     * Whether anyone holds that lock. An implementation on a disk must find out without changing anything on it; this one
     * takes the lock and gives it back.
     */
    default boolean isLocked(String name) throws IOException {
        try {
            lock(name).close();
            return false;
        } catch (JournalException refused) {
            if (refused.kind() == JournalException.Kind.LOCKED) {
                return true;
            }
            throw refused;
        }
    }

    /** Where this is, for messages to people. */
    @Override
    String toString();
}
