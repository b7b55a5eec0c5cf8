// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.util.function.BooleanSupplier;

/**
 * How far to go.
 *
 * @param statesMax no more states than this are kept; about 30 bytes each, and what the members, messages and their sets take
 * @param depthMax no path longer than this
 * @param stop asked every few thousand states; true ends the exploration
 */
public record Bounds(int statesMax, int depthMax, BooleanSupplier stop) {

    public Bounds {
        if (statesMax < 1 || depthMax < 0) {
            throw new IllegalArgumentException(
                    "bounds: statesMax " + statesMax + " must be from 1, depthMax " + depthMax + " from 0");
        }
    }

    /** Only the memory sets a limit. */
    public static Bounds states(int statesMax) {
        return new Bounds(statesMax, Integer.MAX_VALUE, () -> false);
    }
}
