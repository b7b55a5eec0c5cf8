// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ClientGateway;
import io.paxos.model.Command;
import io.paxos.model.SessionId;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands that one connection has read and the node has not taken yet. All of one read go to the node in one call; where
 * the node has no room for them they stay, and are offered again, each time after a longer pause. On the event loop.
 */
final class CommandIntake {

    /** Commands go to the node when there are so many bytes of them, at the end of what was read at the latest. */
    private static final int BATCH_BYTES = 1 << 20;

    private final ClientGateway gateway;
    private List<Command> batch = new ArrayList<>();
    private long batchBytes;
    private boolean refused;
    private int pauseMillis = EndpointLimits.RETRY_MILLIS_MIN;

    CommandIntake(ClientGateway gateway) {
        this.gateway = gateway;
    }

    void add(Command command) {
        batch.add(command);
        batchBytes += command.encodedLength();
    }

    /** Whether so much is here that it goes to the node before the read is at its end. */
    boolean isFull() {
        return batchBytes >= BATCH_BYTES;
    }

    /** Whether there is something that the node may be offered now. */
    boolean isReady() {
        return !batch.isEmpty() && !refused;
    }

    /** Whether the node had no room, and has not been offered it {@link #again}. */
    boolean isRefused() {
        return refused;
    }

    /**
     * Offers all there is to the node.
     *
     * @return false if the node has no room: then this {@link #isRefused}
     * @throws IllegalArgumentException if the node can take such commands from nobody
     */
    boolean offer() {
        refused = !gateway.submit(batch);
        if (!refused) {
            batch = new ArrayList<>(batch.size()); // the node keeps the other one
            batchBytes = 0;
            pauseMillis = EndpointLimits.RETRY_MILLIS_MIN;
        }
        return !refused;
    }

    /** How long to wait before the next offer, in milliseconds: twice as long each time in a row, up to a bound. */
    int nextPauseMillis() {
        int now = pauseMillis;
        pauseMillis = Math.min(2 * pauseMillis, EndpointLimits.RETRY_MILLIS_MAX);
        return now;
    }

    /** The pause is over. */
    void again() {
        refused = false;
    }

    /** Drops those of a session: it sends them again, where it is attached next. */
    void forget(SessionId session) {
        batch.removeIf(command -> command.session().equals(session));
        batchBytes = 0;
        for (Command command : batch) {
            batchBytes += command.encodedLength();
        }
    }

    /** Drops all there is. */
    void clear() {
        batch = new ArrayList<>();
        batchBytes = 0;
    }
}
