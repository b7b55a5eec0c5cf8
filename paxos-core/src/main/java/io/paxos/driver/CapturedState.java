// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import java.io.DataOutput;
import java.io.IOException;

/** The application's state at one slot, captured on the apply thread, written by another while apply goes on. */
@FunctionalInterface
public interface CapturedState {

    /** Writes all of it. Called at most once. */
    void writeTo(DataOutput out) throws IOException;
}
