// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Commands of one size: bytes that no compression shortens, and in front a number that no other command of this load has. */
final class Commands {

    private final byte[] filler;
    private final AtomicLong numbers = new AtomicLong(System.nanoTime() << Byte.SIZE);

    Commands(int sizeBytes) {
        filler = new byte[sizeBytes];
        new SplittableRandom().nextBytes(filler);
    }

    byte[] fresh() {
        return filler.clone();
    }

    /** Gives it the next number. */
    void number(byte[] command) {
        long number = numbers.getAndIncrement();
        for (int i = Math.min(Long.BYTES, command.length) - 1; i >= 0; i--) {
            command[i] = (byte) number;
            number >>>= Byte.SIZE;
        }
    }
}
