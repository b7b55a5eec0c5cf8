// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.Entry;
import io.paxos.model.Position;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.model.SnapshotId;
import io.paxos.session.SessionTable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies chosen slots one after another: asks the session table about each command, calls the state machine for those
 * that are due, and collects the results of this node's own. The node that submitted a command applies the same log as
 * everyone, so its result needs no message.
 *
 * <p>Owned by the apply thread. Whatever is thrown in here, by the state machine or by a check, ends the node with the
 * applied slot unchanged; nothing may be applied afterwards.
 */
public final class ApplySequence {

    private static final byte[] NO_RESULT = new byte[0];

    private final Application application;
    private final SessionId ownSession;
    private final long ownBoot;
    private SessionTable sessions = new SessionTable();

    private long applied;
    private long agreedTimeMillis;
    private boolean broken;

    private long firstSequence;
    private List<byte[]> results = new ArrayList<>();
    private long gapExpected;
    private boolean superseded;

    /**
     * @param ownSession the session of this node
     * @param ownBoot this start's number
     */
    public ApplySequence(Application application, SessionId ownSession, long ownBoot) {
        this.application = application;
        this.ownSession = ownSession;
        this.ownBoot = ownBoot;
    }

    /**
     * Applies neighbouring slots and reports the last one.
     *
     * @throws IllegalStateException if a slot is not the one after the last applied one, or if this version does not know how to apply a command; the state machine's own exceptions pass through
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
        AppliedReport report = new AppliedReport(applied, bytes, firstSequence, results, gapExpected, superseded);
        results = new ArrayList<>();
        gapExpected = 0;
        return report;
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
        List<Command> commands = batch.commands();
        for (int index = 0; index < commands.size(); index++) {
            applyCommand(new Position(slot, index), commands.get(index));
        }
        applied = slot;
    }

    private void applyCommand(Position position, Command command) {
        switch (command.kind()) {
            case NO_OP -> {}
            case SESSION_OPEN -> judge(sessions.open(command), position, command);
            case COMMAND -> judge(sessions.admit(command), position, command);
            case MEMBERSHIP, SESSION_CLOSE, TICK, FEATURE_LEVEL ->
                throw new IllegalStateException("position " + position + ": this version cannot apply " + command);
        }
    }

    private void judge(SessionTable.Verdict verdict, Position position, Command command) {
        boolean own = command.session().equals(ownSession);
        switch (verdict) {
            case APPLY -> {
                byte[] result = command.kind() == Command.Kind.COMMAND ? call(position, command) : NO_RESULT;
                if (own && command.boot() == ownBoot) {
                    if (results.isEmpty()) {
                        firstSequence = command.sequence();
                    }
                    results.add(result);
                }
                // The directory was copied: another process runs at a later boot, and speaks for this node from now on.
                superseded |= own && command.boot() > ownBoot;
            }
            case GAP, NOT_OPEN -> {
                if (own && command.boot() == ownBoot) {
                    gapExpected = sessions.nextSequence(ownSession, ownBoot);
                }
            }
            case DUPLICATE, CLOSED -> {}
        }
    }

    private byte[] call(Position position, Command command) {
        byte[] result = application.apply(new Entry(position, agreedTimeMillis, command.session(), command.payload()));
        if (result == null) {
            throw new IllegalStateException("position " + position + ": the state machine returned null");
        }
        return result;
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
        return new Capture(applied, agreedTimeMillis, table.toByteArray(), application.capture());
    }

    /**
     * Replaces the state, as one step between slots, unless the snapshot is not newer than what is applied (hazards R1, R3).
     *
     * @param state what {@link CapturedState#writeTo} wrote
     * @throws IOException if the snapshot cannot be read to its end; nothing may be applied afterwards
     */
    public InstallReport restore(SnapshotId id, long slotTimeMillis, byte[] table, DataInput state) throws IOException {
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
            broken = false;
        }
        return new InstallReport(
                id,
                older,
                new Restored(applied, agreedTimeMillis, id.bytes()),
                sessions.nextSequence(ownSession, ownBoot),
                sessions.bootOf(ownSession) > ownBoot);
    }

    /** The last slot that was applied whole. */
    public long applied() {
        return applied;
    }
}
