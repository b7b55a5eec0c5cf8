// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.driver.DriverOptions;
import io.paxos.journal.FileStorage;
import io.paxos.journal.Journal;
import io.paxos.journal.JournalDamage;
import io.paxos.journal.JournalException;
import io.paxos.journal.JournalOptions;
import io.paxos.journal.SegmentedJournal;
import io.paxos.model.ClusterId;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.runtime.NodeParts;
import io.paxos.runtime.NodeRuntime;
import io.paxos.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.slf4j.LoggerFactory;

/**
 * How a node comes to run: its directory is formatted, if it may be, and opened, and the parts are put together around its
 * journal. Whatever is in the way of that is said as a {@link NodeStartException}, and nothing stays open.
 */
final class NodeStart {

    private NodeStart() {}

    /** The runtime of a node, running. */
    static NodeRuntime of(NodeConfiguration configuration) {
        Journal journal = open(configuration);
        NodeRuntime runtime = null;
        try {
            runtime = assembled(configuration, journal);
            runtime.start();
            return runtime;
        } catch (IOException failed) {
            throw new NodeStartException("the transport cannot be opened: " + messageOf(failed), failed);
        } finally {
            if (runtime == null) {
                closeQuietly(journal);
            }
        }
    }

    private static NodeRuntime assembled(NodeConfiguration configuration, Journal journal) {
        try {
            return assemble(configuration, journal);
        } catch (IOException failed) {
            throw new NodeStartException(
                    "the state cannot be restored from directory " + configuration.directory() + ": "
                            + messageOf(failed),
                    failed);
        }
    }

    private static NodeRuntime assemble(NodeConfiguration configuration, Journal journal) throws IOException {
        return new NodeRuntime(new NodeParts(
                configuration.cluster(),
                configuration.plan(),
                journal,
                SnapshotStore.open(new FileStorage(configuration.directory())),
                configuration.transport(),
                new StateMachineBridge(configuration.stateMachine()),
                DriverOptions.of(
                                configuration.timing(),
                                configuration.limits(),
                                configuration.applyBacklogBytesMax(),
                                configuration.journalBacklogBytesMax(),
                                configuration.diskPatience())
                        .with(configuration.snapshots())
                        .with(configuration.leases()),
                configuration.submittedCommandsMax(),
                configuration.submittedBytesMax(),
                configuration.readsMax(),
                configuration.snapshotWritePercentMax(),
                configuration.inboxBytesMax(),
                configuration.completionExecutor(),
                new ListenerBridge(configuration.listener())));
    }

    /** The reason why the node does not start matters more than that its journal does not close. */
    private static void closeQuietly(Journal journal) {
        try {
            journal.close();
        } catch (IOException alsoFailed) {
            LoggerFactory.getLogger(PaxosNode.class).warn("the journal cannot be closed", alsoFailed);
        }
    }

    private static Journal open(NodeConfiguration configuration) {
        Path directory = configuration.directory();
        FileStorage storage = new FileStorage(directory, configuration.directWrites());
        try {
            boolean formatted = SegmentedJournal.isFormatted(storage);
            if (configuration.rejoin() && formatted) {
                SegmentedJournal.renounceVote(storage, configuration.cluster(), configuration.node());
            } else if (configuration.rejoin()) {
                SegmentedJournal.formatVoteless(
                        storage, configuration.cluster(), configuration.node(), freshIncarnation());
            } else if (!formatted) {
                if (!configuration.formatIfEmpty()) {
                    throw new NodeStartException("directory " + directory + " holds no log of a node. If this member is"
                            + " new, call formatIfEmpty(true) on the builder, or PaxosNode.format once; if it ran"
                            + " before, its disk is lost or not mounted, and must not be formatted: mount it, or call"
                            + " rejoin(true) to follow without a vote");
                }
                format(directory, configuration.cluster(), configuration.node());
            }
            Journal journal = SegmentedJournal.open(
                    storage, configuration.cluster(), configuration.node(), JournalOptions.DEFAULT);
            for (JournalDamage each : journal.damage()) {
                LoggerFactory.getLogger(PaxosNode.class).warn("damage in {}: {}", directory, each);
            }
            return journal;
        } catch (IOException failed) {
            throw new NodeStartException("directory " + directory + " cannot be opened: " + messageOf(failed), failed);
        }
    }

    /** {@link PaxosNode#format}. */
    static void format(Path directory, ClusterId cluster, NodeId node) {
        FileStorage storage = new FileStorage(directory);
        try {
            SegmentedJournal.format(storage, cluster, node, freshIncarnation());
        } catch (IOException failed) {
            throw new NodeStartException(
                    "directory " + directory + " cannot be formatted: " + messageOf(failed), failed);
        }
    }

    private static Incarnation freshIncarnation() {
        SecureRandom random = new SecureRandom();
        long bits = random.nextLong();
        while (bits == 0) {
            bits = random.nextLong();
        }
        return new Incarnation(bits);
    }

    /** A file system's exception often has nothing but the name of a file for its message. */
    private static String messageOf(IOException failed) {
        return failed instanceof JournalException
                ? String.valueOf(failed.getMessage())
                : failed.getClass().getSimpleName() + ": " + failed.getMessage();
    }
}
