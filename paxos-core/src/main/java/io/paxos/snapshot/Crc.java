// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C of a piece of an array-backed buffer. */
final class Crc {

    private Crc() {}

    static int of(ByteBuffer buffer, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.array(), buffer.arrayOffset() + from, to - from);
        return (int) crc.getValue();
    }
}
