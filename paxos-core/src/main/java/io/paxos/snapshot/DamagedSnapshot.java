// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

/**
 * A snapshot that was looked at and cannot be used.
 *
 * @param file its name in the directory, now
 * @param offset where it was found, in bytes; -1 if that says nothing
 * @param reason a sentence for people, with the file's path
 */
public record DamagedSnapshot(String file, long offset, String reason) {}
