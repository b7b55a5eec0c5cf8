// SPDX-License-Identifier: Apache-2.0
/**
 * Values: who the members are, what a ballot is, what a slot holds, what counts as a quorum.
 *
 * <p>Everything here is immutable, compares by content and refuses to exist in an impossible state. This room
 * imports nothing of the library; every other room imports it. No clock, thread, file, socket or randomness.
 */
@NullMarked
package io.paxos.model;

import org.jspecify.annotations.NullMarked;
