// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.Ballot;
import io.paxos.model.Command;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import java.util.List;

/**
 * Takes the fields of a message one after another. There are two: {@link FieldMeter} counts what {@link FieldWriter}
 * writes, so that the layout of a message stands in one place and a length can never differ from what is written.
 */
interface FieldSink {

    FieldSink putByte(int value);

    FieldSink putInt(int value);

    FieldSink putLong(long value);

    FieldSink putFounding(Founding founding);

    FieldSink putCommand(Command command);

    /** Length and checksum stand among the fields, the bytes themselves behind all fields. */
    FieldSink putValue(Value value);

    default FieldSink putBoolean(boolean value) {
        return putByte(value ? 1 : 0);
    }

    default FieldSink putFoundingId(FoundingId id) {
        return putLong(id.high()).putLong(id.low());
    }

    default FieldSink putSnapshotId(SnapshotId id) {
        return putLong(id.slot()).putLong(id.bytes()).putInt(id.checksum());
    }

    default FieldSink putNode(NodeId node) {
        return putInt(node.number());
    }

    default FieldSink putMember(MemberId member) {
        return putInt(member.node().number()).putLong(member.incarnation().bits());
    }

    default FieldSink putBallot(Ballot ballot) {
        return putLong(ballot.round()).putMember(ballot.owner());
    }

    default FieldSink putRange(SlotRange range) {
        return putLong(range.first()).putLong(range.last());
    }

    default FieldSink putProposal(Proposal proposal) {
        return putLong(proposal.slot()).putBallot(proposal.ballot()).putValue(proposal.value());
    }

    default FieldSink putProposals(List<Proposal> proposals) {
        putInt(proposals.size());
        proposals.forEach(this::putProposal);
        return this;
    }

    default FieldSink putRanges(List<SlotRange> ranges) {
        putInt(ranges.size());
        ranges.forEach(this::putRange);
        return this;
    }

    default FieldSink putCommands(List<Command> commands) {
        putInt(commands.size());
        commands.forEach(this::putCommand);
        return this;
    }
}
