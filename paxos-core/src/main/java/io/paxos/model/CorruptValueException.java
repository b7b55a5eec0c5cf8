// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/** Bytes that do not match the checksum that came with them, or that no version of the format can have written. */
public final class CorruptValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CorruptValueException(String message) {
        super(message);
    }
}
