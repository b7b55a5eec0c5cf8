// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

/**
 * A command with the identity that its client gave it: {@code ONCE client sequence command}.
 *
 * @param client the client's name, from 1 to {@link #CLIENT_CHARS_MAX} bytes, a character each
 * @param sequence the client's number for it, from 1, without gaps
 * @param command one that writes
 */
record OnceCommand(String client, long sequence, KvCommand command) {

    /** Longest name of a client. */
    static final int CLIENT_CHARS_MAX = 256;

    /** The last number there is. */
    static final long SEQUENCE_MAX = 1L << 62;

    OnceCommand {
        if (client.isEmpty() || client.length() > CLIENT_CHARS_MAX) {
            throw new IllegalArgumentException("client: a name of " + client.length()
                    + " bytes is outside the allowed range 1.." + CLIENT_CHARS_MAX);
        }
        if (sequence < 1 || sequence > SEQUENCE_MAX) {
            throw new IllegalArgumentException(
                    "sequence: " + sequence + " is outside the allowed range 1.." + SEQUENCE_MAX);
        }
        if (command.operation().isRead()) {
            throw new IllegalArgumentException("command: " + command.operation() + " only reads");
        }
    }
}
