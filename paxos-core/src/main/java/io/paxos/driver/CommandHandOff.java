// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Message.RefusalReason;
import io.paxos.model.Command;
import io.paxos.protocol.Event;
import io.paxos.protocol.Notice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands commands to the core, once at the end of each turn, in chunks that a leader's queue can hold: those of this node's own
 * session, and those of clients whose sessions are attached here.
 *
 * <p>Owned by the driver's thread.
 */
final class CommandHandOff {

    private final CoreSteps core;
    private final OwnSession session;
    private final TurnClock clock;
    private final int chunkBytesMax;

    /** Commands of clients that came in this turn. */
    private final List<Command> ofClients = new ArrayList<>();

    /** Set while a chunk of own commands is handed to the core: a refusal then means that it never left. */
    private boolean handingOn;

    private @Nullable RefusalReason refusedHere;

    CommandHandOff(CoreSteps core, OwnSession session, TurnClock clock, int chunkBytesMax) {
        this.core = core;
        this.session = session;
        this.clock = clock;
        this.chunkBytesMax = chunkBytesMax;
    }

    void ofClients(List<Command> commands) {
        ofClients.addAll(commands);
    }

    void endTurn() {
        handOnOwn();
        handOnThoseOfClients();
    }

    private void handOnOwn() {
        List<Command> chunk = session.nextChunk(clock.turnMillis());
        while (!chunk.isEmpty() && !core.isStopped()) {
            refusedHere = null;
            handingOn = true;
            core.step(new Event.CommandsSubmitted(chunk));
            handingOn = false;
            if (refusedHere == null) {
                session.handedOn(chunk, clock.turnMillis());
            } else {
                session.refusedHere(chunk, refusedHere, clock.turnMillis());
            }
            core.drainSelf();
            chunk = session.nextChunk(clock.turnMillis());
        }
    }

    private void handOnThoseOfClients() {
        int from = 0;
        while (from < ofClients.size() && !core.isStopped()) {
            int to = from;
            long bytes = 0;
            while (to < ofClients.size()
                    && (to == from || bytes + ofClients.get(to).encodedLength() <= chunkBytesMax)) {
                bytes += ofClients.get(to).encodedLength();
                to++;
            }
            core.stepAndDrain(new Event.CommandsSubmitted(ofClients.subList(from, to)));
            from = to;
        }
        ofClients.clear();
    }

    /** Commands of the own session were refused, here or by another node. */
    void refused(Notice.CommandsRefused refused) {
        if (handingOn) {
            refusedHere = refused.reason();
        } else {
            session.refusedElsewhere(refused.firstSequence(), refused.reason(), clock.turnMillis());
        }
    }
}
