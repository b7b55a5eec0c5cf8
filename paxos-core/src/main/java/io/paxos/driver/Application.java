// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Entry;

/** The host application's state machine as the driver sees it. */
@FunctionalInterface
public interface Application {

    /** Applies an entry and returns its result, never null. Whatever it throws stops the node. */
    byte[] apply(Entry entry);
}
