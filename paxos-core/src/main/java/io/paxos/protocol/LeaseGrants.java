// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.model.Ballot;

/**
 * What this member granted: for the length of a lease it raises its promise for nobody but the leader it granted to.
 *
 * <pre>
 *   free ── granted to leader A ──▶ bound to A ── a lease's length later, or A surrendered ──▶ free
 *   started ── a lease's length later ──▶ free
 * </pre>
 *
 * <p>A grant is not written down. Whoever starts does not know what it granted before, and so waits for a whole lease; it
 * has to be of the same length as before.
 *
 * <p>A itself may raise the promise of those bound to it: it then leads at another ballot, and reads at that one only.
 */
final class LeaseGrants {

    private final LeaseTerms terms;
    private Ballot granted = Ballot.NONE;
    private long untilMillis;

    /** The grant is younger than the last word of the time: it counts from the next one, which cannot be too early. */
    private boolean fresh;

    private boolean started;
    private long startedUntilMillis;

    LeaseGrants(LeaseTerms terms) {
        this.terms = terms;
    }

    /** Time moved. After a pause the time of a step may lie far behind, so grants are dated here and not when they are made. */
    void onTime(long nowMillis) {
        if (!started) {
            started = true;
            startedUntilMillis = nowMillis + terms.leaseMillis();
        }
        if (fresh) {
            fresh = false;
            untilMillis = nowMillis + terms.leaseMillis();
        }
    }

    /**
     * A leader asks for a lease.
     *
     * @return whether it has it: not if it asks for a longer one than this member gives, or another leader has one
     */
    boolean grant(Ballot ballot, long leaseMillis, long nowMillis) {
        if (terms.areOff() || leaseMillis < 1 || leaseMillis > terms.leaseMillis()) {
            return false;
        }
        if (isGranted(nowMillis) && !granted.owner().equals(ballot.owner())) {
            return false;
        }
        granted = ballot;
        fresh = true;
        return true;
    }

    /** The leader of that ballot reads by its lease no more. */
    void surrendered(Ballot ballot) {
        if (granted.equals(ballot)) {
            granted = Ballot.NONE;
            fresh = false;
        }
    }

    /** Whether the promise must not be raised for that ballot now. */
    boolean forbids(Ballot ballot, long nowMillis) {
        return isJustStarted(nowMillis)
                || (isGranted(nowMillis) && !granted.owner().equals(ballot.owner()));
    }

    /** Whether this member must not stand now: it would have to promise itself. */
    boolean isBound(long nowMillis) {
        return isJustStarted(nowMillis) || isGranted(nowMillis);
    }

    private boolean isJustStarted(long nowMillis) {
        return !terms.areOff() && (!started || nowMillis < startedUntilMillis);
    }

    private boolean isGranted(long nowMillis) {
        return !granted.isNone() && (fresh || nowMillis < untilMillis);
    }
}
