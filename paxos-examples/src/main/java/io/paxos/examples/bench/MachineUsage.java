// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the whole machine has used until now, where there is a {@code /proc} to say so.
 *
 * @param busyMicros time of all processors that was not idle; NaN where the system does not say
 * @param deviceBytes written by everybody to the block device of a directory; NaN where it is on none, or that is not known
 */
record MachineUsage(double busyMicros, double deviceBytes) {

    /** Of the kernel's interface; on all the usual machines. */
    private static final double MICROS_PER_TICK = 10_000;

    private static final int SECTOR_BYTES = 512;
    private static final int SECTORS_WRITTEN = 9;

    static MachineUsage of(Path directory) {
        return new MachineUsage(busy(), device(directory));
    }

    private static double busy() {
        try {
            String[] fields =
                    Files.readAllLines(Path.of("/proc/stat")).get(0).trim().split("\\s+", -1);
            double ticks = 0;
            for (int i = 1; i <= 8; i++) {
                boolean isIdle = i == 4 || i == 5;
                ticks += isIdle ? 0 : Double.parseDouble(fields[i]);
            }
            return ticks * MICROS_PER_TICK;
        } catch (IOException | RuntimeException e) {
            return Double.NaN;
        }
    }

    private static double device(Path directory) {
        try {
            long device = ((Number) Files.getAttribute(directory, "unix:dev")).longValue();
            long major = device >> 8 & 0xfff;
            long minor = (device & 0xff) | (device >> 12 & 0xfff00);
            List<String> lines = Files.readAllLines(Path.of("/proc/diskstats"));
            for (String line : lines) {
                String[] fields = line.trim().split("\\s+", -1);
                if (Long.parseLong(fields[0]) == major && Long.parseLong(fields[1]) == minor) {
                    return Double.parseDouble(fields[SECTORS_WRITTEN]) * SECTOR_BYTES;
                }
            }
            return Double.NaN;
        } catch (IOException | RuntimeException e) {
            return Double.NaN;
        }
    }
}
