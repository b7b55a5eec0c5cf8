// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.Founding;
import io.paxos.model.MembershipCodec;
import io.paxos.model.Value;
import java.nio.ByteBuffer;

/** Writes fields to one part of a frame and the bytes of values to another, both big-endian. */
final class FieldWriter implements FieldSink {

    private final ByteBuffer fields;
    private final ByteBuffer values;

    FieldWriter(ByteBuffer fields, ByteBuffer values) {
        this.fields = fields;
        this.values = values;
    }

    @Override
    public FieldSink putByte(int value) {
        fields.put((byte) value);
        return this;
    }

    @Override
    public FieldSink putInt(int value) {
        fields.putInt(value);
        return this;
    }

    @Override
    public FieldSink putLong(long value) {
        fields.putLong(value);
        return this;
    }

    @Override
    public FieldSink putFounding(Founding founding) {
        MembershipCodec.encode(founding, fields);
        return this;
    }

    @Override
    public FieldSink putCommand(Command command) {
        Batch.encode(command, fields);
        return this;
    }

    @Override
    public FieldSink putValue(Value value) {
        fields.putInt(value.length()).putInt(value.checksum());
        values.put(value.bytes());
        return this;
    }
}
