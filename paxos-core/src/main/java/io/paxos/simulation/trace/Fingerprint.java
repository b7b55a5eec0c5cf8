// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.trace;

import io.paxos.model.Ballot;
import io.paxos.model.DurableState;
import io.paxos.model.Proposal;

/**
 * A 64-bit hash over a run, order and all. Only from numbers that are the same in every JVM: no {@code hashCode} of an
 * enum or a record, whose values a JVM may choose.
 */
@SuppressWarnings("EnumOrdinal") // compared between runs of one version only
public final class Fingerprint {

    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private long hash = 0x243F6A8885A308D3L;

    /** Of nothing yet. */
    public Fingerprint() {}

    /** Adds a number. */
    public Fingerprint add(long number) {
        long mixed = (hash ^ number) * PRIME;
        hash = mixed ^ (mixed >>> 29);
        return this;
    }

    /** Adds a text. */
    public Fingerprint add(String text) {
        return add(text.hashCode()).add(text.length());
    }

    Fingerprint add(Ballot ballot) {
        return add(ballot.round()).add(ballot.owner().node().number());
    }

    /** Adds what a proposal says. */
    public Fingerprint add(Proposal proposal) {
        return add(proposal.slot())
                .add(proposal.ballot())
                .add(proposal.value().checksum())
                .add(proposal.value().length());
    }

    /** Adds an event. */
    void add(TraceEvent event) {
        add(event.kind().ordinal()).add(event.atMicros());
        if (event instanceof TraceEvent.MessageSent sent) {
            add(sent.id()).add(sent.from().number()).add(sent.to().number()).add(sent.bytes());
            add(sent.message().getClass().getSimpleName());
        } else if (event instanceof TraceEvent.MessageDelivered delivered) {
            add(delivered.id());
        } else if (event instanceof TraceEvent.MessageDropped dropped) {
            add(dropped.id()).add(dropped.loss().ordinal());
        } else if (event instanceof TraceEvent.Forced forced) {
            add(forced.member().incarnation().bits()).add(forced.records().size());
        } else if (event instanceof TraceEvent.Applied applied) {
            add(applied.node().number()).add(applied.chain());
        } else if (event instanceof TraceEvent.Executed executed) {
            add(executed.node().number()).add(executed.operation()).add(executed.resultChecksum());
        } else if (event instanceof TraceEvent.Chosen chosen) {
            add(chosen.proposal());
        } else if (event instanceof TraceEvent.Started started) {
            add(started.remembered());
        } else if (event instanceof TraceEvent.LeaderChanged changed) {
            add(changed.node().number()).add(changed.leader());
        } else if (event instanceof TraceEvent.Measured measured) {
            add(measured.node().number()).add(measured.inboxBytes()).add(measured.submittedBytes());
        } else if (event instanceof TraceEvent.ClientInvoked invoked) {
            add(invoked.operation()).add(invoked.client()).add(invoked.node().number());
        } else if (event instanceof TraceEvent.ClientAnswered answered) {
            add(answered.operation())
                    .add(answered.answer().ordinal())
                    .add(answered.node().number());
        } else {
            add(event.toString());
        }
    }

    private void add(DurableState state) {
        add(state.self().incarnation().bits()).add(state.boot()).add(state.promised());
        add(state.knownChosen());
        for (Proposal vote : state.votes()) {
            add(vote);
        }
    }

    /** The hash of everything so far. */
    public long value() {
        return hash;
    }
}
