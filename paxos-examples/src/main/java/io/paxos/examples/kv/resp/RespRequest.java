// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv.resp;

import java.util.List;

/** What the decoder made of the bytes of one request. */
public sealed interface RespRequest {

    /**
     * A command's name and its arguments.
     *
     * @param arguments at least one; the arrays belong to the receiver
     */
    record Call(List<byte[]> arguments) implements RespRequest {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * A well-formed request beyond a limit. It was read to its end, so the connection can go on.
     *
     * @param error the reply's text, with its error code
     */
    record Refused(String error) implements RespRequest {}

    /**
     * Not the protocol: where the next request begins is unknown, so the connection ends after this reply.
     *
     * @param error the reply's text, with its error code
     */
    record Broken(String error) implements RespRequest {}
}
