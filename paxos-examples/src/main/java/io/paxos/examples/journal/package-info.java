// SPDX-License-Identifier: Apache-2.0
/**
 * The command line that looks at the directory of a stopped node: {@code java -jar paxos-kv.jar journal}.
 *
 * <pre>
 *   JournalCommand ──▶ InspectCommand: everything there is to see ──┐
 *                 └──▶ VerifyCommand: the verdict, as an exit code ──┴──▶ Look: one directory, read once
 * </pre>
 *
 * <p>What must never happen here: a byte or a time of the directory that is changed; a word about the log that a start
 * would not agree with.
 */
@NullMarked
package io.paxos.examples.journal;

import org.jspecify.annotations.NullMarked;
