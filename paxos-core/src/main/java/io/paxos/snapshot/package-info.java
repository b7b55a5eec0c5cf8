// SPDX-License-Identifier: Apache-2.0
/**
 * The files of snapshots: an image of the state machine in, and after a crash the same image out, or the one before it.
 *
 * <p>In: what the runtime says a snapshot is of, the session table, the application's bytes as a stream; or the bytes of
 * another member's file, verbatim. Out: the newest snapshot that is whole, streams to restore from, bytes to send. What
 * must never happen: a byte of a damaged, partial or mixed file handed to a state machine, or the last good snapshot
 * deleted before the next one was read back (hazards R5, S16).
 *
 * <p>{@link io.paxos.snapshot.SnapshotStore} is the door; the bytes are drawn in {@code docs/snapshot-format.md}.
 */
@NullMarked
package io.paxos.snapshot;

import org.jspecify.annotations.NullMarked;
