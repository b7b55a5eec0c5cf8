// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

/** What a load is made of. */
enum Operation {
    /** A command of opaque bytes, answered when it was applied. */
    WRITE,
    /** A linearizable query for the number of commands, answered with eight bytes. */
    READ;

    String word() {
        return this == WRITE ? "write" : "read";
    }

    static Operation parse(String word) {
        for (Operation each : values()) {
            if (each.word().equals(word)) {
                return each;
            }
        }
        throw new IllegalArgumentException("operation: '" + word + "' is none of write, read");
    }
}
