// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.paxos.examples.kv.resp.RespDecoder;
import io.paxos.examples.kv.resp.RespLimits;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A SET of 256 bytes, 16 in a burst, from the bytes that arrive to those of the reply; nothing is replicated. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RespBenchmark {

    private final byte[] requests = SetBurst.requests();
    private EmbeddedChannel parser;
    private EmbeddedChannel server;

    @Setup
    public void open() {
        parser = new EmbeddedChannel(new RespDecoder(RespLimits.DEFAULT));
        server = SetBurst.server();
    }

    @Benchmark
    @OperationsPerInvocation(SetBurst.COMMANDS)
    public int parseSet() {
        parser.writeInbound(Unpooled.wrappedBuffer(requests));
        int parsed = parser.inboundMessages().size();
        parser.inboundMessages().clear();
        return parsed;
    }

    @Benchmark
    @OperationsPerInvocation(SetBurst.COMMANDS)
    public int answerSet() {
        server.writeInbound(Unpooled.wrappedBuffer(requests));
        int bytes = 0;
        for (ByteBuf out = server.readOutbound(); out != null; out = server.readOutbound()) {
            bytes += out.readableBytes();
            out.release();
        }
        return bytes;
    }

    @TearDown
    public void close() {
        var unused = parser.close();
        unused = server.close();
    }
}
