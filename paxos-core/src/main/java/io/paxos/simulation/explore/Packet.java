// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.MemberId;

/**
 * A message on its way.
 *
 * @param from who sent it
 * @param to who gets it
 * @param message what it says
 * @param <M> family of messages
 */
public record Packet<M>(MemberId from, MemberId to, M message) {}
