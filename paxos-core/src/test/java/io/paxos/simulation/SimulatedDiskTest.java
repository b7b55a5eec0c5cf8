// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.journal.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a disk does to bytes at rest and to reads. Catches: damage that changes nothing, or that a torn tail explains. */
class SimulatedDiskTest {

    private static final int SECTOR = SimulatedDisk.SECTOR_BYTES;
    private static final String SEGMENT = "segment-0001.log";

    private final SimulatedDisk disk = new SimulatedDisk("a disk", new SplittableRandom(1));

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static void append(StorageFile file, byte[] bytes, int position) throws IOException {
        file.write(ByteBuffer.wrap(bytes), position);
        file.force();
    }

    private static byte[] read(StorageFile file, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        file.read(bytes, 0);
        return bytes.array();
    }

    @Test
    void aLostSectorLiesBelowWhatALaterAppendProves() throws IOException {
        StorageFile file = disk.create(SEGMENT);
        append(file, filled(SECTOR + 100, 1), 0);
        assertNull(disk.loseProvenSector());
        append(file, filled(SECTOR, 2), SECTOR + 100);

        assertEquals(SEGMENT + " sector 0 is zeros", lost());
        assertArrayEquals(new byte[SECTOR], read(file, SECTOR));
        disk.powerLoss();
        assertArrayEquals(new byte[SECTOR], read(disk.open(SEGMENT), SECTOR));
    }

    /** Whether zeros or an older content comes is drawn; without an older one both are zeros. */
    private String lost() {
        String where = null;
        for (int i = 0; i < 10 && where == null; i++) {
            where = disk.loseProvenSector();
        }
        return where == null ? "none" : where.replace("is an older one", "is zeros");
    }

    @Test
    void aSectorCanReadAsItWasBeforeTheLastForceOfIt() {
        SimulatedFile file = new SimulatedFile(new byte[0]);
        file.keepOlderSectors();
        file.write(ByteBuffer.wrap(filled(100, 1)), 0);
        file.force();
        file.write(ByteBuffer.wrap(filled(SECTOR, 2)), 100);
        file.force();

        assertTrue(file.loseSector(0, true));
        byte[] expected = new byte[SECTOR];
        Arrays.fill(expected, 0, 100, (byte) 1);
        assertArrayEquals(expected, Arrays.copyOf(file.content(), SECTOR));
        assertFalse(file.loseSector(0, true), "it reads so already");
        assertTrue(file.loseSector(0, false));
        assertArrayEquals(new byte[SECTOR], Arrays.copyOf(file.content(), SECTOR));
    }

    @Test
    void aReadFailsOnceAndIsACauseToStop() throws IOException {
        StorageFile file = disk.create(SEGMENT);
        append(file, filled(10, 1), 0);
        disk.failRead(2);
        assertArrayEquals(filled(10, 1), read(file, 10));
        assertFalse(disk.hasFailed());

        IOException failed = assertThrows(IOException.class, () -> read(file, 10));
        assertEquals("input/output error", failed.getMessage());
        assertTrue(disk.hasFailed());
        assertArrayEquals(filled(10, 1), read(file, 10));
    }
}
