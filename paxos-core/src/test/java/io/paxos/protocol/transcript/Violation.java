// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

/** Something happened that no expected output may excuse. */
final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Violation(String message) {
        super(message);
    }
}
