// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * What a slot holds: the bytes of one encoded {@link Batch} and their CRC32C. The bytes are encoded once, by the leader
 * that first proposes them, and are the same on the wire, on every disk and in catch-up; the checksum travels along.
 *
 * <p>Ownership: the array belongs to the value from construction on and is never written again, by anyone. {@link
 * #bytes()} hands out the same array without a copy, to be read only.
 */
public final class Value {

    private final byte[] bytes;
    private final int checksum;

    private Value(byte[] bytes, int checksum) {
        this.bytes = bytes;
        this.checksum = checksum;
    }

    /** Takes ownership of the bytes and computes their checksum. */
    public static Value of(byte[] bytes) {
        return new Value(bytes, checksumOf(bytes));
    }

    /**
     * Takes ownership of bytes that came from a wire or a disk, with the checksum that came along.
     *
     * @throws CorruptValueException if they do not match: such bytes must go no further (hazard S14)
     */
    public static Value verified(byte[] bytes, int checksum) {
        int actual = checksumOf(bytes);
        if (actual != checksum) {
            throw new CorruptValueException(String.format(
                    "value of %d bytes: checksum is %08x, expected %08x", bytes.length, actual, checksum));
        }
        return new Value(bytes, checksum);
    }

    private static int checksumOf(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }

    /** The bytes themselves, not a copy: read only. */
    public byte[] bytes() {
        return bytes;
    }

    /** A read-only view of the bytes. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** CRC32C of the bytes. */
    public int checksum() {
        return checksum;
    }

    /** Length in bytes. */
    public int length() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Value that && checksum == that.checksum && Arrays.equals(bytes, that.bytes));
    }

    @Override
    public int hashCode() {
        return checksum;
    }

    @Override
    public String toString() {
        return bytes.length + "B#" + HexFormat.of().toHexDigits(checksum);
    }
}
