// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

/**
 * A leader that was killed.
 *
 * @param number from 1
 * @param leader that was killed
 * @param successor that led afterwards
 * @param millis from the kill to the first answer behind the longest time without one
 */
record FailOver(int number, String leader, String successor, double millis) {}
