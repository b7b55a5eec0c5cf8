// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

/** Bytes that are not a frame of this version. The connection they came from is closed. */
public final class MalformedFrameException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MalformedFrameException(String message) {
        super(message);
    }
}
