// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.Entry;
import io.paxos.model.Position;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.model.SnapshotId;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import io.paxos.session.SessionResult.Status;
import io.paxos.session.SessionTable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies chosen slots one after another: asks the session table about each command, calls the state machine for those
 * that are due, and tells what became of the commands of the sessions that are attached here. Every node applies the same
 * log, so a session may be attached to any, and its results need no message between nodes. This node's own session is
 * attached from the start, and its news go to the driver; those of clients go straight to their receivers.
 *
 * <p>Owned by whoever applies, one thread at a time. Whatever is thrown in here, by the state machine or by a check, ends the node with the
 * applied slot unchanged; nothing may be applied afterwards.
 */
public final class ApplySequence {

    private static final byte[] NO_RESULT = new byte[0];

    private final Application application;
    private final SessionId ownSession;
    private final long ownBoot;
    private final long digestEverySlots;
    private final AttachedSession own;
    private final AttachedSessions attached;
    private SessionTable sessions = new SessionTable();
    private AppliedChain chain = new AppliedChain(0);

    private long applied;
    private long agreedTimeMillis;
    private boolean broken;
    private boolean superseded;
    private List<StateDigest> digests = new ArrayList<>();

    /** A sequence that tells a digest every {@link StateDigest#EVERY_SLOTS} slots. */
    public ApplySequence(Application application, SessionId ownSession, long ownBoot) {
        this(application, ownSession, ownBoot, StateDigest.EVERY_SLOTS);
    }

    /**
     * @param ownSession the session of this node
     * @param ownBoot this start's number
     * @param digestEverySlots how often a digest of the state is told
     */
    public ApplySequence(Application application, SessionId ownSession, long ownBoot, long digestEverySlots) {
        this.application = application;
        this.ownSession = ownSession;
        this.ownBoot = ownBoot;
        this.digestEverySlots = digestEverySlots;
        this.own = new AttachedSession(ownSession, ownBoot, null);
        this.attached = new AttachedSessions(own);
    }

    /**
     * Applies neighbouring slots, tells the receivers of attached sessions, and reports the last slot.
     *
     * @throws IllegalStateException if a slot is not the one after the last applied one, or if this version does not know how to apply a command
     * @throws ApplyFailedException if the state machine threw
     */
    public AppliedReport apply(List<Proposal> chosen) {
        if (broken) {
            throw new IllegalStateException("apply stopped for good at slot " + (applied + 1));
        }
        broken = true;
        long bytes = 0;
        for (Proposal proposal : chosen) {
            applySlot(proposal);
            bytes += proposal.value().length();
        }
        broken = false;
        AppliedReport report = new AppliedReport(
                applied,
                bytes,
                own.takeResults(),
                own.takeGap(),
                superseded,
                agreedTimeMillis,
                sessions.nothingExpiresBeforeMillis(),
                takeDigests());
        attached.tell();
        return report;
    }

    /** Digests since the last call; not written to any more, as another thread reads them. */
    private List<StateDigest> takeDigests() {
        if (digests.isEmpty()) {
            return List.of();
        }
        List<StateDigest> taken = digests;
        digests = new ArrayList<>();
        return taken;
    }

    private void applySlot(Proposal proposal) {
        long slot = proposal.slot();
        if (slot != applied + 1) {
            throw new IllegalStateException("slot " + slot + " was handed to apply after slot " + applied);
        }
        Batch batch = Batch.decode(proposal.value());
        if (batch.group() != 0 || batch.featureLevel() != 0) {
            throw new IllegalStateException("slot " + slot + ": group " + batch.group() + " at feature level "
                    + batch.featureLevel() + " is unknown to this version");
        }
        // A stamp may lie behind the one before it, and rightly so. L0 stamps 400 into slot 12 and dies. L1, whose
        // promises
        // did not come from L0, stamps 500 into slot 11 and dies. L2 hears of both, and has to propose both as they
        // are.
        // Every replica takes the same maximum, so agreed time does not go back.
        agreedTimeMillis = Math.max(agreedTimeMillis, batch.agreedTimeMillis());
        sessions.timeIs(agreedTimeMillis);
        List<Command> commands = batch.commands();
        for (int index = 0; index < commands.size(); index++) {
            applyCommand(new Position(slot, index), commands.get(index));
        }
        chain.slot(slot, proposal.value().checksum());
        applied = slot;
        if (slot % digestEverySlots == 0) {
            digests.add(new StateDigest(slot, chain.digest(application.digest())));
        }
    }

    private void applyCommand(Position position, Command command) {
        switch (command.kind()) {
            case NO_OP, TICK -> {}
            case SESSION_OPEN, COMMAND, SESSION_CLOSE -> judge(position, command);
            case MEMBERSHIP, FEATURE_LEVEL ->
                throw new IllegalStateException("position " + position + ": this version cannot apply " + command);
        }
    }

    private void judge(Position position, Command command) {
        SessionTable.Verdict verdict = sessions.judge(command, agreedTimeMillis);
        chain.verdict(verdict);
        AttachedSession told = attached.find(command.session());
        if (verdict == SessionTable.Verdict.APPLY) {
            SessionResult result = take(position, command);
            if (told != null && told.boot() == command.boot()) {
                attached.result(told, result);
            }
            // The directory was copied: another process runs at a later boot, and speaks for this node from now on.
            superseded |= told == own && command.boot() > ownBoot;
        } else if (told != null && told.boot() == command.boot()) {
            SessionResult refused = refusal(verdict, position, command);
            if (refused != null) {
                attached.result(told, refused);
            } else if (verdict == SessionTable.Verdict.GAP || verdict == SessionTable.Verdict.NOT_OPEN) {
                attached.gap(told, sessions.nextSequence(command.session(), command.boot()));
            }
        }
    }

    /** It is the next one of its session. */
    private SessionResult take(Position position, Command command) {
        if (command.kind() == Command.Kind.SESSION_CLOSE) {
            if (command.session().owner() != 0) {
                throw new IllegalStateException("position " + position + ": this version cannot apply " + command);
            }
            return sessions.closed(position, agreedTimeMillis);
        }
        byte[] result = command.kind() == Command.Kind.COMMAND ? call(position, command) : NO_RESULT;
        chain.result(result);
        return sessions.applied(position, result);
    }

    /**
     * What a client is told of a command that is not the next one; null if nothing, or if it is to send again. A client sends
     * commands only after its opening was answered, so one that is not open any more has expired.
     */
    private @Nullable SessionResult refusal(SessionTable.Verdict verdict, Position position, Command command) {
        if (command.session().owner() != 0) {
            return null;
        }
        Status status =
                switch (verdict) {
                    case NOT_OPEN, CLOSED, TOO_LATE -> Status.EXPIRED;
                    case TOO_MANY -> Status.REFUSED_TOO_MANY_SESSIONS;
                    case COLLISION -> Status.COLLISION;
                    case OUT_OF_RANGE -> Status.REFUSED_OUT_OF_RANGE;
                    case DUPLICATE -> command.kind() == Command.Kind.SESSION_OPEN ? Status.APPLIED : null;
                    case APPLY, GAP -> null;
                };
        return status == null ? null : new SessionResult(command.sequence(), status, position, NO_RESULT);
    }

    private byte[] call(Position position, Command command) {
        byte[] result;
        try {
            result = application.apply(new Entry(position, agreedTimeMillis, command.session(), command.payload()));
        } catch (Throwable thrown) {
            throw new ApplyFailedException(position, thrown);
        }
        if (result == null) {
            throw new IllegalStateException("position " + position + ": the state machine returned null");
        }
        return result;
    }

    // ---- sessions -------------------------------------------------------------------------------------------

    /**
     * Tells a receiver from now on what becomes of the commands of a session, beginning with how it stands. An earlier
     * receiver of the session is told nothing more.
     */
    public void attach(SessionId session, long boot, SessionReceiver receiver) {
        AttachedSession fresh = new AttachedSession(session, boot, receiver);
        attached.put(fresh);
        tellStanding(fresh, receiver);
    }

    /** The receiver is told nothing more; no effect if it is not the one that is attached. */
    public void detach(SessionId session, SessionReceiver receiver) {
        attached.remove(session, receiver);
    }

    private void tellStanding(AttachedSession session, SessionReceiver receiver) {
        receiver.attached(
                sessions.nextSequence(session.id(), session.boot()), sessions.resultsOf(session.id(), session.boot()));
    }

    /** What is known here and now of that command. */
    public SessionFate fateOf(SessionId session, long boot, long sequence) {
        SessionTable.Fate fate = sessions.fateOf(session, boot, sequence);
        if (fate != SessionTable.Fate.TOOK_EFFECT) {
            return new SessionFate(fate, null);
        }
        for (SessionResult kept : sessions.resultsOf(session, boot)) {
            if (kept.sequence() == sequence) {
                return new SessionFate(fate, kept);
            }
        }
        return new SessionFate(fate, new SessionResult(sequence, Status.RESULT_GONE, null, NO_RESULT));
    }

    // ---- snapshots ------------------------------------------------------------------------------------------

    /**
     * Captures the state behind the last applied slot: it falls between slots, never inside a batch.
     *
     * @throws UnsupportedOperationException if the application takes no snapshots
     */
    public Capture capture() {
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        try {
            sessions.writeTo(new DataOutputStream(table));
        } catch (IOException impossible) {
            throw new IllegalStateException("a table in memory could not be written", impossible);
        }
        return new Capture(applied, agreedTimeMillis, chain.value(), table.toByteArray(), application.capture());
    }

    /**
     * Replaces the state, as one step between slots, unless the snapshot is not newer than what is applied (hazards R1, R3).
     *
     * @param chainThere as in {@link Capture#chain}
     * @param state what {@link CapturedState#writeTo} wrote
     * @throws IOException if the snapshot cannot be read to its end; nothing may be applied afterwards
     */
    public InstallReport restore(SnapshotId id, long slotTimeMillis, long chainThere, byte[] table, DataInput state)
            throws IOException {
        if (broken) {
            throw new IllegalStateException("apply stopped for good at slot " + (applied + 1));
        }
        boolean older = id.slot() <= applied;
        if (!older) {
            broken = true;
            sessions = SessionTable.readFrom(new DataInputStream(new ByteArrayInputStream(table)));
            application.restore(state);
            applied = id.slot();
            agreedTimeMillis = slotTimeMillis;
            chain = new AppliedChain(chainThere);
            broken = false;
            attached.forEachReceiver(this::tellStanding);
        }
        return new InstallReport(
                id,
                older,
                new Restored(applied, agreedTimeMillis, id.bytes()),
                sessions.nextSequence(ownSession, ownBoot),
                sessions.resultsOf(ownSession, ownBoot),
                sessions.nothingExpiresBeforeMillis(),
                sessions.bootOf(ownSession) > ownBoot);
    }

    /** Agreed time as of the last slot applied. */
    public long agreedTimeMillis() {
        return agreedTimeMillis;
    }

    /** The last slot that was applied whole. */
    public long applied() {
        return applied;
    }
}
