// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** An {@code Accept} with a batch of commands of 256 bytes: to bytes, from bytes, and the batch in it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameBenchmark {

    private static final int BYTES = 256;

    @Param({"1", "16", "256"})
    private int commands;

    private Frame frame;
    private Batch batch;
    private Value value;
    private ByteBuffer encoded;
    private ByteBuffer out;

    @Setup
    public void prepare() {
        value = Sample.value(commands, BYTES);
        batch = Batch.decode(value);
        Ballot ballot = new Ballot(3, Sample.MEMBERS.get(0));
        Message accept = new Message.Accept(new Proposal(1_000_000, ballot, value));
        frame = new Frame(Sample.FOUNDING.id(), 0, Sample.MEMBERS.get(0), 1, accept);
        int length = FrameCodec.encodedLength(frame);
        out = ByteBuffer.allocateDirect(length);
        encoded = ByteBuffer.allocateDirect(length);
        FrameCodec.encode(frame, encoded);
        encoded.flip();
    }

    @Benchmark
    public ByteBuffer encodeFrame() {
        FrameCodec.encode(frame, out.clear());
        return out;
    }

    @Benchmark
    public Frame decodeFrame() {
        return FrameCodec.decode(encoded.rewind());
    }

    @Benchmark
    public Value encodeBatch() {
        return batch.encode();
    }

    @Benchmark
    public Batch decodeBatch() {
        return Batch.decode(value);
    }
}
