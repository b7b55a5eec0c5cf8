// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.model.Batch;
import io.paxos.model.Membership;
import io.paxos.model.MembershipCodec;
import io.paxos.model.QuorumSystem;
import io.paxos.model.Value;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The formats are frozen: these files were written once and are read by every later version. If a test here fails, the
 * code is wrong, not the file; a change of format is a new version with files of its own.
 */
class GoldenFilesTest {

    @Test
    void everyMessageIsWrittenAsInItsFileAndReadBack() {
        for (Message message : SampleFrames.messages()) {
            String name = fileOf(MessageKind.of(message));
            byte[] golden = GoldenFile.read(name);
            assertEquals(GoldenFile.rows(golden), GoldenFile.rows(SampleFrames.encoded(message)), name);
            assertEquals(SampleFrames.frame(message), FrameCodec.decode(ByteBuffer.wrap(golden)), name);
        }
    }

    @Test
    void theBatchIsWrittenAsInItsFileAndReadBack() {
        byte[] golden = GoldenFile.read("batch.hex");
        assertEquals(
                GoldenFile.rows(golden),
                GoldenFile.rows(SampleFrames.batch().encode().bytes()));
        assertEquals(SampleFrames.batch(), Batch.decode(Value.of(golden)));
    }

    @Test
    void membershipsAreWrittenAsInTheirFilesAndReadBack() {
        assertMembership("membership-flexible.hex", SampleFrames.MEMBERSHIP);
        assertMembership("membership-majority.hex", majority());
    }

    @Test
    void thereIsOneFileForEachKindAndNoneThatNobodyReads() throws IOException, URISyntaxException {
        TreeSet<String> expected =
                new TreeSet<>(List.of("batch.hex", "membership-flexible.hex", "membership-majority.hex"));
        for (MessageKind kind : MessageKind.values()) {
            expected.add(fileOf(kind));
        }
        assertEquals(List.copyOf(expected), GoldenFile.names());
    }

    private static void assertMembership(String name, Membership membership) {
        byte[] golden = GoldenFile.read(name);
        ByteBuffer out = ByteBuffer.allocate(MembershipCodec.encodedLength(membership));
        MembershipCodec.encode(membership, out);
        assertEquals(GoldenFile.rows(golden), GoldenFile.rows(out.array()), name);
        assertEquals(membership, MembershipCodec.decode(ByteBuffer.wrap(golden)), name);
    }

    private static Membership majority() {
        return new Membership(
                1,
                List.of(SampleFrames.N1, SampleFrames.N2, SampleFrames.N3),
                List.of(),
                new QuorumSystem.Majority(),
                64);
    }

    private static String fileOf(MessageKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".hex";
    }
}
