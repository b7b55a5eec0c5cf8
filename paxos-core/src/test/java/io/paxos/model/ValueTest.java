// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ValueTest {

    /** The check value of CRC-32C: what the checksum of these nine digits is in every catalogue. */
    private static final int CHECK_VALUE = 0xE3069283;

    @Test
    void theChecksumIsCrc32c() {
        assertEquals(CHECK_VALUE, Value.of(digits()).checksum());
        assertEquals(0, Value.of(new byte[0]).checksum());
        assertEquals("9B#e3069283", Value.of(digits()).toString());
    }

    @Test
    void bytesAreOwnedAndHandedOutWithoutACopy() {
        byte[] bytes = digits();
        assertSame(bytes, Value.of(bytes).bytes());
        assertSame(bytes, Value.verified(bytes, CHECK_VALUE).bytes());
        assertEquals(9, Value.of(bytes).length());
    }

    @Test
    void theBufferIsAReadOnlyViewOfItsOwn() {
        Value value = Value.of(digits());
        ByteBuffer buffer = value.buffer();
        assertThrows(ReadOnlyBufferException.class, () -> buffer.put(0, (byte) 0));
        assertEquals('1', buffer.get());
        assertEquals(9, value.buffer().remaining());
    }

    @Test
    void bytesThatDoNotMatchTheirChecksumGoNoFurther() {
        for (int bit = 0; bit < 9 * 8; bit++) {
            byte[] damaged = digits();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            String message = assertThrows(CorruptValueException.class, () -> Value.verified(damaged, CHECK_VALUE))
                    .getMessage();
            assertTrue(
                    message.startsWith("value of 9 bytes: checksum is ") && message.endsWith(", expected e3069283"),
                    message);
        }
        assertEquals(Value.of(digits()), Value.verified(digits(), CHECK_VALUE));
    }

    @Test
    void valuesAreEqualByContent() {
        assertEquals(Value.of(digits()), Value.of(digits()));
        assertEquals(Value.of(digits()).hashCode(), Value.of(digits()).hashCode());
        assertNotEquals(Value.of(digits()), Value.of(new byte[9]));
    }

    private static byte[] digits() {
        return "123456789".getBytes(StandardCharsets.US_ASCII);
    }
}
