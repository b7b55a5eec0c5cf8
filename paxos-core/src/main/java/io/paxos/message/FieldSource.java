// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.CorruptValueException;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.MembershipCodec;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Gives back, in the same order, what a {@link FieldWriter} wrote. Every count and length is compared with the bytes
 * that are there before anything is allocated by it. What does not fit ends in a {@link MalformedFrameException}, a
 * {@link CorruptValueException}, a {@link BufferUnderflowException}, or the {@link IllegalArgumentException} of a record
 * that refuses to exist; {@link FrameCodec} turns them all into the first.
 */
final class FieldSource {

    private static final int RANGE_BYTES = 8 + 8;
    private static final int PROPOSAL_BYTES = 8 + 8 + MembershipCodec.MEMBER_BYTES + 4 + 4;

    private final ByteBuffer fields;
    private final int valuesEnd;
    private int nextValue;

    /**
     * @param fields big-endian, from the first field to the end of the last
     * @param valuesStart where in the same buffer, behind its limit, the bytes of values begin
     * @param valuesEnd where they end
     */
    FieldSource(ByteBuffer fields, int valuesStart, int valuesEnd) {
        this.fields = fields;
        this.nextValue = valuesStart;
        this.valuesEnd = valuesEnd;
    }

    int getByte() {
        return Byte.toUnsignedInt(fields.get());
    }

    int getInt() {
        return fields.getInt();
    }

    long getLong() {
        return fields.getLong();
    }

    boolean getBoolean() {
        int code = getByte();
        if (code > 1) {
            throw new MalformedFrameException("flag: " + code + " is neither 0 nor 1");
        }
        return code == 1;
    }

    FoundingId getFoundingId() {
        return new FoundingId(getLong(), getLong());
    }

    Founding getFounding() {
        return MembershipCodec.decodeFounding(fields);
    }

    NodeId getNode() {
        return new NodeId(getInt());
    }

    MemberId getMember() {
        return new MemberId(new NodeId(getInt()), new Incarnation(getLong()));
    }

    Ballot getBallot() {
        long round = getLong();
        MemberId owner = getMember();
        return round == 0 && owner.isNone() ? Ballot.NONE : new Ballot(round, owner);
    }

    SlotRange getRange() {
        return new SlotRange(getLong(), getLong());
    }

    Command getCommand() {
        return Batch.decodeCommand(fields);
    }

    SnapshotId getSnapshotId() {
        return new SnapshotId(getLong(), getLong(), getInt());
    }

    Value getValue() {
        int length = getInt();
        int checksum = getInt();
        if (length < 0 || length > valuesEnd - nextValue) {
            throw new MalformedFrameException(
                    "value length: " + length + " with " + (valuesEnd - nextValue) + " value bytes remaining");
        }
        byte[] bytes = new byte[length];
        int fieldsEnd = fields.limit();
        fields.limit(valuesEnd).get(nextValue, bytes).limit(fieldsEnd);
        nextValue += length;
        return Value.verified(bytes, checksum);
    }

    Proposal getProposal() {
        return new Proposal(getLong(), getBallot(), getValue());
    }

    List<Proposal> getProposals() {
        return getList("proposals", PROPOSAL_BYTES, this::getProposal);
    }

    List<SlotRange> getRanges() {
        return getList("slot ranges", RANGE_BYTES, this::getRange);
    }

    List<Command> getCommands() {
        return getList("commands", Command.OVERHEAD_BYTES, this::getCommand);
    }

    /** Reads a count and then so many items, each of at least {@code itemBytesMin} bytes. */
    private <T> List<T> getList(String what, int itemBytesMin, Supplier<T> item) {
        int count = getInt();
        if (count < 0 || (long) count * itemBytesMin > fields.remaining()) {
            throw new MalformedFrameException(
                    "number of " + what + ": " + count + " with " + fields.remaining() + " bytes remaining");
        }
        List<T> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(item.get());
        }
        return items;
    }

    /** Checks that nothing was left over. */
    void requireExhausted() {
        if (fields.hasRemaining() || nextValue < valuesEnd) {
            throw new MalformedFrameException("frame: " + fields.remaining() + " bytes of fields and "
                    + (valuesEnd - nextValue) + " bytes of values left over");
        }
    }
}
