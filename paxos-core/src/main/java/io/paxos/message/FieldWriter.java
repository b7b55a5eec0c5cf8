// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.Founding;
import io.paxos.model.MembershipCodec;
import io.paxos.model.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Writes fields, big-endian, and behind them the bytes of values. */
final class FieldWriter implements FieldSink {

    private final ByteBuffer out;
    private List<Value> values = List.of();

    /** @param out big-endian, at where the fields are to begin */
    FieldWriter(ByteBuffer out) {
        this.out = out;
    }

    @Override
    public FieldSink putByte(int value) {
        out.put((byte) value);
        return this;
    }

    @Override
    public FieldSink putInt(int value) {
        out.putInt(value);
        return this;
    }

    @Override
    public FieldSink putLong(long value) {
        out.putLong(value);
        return this;
    }

    @Override
    public FieldSink putFounding(Founding founding) {
        MembershipCodec.encode(founding, out);
        return this;
    }

    @Override
    public FieldSink putCommand(Command command) {
        Batch.encode(command, out);
        return this;
    }

    @Override
    public FieldSink putValue(Value value) {
        out.putInt(value.length()).putInt(value.checksum());
        if (values.isEmpty()) {
            values = new ArrayList<>(1); // most messages carry none, and most others one
        }
        values.add(value);
        return this;
    }

    /** Called once, after the last field. */
    void endWithValues() {
        for (int i = 0; i < values.size(); i++) {
            out.put(values.get(i).bytes());
        }
    }
}
