// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.ReadLevel;
import io.paxos.model.Command;
import io.paxos.transport.netty.client.ClientMessage.ReadRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramePackingTest {

    /** Of {@link #command} with no payload, three of which fill a frame to its last byte. */
    private static final int FRAME_BYTES_MAX =
            ClientCodec.HEADER_BYTES + ClientFields.LIST_BYTES + 3 * command(0).encodedLength();

    private static Command command(int bytes) {
        return new Command(Command.Kind.COMMAND, ClientSamples.SESSION, 1, 7, 1, new byte[bytes]);
    }

    private static List<Integer> packed(int... payloads) {
        List<Command> all = new ArrayList<>();
        for (int bytes : payloads) {
            all.add(command(bytes));
        }
        List<Command> arrived = new ArrayList<>();
        List<Integer> frames = new ArrayList<>();
        FramePacking.commands(all, FRAME_BYTES_MAX, message -> {
            List<Command> commands = ((ClientMessage.Submit) message).commands();
            assertTrue(commands.size() == 1 || ClientCodec.encodedLength(message) <= FRAME_BYTES_MAX);
            frames.add(commands.size());
            arrived.addAll(commands);
        });
        assertEquals(all, arrived);
        return frames;
    }

    @Test
    void aFrameIsFilledToItsLastByteAndNoFurther() {
        assertEquals(List.of(3, 3, 1), packed(0, 0, 0, 0, 0, 0, 0));
        assertEquals(List.of(3), packed(0, 0, 0));
        assertEquals(List.of(2, 1), packed(0, 1, 0));
    }

    @Test
    void oneThatIsTooLongHasAFrameToItself() {
        assertEquals(List.of(1, 1, 2), packed(0, 10_000, 0, 0));
        assertEquals(List.of(1), packed(10_000));
    }

    @Test
    void nothingIsNoFrame() {
        assertEquals(List.of(), packed());
    }

    @Test
    void readsGoByTheLengthOfTheirQueries() {
        List<ReadRequest> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(new ReadRequest(i, ReadLevel.LOCAL, 1_000, new byte[100]));
        }
        int two = ClientCodec.HEADER_BYTES + ClientFields.LIST_BYTES + 2 * (ClientFields.READ_BYTES + 100);
        List<Integer> frames = new ArrayList<>();
        FramePacking.reads(all, two, message -> {
            assertTrue(ClientCodec.encodedLength(message) <= two);
            frames.add(((ClientMessage.Reads) message).reads().size());
        });
        assertEquals(List.of(2, 2, 1), frames);
    }
}
