// SPDX-License-Identifier: Apache-2.0
/**
 * The Redis protocol, as much of it as a server needs: requests in, replies out (RESP2).
 *
 * <pre>
 *   bytes of a socket ──▶ RespDecoder ──▶ RespRequest     a call, a refusal, or the end of the connection
 *   reply bytes       ◀── RespReply   ◀── the command
 * </pre>
 *
 * <p>A decoder of our own: a server needs arrays of bulk strings and inline commands, one level deep, and nothing else;
 * that much is smaller than the safe use of a general codec. What must never happen here: memory taken on the word of a
 * length that has not arrived.
 */
@NullMarked
package io.paxos.examples.kv.resp;

import org.jspecify.annotations.NullMarked;
