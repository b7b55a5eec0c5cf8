// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.NodeStatus;
import io.paxos.PaxosNode;
import io.paxos.examples.kv.resp.RespReply;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots in Redis's words. Nothing is less durable without them: what was acknowledged is in the log. Any thread.
 */
final class Saves {

    private static final Logger LOG = LoggerFactory.getLogger(Saves.class);

    private static final byte[] STARTED = RespReply.status("Background saving started");
    private static final byte[] UNDER_WAY = RespReply.error("ERR Background save already in progress");
    private static final byte[] NOTHING = RespReply.error("ERR nothing to save: this node has applied nothing yet");
    private static final byte[] STARTING = RespReply.error("NOTREADY this node is reading its log, try again");

    private final Supplier<@Nullable PaxosNode> node;
    private final Path data;

    /**
     * @param node null until it is started
     * @param data the node's directory
     */
    Saves(Supplier<@Nullable PaxosNode> node, Path data) {
        this.node = node;
        this.data = data;
    }

    /** {@code BGSAVE}: this node alone begins a snapshot. */
    byte[] begin() {
        PaxosNode running = node.get();
        if (running == null) {
            return STARTING;
        }
        NodeStatus status = running.status();
        if (status.isTakingSnapshot() || status.applied() == 0) {
            return status.isTakingSnapshot() ? UNDER_WAY : NOTHING;
        }
        var unused = running.snapshot().whenComplete((slot, failure) -> {
            if (failure != null) {
                LOG.warn("BGSAVE took no snapshot: {}", failure.toString());
            }
        });
        return STARTED;
    }

    /** {@code LASTSAVE}: when this node's newest snapshot was written or received, in seconds since 1970; 0 if it has none. */
    byte[] last() {
        long newest = 0;
        try (DirectoryStream<Path> snapshots = Files.newDirectoryStream(data, "*.snap")) {
            for (Path each : snapshots) {
                newest = Math.max(newest, Files.getLastModifiedTime(each).to(TimeUnit.SECONDS));
            }
        } catch (IOException e) {
            // Removed while it was looked at, or not there yet.
            LOG.debug("cannot look for snapshots in {}: {}", data, e.toString());
        }
        return RespReply.integer(newest);
    }
}
