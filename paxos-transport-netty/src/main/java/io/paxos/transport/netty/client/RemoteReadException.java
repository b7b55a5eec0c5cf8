// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ReadRefusal;
import org.jspecify.annotations.Nullable;

/** A read got no answer. It had no effect, and may be asked for again. */
public final class RemoteReadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ReadRefusal reason;

    RemoteReadException(@Nullable ReadRefusal reason, String detail) {
        super(reason + ": " + detail);
        this.reason = reason == null ? ReadRefusal.FAILED : reason;
    }

    /** Why. */
    public ReadRefusal reason() {
        return reason;
    }
}
