// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Loss;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Carries frames between the nodes: each direction of each pair is a link with a delay, a bandwidth, a bounded queue and
 * a number of cuts. What it may do to a frame is in {@link Weather}, which the faults change.
 *
 * <p>A frame that was on its way when a link is cut still arrives: it had left.
 */
final class SimulatedNetwork {

    private static final int REMEMBERED_FRAMES = 64;
    private static final int FRAME_BUFFER_BYTES = 64 << 10;

    /** A frame that can be replayed. */
    private record Carried(long id, SimulatedNode from, SimulatedNode to, Frame frame, int bytes) {}

    private final World world;
    private final Recorder recorder;
    private final SplittableRandom random;
    private final DamagedPieces pieces;
    private final List<SimulatedNode> nodes;
    private final Weather weather;
    private final boolean encodes;
    private final int[][] cuts;
    private final long[][] busyUntilMicros;
    private final long[][] lastArrivalMicros;
    private final @Nullable Carried[] remembered = new @Nullable Carried[REMEMBERED_FRAMES];
    private ByteBuffer buffer = ByteBuffer.allocate(FRAME_BUFFER_BYTES);
    private long frames;

    /** @param encodes whether frames travel as the bytes of their binary form, and not as objects */
    SimulatedNetwork(World world, Recorder recorder, List<SimulatedNode> nodes, Weather weather, boolean encodes) {
        this.world = world;
        this.recorder = recorder;
        this.random = world.newRandom();
        this.pieces = new DamagedPieces(world.randomApart("pieces"));
        this.nodes = nodes;
        this.weather = weather;
        this.encodes = encodes;
        this.cuts = new int[nodes.size()][nodes.size()];
        this.busyUntilMicros = new long[nodes.size()][nodes.size()];
        this.lastArrivalMicros = new long[nodes.size()][nodes.size()];
    }

    // ---- cuts -----------------------------------------------------------------------------------------------

    /** Cuts one direction; it is whole again when it was restored as often as it was cut. */
    void cut(TraceEvent.Link link) {
        cuts[link.from().number() - 1][link.to().number() - 1]++;
    }

    void restore(TraceEvent.Link link) {
        cuts[link.from().number() - 1][link.to().number() - 1]--;
    }

    // ---- frames ---------------------------------------------------------------------------------------------

    void send(SimulatedNode from, NodeId address, Frame frame) {
        SimulatedNode to = nodes.get(address.number() - 1);
        Frame carried = weather.damagedPiecesPerMille > 0 ? pieces.of(frame, weather.damagedPiecesPerMille) : frame;
        int bytes;
        if (encodes) {
            carried = throughBytes(carried);
            bytes = buffer.limit();
        } else {
            bytes = FrameCodec.encodedLength(carried);
        }
        long id = ++frames;
        recorder.sent(id, from.id(), address, carried.message(), bytes);
        Carried whole = new Carried(id, from, to, carried, bytes);
        if (cuts[from.index()][to.index()] > 0) {
            drop(whole, Loss.CUT);
            return;
        }
        if (weather.lossPerMille > 0 && random.nextInt(1000) < weather.lossPerMille) {
            drop(whole, Loss.LOST);
            return;
        }
        if (weather.replayPerMille > 0) {
            replaySome(whole);
        }
        carry(whole);
        if (weather.duplicatePerMille > 0 && random.nextInt(1000) < weather.duplicatePerMille) {
            carry(whole);
        }
    }

    /** Writes the frame and reads it back, as two processes would. */
    private Frame throughBytes(Frame frame) {
        int length = FrameCodec.encodedLength(frame);
        if (length > buffer.capacity()) {
            buffer = ByteBuffer.allocate(2 * length);
        }
        FrameCodec.encode(frame, buffer.clear());
        buffer.flip();
        Frame read = FrameCodec.decode(buffer);
        recorder.seal(buffer.getInt(FrameCodec.HEADER_BYTES - Integer.BYTES));
        return read;
    }

    private void replaySome(Carried whole) {
        int place = random.nextInt(REMEMBERED_FRAMES);
        if (random.nextInt(1000) < weather.replayPerMille) {
            Carried old = remembered[place];
            if (old != null) {
                deliverAt(world.nowMicros() + 1, old);
            }
        }
        // Most are kept for long: a message of an earlier ballot is the one that may do harm.
        if (remembered[place] == null || random.nextInt(8) == 0) {
            remembered[place] = whole;
        }
    }

    private void carry(Carried whole) {
        int from = whole.from.index();
        int to = whole.to.index();
        long leavesMicros = world.nowMicros();
        if (weather.bytesPerMilli > 0) {
            long waits = Math.max(0, busyUntilMicros[from][to] - leavesMicros);
            if (waits * weather.bytesPerMilli / 1_000 > weather.linkQueueBytesMax) {
                drop(whole, Loss.LINK_FULL);
                return;
            }
            leavesMicros += waits + 1_000L * whole.bytes / weather.bytesPerMilli;
            busyUntilMicros[from][to] = leavesMicros;
        }
        long arrives = leavesMicros + weather.delayMicros(random);
        if (!weather.reorders) {
            arrives = Math.max(arrives, lastArrivalMicros[from][to]);
            lastArrivalMicros[from][to] = arrives;
        }
        deliverAt(arrives, whole);
    }

    private void deliverAt(long atMicros, Carried whole) {
        world.at(atMicros, () -> {
            Loss loss = whole.to.receive(whole.frame, whole.bytes);
            if (loss == null) {
                recorder.delivered(whole.id, whole.from.id(), whole.to.id(), whole.frame.message());
            } else {
                drop(whole, loss);
            }
        });
    }

    private void drop(Carried whole, Loss loss) {
        recorder.dropped(whole.id, whole.from.id(), whole.to.id(), whole.frame.message(), loss);
    }
}
