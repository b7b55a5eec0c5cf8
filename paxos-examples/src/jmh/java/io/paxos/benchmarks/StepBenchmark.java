// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.protocol.Effects;
import io.paxos.protocol.Event;
import io.paxos.protocol.Replica;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** All steps that a slot takes in the pure core, on a leader and on a follower; its batch holds commands of 256 bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StepBenchmark {

    private static final int BYTES = 256;

    @Param({"1", "16", "256"})
    private int commands;

    private final byte[] payload = new byte[BYTES];
    private Replica leader;
    private MemberId leaderId;
    private Replica follower;
    private MemberId followerId;
    private Ballot ballot;
    private long sequence = 1;
    private long slot;
    private Value value;

    @Setup
    public void prepare() {
        PureMembers members = new PureMembers();
        leader = members.leader();
        leaderId = members.leaderId();
        follower = members.follower();
        followerId = members.followerId();
        ballot = leader.status().leader();
        slot = follower.status().knownChosen();
        value = Sample.value(commands, BYTES);
    }

    /** Commands are submitted, and proposed in one slot; the leader's vote is forced; a follower's arrives, and the slot is chosen. */
    @Benchmark
    public Effects leader() {
        Effects proposed = leader.step(new Event.CommandsSubmitted(Sample.commands(sequence, commands, payload)));
        sequence += commands;
        Message own = proposed.sendAfterWrites().get(0).message();
        leader.step(new Event.MessageArrived(leaderId, own));
        Effects chosen = leader.step(new Event.MessageArrived(followerId, own));
        if (chosen.chosen().isEmpty()) {
            throw new IllegalStateException("not chosen: " + proposed + chosen);
        }
        return chosen;
    }

    /** The accept arrives, and then the notice that the slot was chosen. */
    @Benchmark
    public Effects follower(Blackhole hole) {
        slot++;
        Message accept = new Message.Accept(new Proposal(slot, ballot, value));
        hole.consume(follower.step(new Event.MessageArrived(leaderId, accept)));
        Message notice = new Message.ChosenNotice(ballot, new SlotRange(slot, slot), slot);
        Effects chosen = follower.step(new Event.MessageArrived(leaderId, notice));
        if (chosen.chosen().isEmpty()) {
            throw new IllegalStateException("not chosen: " + chosen);
        }
        return chosen;
    }
}
