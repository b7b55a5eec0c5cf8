// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** What a simulated client submits: the number of its operation, then the workload's command. */
final class Payload {

    private Payload() {}

    static byte[] of(long operation, byte[] command) {
        return ByteBuffer.allocate(Long.BYTES + command.length)
                .putLong(operation)
                .put(command)
                .array();
    }

    static long operationOf(byte[] payload) {
        return ByteBuffer.wrap(payload).getLong();
    }

    static byte[] commandOf(byte[] payload) {
        return Arrays.copyOfRange(payload, Long.BYTES, payload.length);
    }

    static int checksumOf(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }
}
