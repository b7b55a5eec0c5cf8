// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

/**
 * A rule that clients saw broken.
 *
 * @param rule its name
 * @param explanation what was seen, and what it contradicts
 */
public record Violation(String rule, String explanation) {
    @Override
    public String toString() {
        return rule + ": " + explanation;
    }
}
