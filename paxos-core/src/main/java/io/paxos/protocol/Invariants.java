// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.InvariantViolation.require;

import io.paxos.model.Ballot;

/** What must hold after every step, checked after every step, always. Each check costs a few comparisons. */
final class Invariants {

    private final Limits limits;
    private final Acceptor acceptor;
    private final Learner learner;
    private final OpenVotes votes;
    private final Proposer proposer;
    private final PendingCommands pending;
    private Ballot lastPromised;
    private long lastKnownChosen;

    Invariants(
            Limits limits,
            Acceptor acceptor,
            Learner learner,
            OpenVotes votes,
            Proposer proposer,
            PendingCommands pending) {
        this.limits = limits;
        this.acceptor = acceptor;
        this.learner = learner;
        this.votes = votes;
        this.proposer = proposer;
        this.pending = pending;
        this.lastPromised = acceptor.promised();
        this.lastKnownChosen = learner.knownChosen();
    }

    void check() {
        Ballot promised = acceptor.promised();
        require(!lastPromised.isAbove(promised), "the promise went back", promised);
        require(learner.knownChosen() >= lastKnownChosen, "the known-chosen prefix went back", learner.knownChosen());
        require(votes.lowest() > learner.knownChosen(), "an open vote is at or below the prefix", votes.lowest());
        require(proposer.isIdle() || proposer.ballot().equals(promised), "leads below its own promise", promised);
        require(proposer.openSlots() <= limits.inFlightSlotsMax(), "too many open slots", proposer.openSlots());
        require(pending.bytes() <= limits.pendingBytesMax(), "too many pending bytes", pending.bytes());
        require(!proposer.isIdle() || pending.isEmpty(), "commands wait although nobody stands here", pending.bytes());
        lastPromised = promised;
        lastKnownChosen = learner.knownChosen();
    }
}
