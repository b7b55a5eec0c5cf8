// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.Application;
import io.paxos.driver.DriverOptions;
import io.paxos.journal.Journal;
import io.paxos.model.ClusterId;
import io.paxos.model.FoundingPlan;
import io.paxos.snapshot.SnapshotStore;
import io.paxos.transport.Transport;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a node is assembled from.
 *
 * @param cluster the cluster's name
 * @param plan what the founding starts from
 * @param journal opened; the runtime closes it
 * @param snapshots opened
 * @param transport not started; the runtime starts and closes it
 * @param application the state machine
 * @param options of the driver
 * @param submittedCommandsMax room for submissions
 * @param submittedBytesMax room for submissions
 * @param readsMax reads that may wait
 * @param snapshotWritePercentMax of the time is spent on writing a snapshot at most
 * @param inboxBytesMax frames that wait for the core; more are dropped
 * @param completionExecutor completes submissions, or null for a thread of the library
 * @param listener told of rare events
 */
public record NodeParts(
        ClusterId cluster,
        FoundingPlan plan,
        Journal journal,
        SnapshotStore snapshots,
        Transport transport,
        Application application,
        DriverOptions options,
        int submittedCommandsMax,
        long submittedBytesMax,
        int readsMax,
        int snapshotWritePercentMax,
        long inboxBytesMax,
        @Nullable Executor completionExecutor,
        RuntimeListener listener) {}
