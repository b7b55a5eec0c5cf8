// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

/**
 * What became of a role, and what it asks of the world.
 *
 * @param next the role after the step
 * @param effects to be carried out
 * @param <S> the role
 */
public record Step<S>(S next, Effects effects) {}
