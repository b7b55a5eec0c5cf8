// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.SlotRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a recovery finds is put to the {@link RecoveryTable} here, and damage that it lets pass is written down. */
final class Findings {

    /** How many places of damage are described one by one; a log that is worse is not better understood by more. */
    private static final int DAMAGE_DESCRIBED_MAX = 1_000;

    private final RecoveryObserver observer;
    private final List<JournalDamage> damage = new ArrayList<>();

    Findings(RecoveryObserver observer) {
        this.observer = observer;
    }

    RecoveryObserver observer() {
        return observer;
    }

    /** In the order of the log. */
    List<JournalDamage> damage() {
        return damage;
    }

    /** What the table says; throws if it refuses. */
    RecoveryTable decide(Situation situation, String file, long offset, String detail) throws JournalException {
        RecoveryTable row = RecoveryTable.rowFor(situation);
        return switch (row.decision()) {
            case BEGIN, TAKE, STOP, UNKNOWN_SLOT, UNKNOWN_SLOTS -> row;
            case REFUSE_NOT_FORMATTED,
                    REFUSE_LOCKED,
                    REFUSE_FOREIGN,
                    REFUSE_DAMAGED,
                    REFUSE_UNSUPPORTED,
                    REFUSE_PROMISE_LOST -> throw refusal(row, file, offset, detail);
        };
    }

    JournalException refusal(RecoveryTable row, String file, long offset, String detail) {
        observer.refused(row);
        return new JournalException(
                row.decision().kind(),
                "journal file " + file + " at offset " + offset + ": " + detail + " (" + row.label() + ": "
                        + row.reason() + ")");
    }

    void report(RecoveryTable row, String file, long offset, @Nullable SlotRange slots, String reason) {
        // What is taken although the segment's header is damaged has no row but that of a whole record.
        String kind = row.decision() == RecoveryTable.Decision.TAKE
                ? Situation.SegmentLook.HEADER_DAMAGED.words
                : row.label();
        JournalDamage each = new JournalDamage(file, offset, kind, slots, reason);
        observer.damage(each, row);
        if (damage.size() < DAMAGE_DESCRIBED_MAX) {
            damage.add(each);
        }
    }
}
