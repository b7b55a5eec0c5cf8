// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Founding;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.model.SnapshotId;
import io.paxos.session.SessionReceiver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What is done beside the core, one after another: so a snapshot falls between slots, and an install is one step. */
public sealed interface ApplyWork {

    /**
     * Apply.
     *
     * @param chosen neighbouring slots
     */
    record Slots(List<Proposal> chosen) implements ApplyWork {}

    /**
     * Capture the state for a snapshot.
     *
     * @param founding whose log it is of
     */
    record Take(Founding founding) implements ApplyWork {}

    /**
     * Replace the state.
     *
     * @param id by what; durable and verified
     */
    record Install(SnapshotId id) implements ApplyWork {}

    /**
     * Attach a client's session.
     *
     * @param session whose
     * @param boot of its owner
     * @param receiver told what becomes of its commands
     */
    record Attach(SessionId session, long boot, SessionReceiver receiver) implements ApplyWork {}

    /**
     * Detach it.
     *
     * @param session whose
     * @param receiver the one that is attached
     */
    record Detach(SessionId session, SessionReceiver receiver) implements ApplyWork {}

    /**
     * Look what became of a command.
     *
     * @param session whose
     * @param boot of its owner
     * @param sequence within the session
     * @param answer told at once, by whoever applies
     */
    record Look(SessionId session, long boot, long sequence, Consumer<SessionFate> answer) implements ApplyWork {}

    /**
     * Let some read: everything that they must see was handed over before.
     *
     * @param id for the report
     */
    record Reads(long id, List<Ready> ready) implements ApplyWork {

        /**
         * One whose moment has come.
         *
         * @param read what it is
         * @param leaseEndMillis if a lease says that it is: when that ends, by the clock of the turns; else 0
         * @param freshMillis when, by the same clock, nothing was known that is not applied; -1 if that is not known
         */
        public record Ready(Read read, long leaseEndMillis, long freshMillis) {}

        /**
         * Reads, one after another.
         *
         * @param applied the last slot that was applied
         * @param clock the clock of the turns, as it is now and not as the last turn saw it
         */
        public ReadReport run(long applied, LongSupplier clock) {
            List<Read> again = new ArrayList<>();
            for (Ready each : ready) {
                Read.Reader reader = each.read.reader();
                reader.read();
                long nowMillis = clock.getAsLong();
                if (each.leaseEndMillis != 0 && nowMillis >= each.leaseEndMillis) {
                    again.add(each.read); // it stood still in between, perhaps, and somebody else leads
                } else {
                    reader.answered(applied, ageOf(each, nowMillis));
                }
            }
            return new ReadReport(id, again);
        }

        private static long ageOf(Ready each, long nowMillis) {
            return switch (each.read.kind()) {
                case LINEARIZABLE, LEASED -> 0;
                case AT_LEAST, LOCAL -> each.freshMillis < 0 ? -1 : Math.max(0, nowMillis - each.freshMillis);
            };
        }
    }
}
