// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** CRC32C over pieces, as the formats of this package use it. */
final class Crc {

    private Crc() {}

    /** Of the buffer's bytes from one place up to another; the buffer's position stays. */
    static int of(ByteBuffer buffer, int from, int to) {
        return of(null, buffer, from, to);
    }

    /** The same with a salt before them. */
    static int of(byte @Nullable [] salt, ByteBuffer buffer, int from, int to) {
        CRC32C crc = new CRC32C();
        if (salt != null) {
            crc.update(salt, 0, salt.length);
        }
        ByteBuffer view = buffer.duplicate();
        view.limit(to).position(from);
        crc.update(view);
        return (int) crc.getValue();
    }
}
