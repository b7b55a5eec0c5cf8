// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.Optional;

/**
 * One rule of the {@link ClientOracle}. It is handed each observation with the key it is about, in the order in which they
 * happened, by one thread, and keeps what it needs to judge the next. The oracle has already refused observations that no
 * client could make (an answer to a question that was not asked).
 */
public interface ClientRule {
    /** Its name, as a violation shows it. */
    String name();

    /**
     * What happened next.
     *
     * @param observation what a client did or was told
     * @param key the key it is about
     * @return what is wrong with it, or empty
     */
    Optional<String> observe(Observation observation, Object key);
}
