// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.session.SessionResult;
import io.paxos.session.SessionTable;
import org.jspecify.annotations.Nullable;

/**
 * How a command stands that was sent at any time before.
 *
 * @param fate what is known of it
 * @param result what came of it, if it took effect; else null
 */
public record SessionFate(SessionTable.Fate fate, @Nullable SessionResult result) {}
