// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.Command;
import io.paxos.model.Founding;
import io.paxos.model.MembershipCodec;
import io.paxos.model.Value;

/** Counts the bytes of fields and values without writing them. */
final class FieldMeter implements FieldSink {

    private long fieldBytes;
    private long valueBytes;

    long fieldBytes() {
        return fieldBytes;
    }

    long valueBytes() {
        return valueBytes;
    }

    @Override
    public FieldSink putByte(int value) {
        fieldBytes += Byte.BYTES;
        return this;
    }

    @Override
    public FieldSink putInt(int value) {
        fieldBytes += Integer.BYTES;
        return this;
    }

    @Override
    public FieldSink putLong(long value) {
        fieldBytes += Long.BYTES;
        return this;
    }

    @Override
    public FieldSink putFounding(Founding founding) {
        fieldBytes += MembershipCodec.encodedLength(founding);
        return this;
    }

    @Override
    public FieldSink putCommand(Command command) {
        fieldBytes += command.encodedLength();
        return this;
    }

    @Override
    public FieldSink putValue(Value value) {
        fieldBytes += 2 * Integer.BYTES;
        valueBytes += value.length();
        return this;
    }
}
