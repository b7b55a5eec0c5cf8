// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.model.SessionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The session of a client that is known by a name. Any node must find the same one, also after a restart, so nothing in it is
 * random: it is the name's SHA-256. Two names share 64 bits of it by chance once in some billions of names, and then the
 * other 128 tell them apart: the later one is refused.
 *
 * @param client as the client says it
 * @param session owner 0, and the first 64 bits
 * @param nonceHigh the next
 * @param nonceLow and the next
 */
record OnceName(String client, SessionId session, long nonceHigh, long nonceLow) {

    private static final String DOMAIN = "paxos-kv once ";

    static OnceName of(String client) {
        ByteBuffer hash = ByteBuffer.wrap(sha256(DOMAIN + client));
        long tag = hash.getLong();
        return new OnceName(client, new SessionId(0, tag == 0 ? 1 : tag), hash.getLong(), hash.getLong());
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
