// SPDX-License-Identifier: Apache-2.0
/**
 * What travels between members: one record a message, and their binary form.
 *
 * <p>In: the protocol makes messages, a transport carries them. Out: bytes in a {@link io.paxos.message.Frame}. Nothing
 * here decides anything. Decoding trusts nothing: every length is checked before it is allocated by, and whatever is
 * malformed ends in one {@link io.paxos.message.MalformedFrameException}.
 */
@NullMarked
package io.paxos.message;

import org.jspecify.annotations.NullMarked;
