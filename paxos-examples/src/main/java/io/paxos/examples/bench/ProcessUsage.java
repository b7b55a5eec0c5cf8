// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What the system says that a process has used until now.
 *
 * @param cpuMicros user and system time of all its threads: the compiler and the garbage collector too
 * @param writtenBytes it made the file system write; NaN where the system does not count
 * @param residentBytes of memory; NaN where the system does not say
 */
record ProcessUsage(double cpuMicros, double writtenBytes, double residentBytes) {

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double KIB = 1_024;

    /** Of a process of this user; what cannot be had is NaN. */
    static ProcessUsage of(ProcessHandle process) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        return new ProcessUsage(
                process.info()
                        .totalCpuDuration()
                        .map(Duration::toNanos)
                        .map(nanos -> nanos / NANOS_PER_MICRO)
                        .orElse(Double.NaN),
                field(proc.resolve("io"), "write_bytes:"),
                field(proc.resolve("status"), "VmRSS:") * KIB);
    }

    private static double field(Path file, String name) {
        try {
            List<String> lines = Files.readAllLines(file);
            for (String line : lines) {
                if (line.startsWith(name)) {
                    return Double.parseDouble(line.substring(name.length()).replaceAll("[^0-9]", ""));
                }
            }
            return Double.NaN;
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
    }
}
