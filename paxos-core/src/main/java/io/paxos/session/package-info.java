// SPDX-License-Identifier: Apache-2.0
/**
 * Exactly once: the replicated table of sessions. Every replica keeps it by the same rules from the same log, so every
 * replica decides alike whether a command is new, a duplicate, or came too early.
 */
@NullMarked
package io.paxos.session;

import org.jspecify.annotations.NullMarked;
