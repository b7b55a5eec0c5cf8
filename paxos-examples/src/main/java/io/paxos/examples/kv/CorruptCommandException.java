// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

/** Bytes in the log that are no command of this version. The message says which field and why. */
final class CorruptCommandException extends Exception {
    private static final long serialVersionUID = 1;

    CorruptCommandException(String message) {
        super(message);
    }
}
