// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.message.Frame;
import io.paxos.message.Message.SnapshotPiece;
import io.paxos.model.Value;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Alters pieces of snapshots as they leave: a bit is flipped, the end is missing, or the bytes are those of another snapshot
 * under this one's name (hazard R5). Frames have checksums of their own; what is imitated here is a member that reads the
 * wrong bytes, and sends them in good order.
 */
final class DamagedPieces {

    private static final int REMEMBERED_MAX = 256;

    private final SplittableRandom random;

    /** The last piece that was seen at each offset. */
    private final TreeMap<Long, SnapshotPiece> seen = new TreeMap<>();

    DamagedPieces(SplittableRandom random) {
        this.random = random;
    }

    /** The frame, or one in its place. */
    Frame of(Frame frame, int perMille) {
        if (!(frame.message() instanceof SnapshotPiece piece) || piece.piece().length() == 0) {
            return frame;
        }
        SnapshotPiece before = seen.put(piece.offset(), piece);
        if (seen.size() > REMEMBERED_MAX) {
            seen.pollFirstEntry();
        }
        if (random.nextInt(1_000) >= perMille) {
            return frame;
        }
        byte[] bytes = piece.piece().bytes().clone();
        int kind = random.nextInt(3);
        if (kind == 0 && before != null && !before.id().equals(piece.id())) {
            bytes = before.piece().bytes().clone();
        } else if (kind == 1 && bytes.length > 1) {
            bytes = Arrays.copyOf(bytes, random.nextInt(1, bytes.length));
        } else {
            int bit = random.nextInt(8 * bytes.length);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        SnapshotPiece altered = new SnapshotPiece(piece.nonce(), piece.id(), piece.offset(), Value.of(bytes));
        return new Frame(frame.founding(), frame.group(), frame.sender(), frame.boot(), altered);
    }
}
