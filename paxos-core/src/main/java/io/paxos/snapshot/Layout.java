// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

/**
 * Where things are in a snapshot file: a header of one page, chunks, and a last chunk that ends it (frozen; drawn in
 * {@code docs/snapshot-format.md}):
 *
 * <pre>
 * chunk  kind u8 | 0 u24 | length u32 | payload | CRC32C u32
 * end    payload = chunks u64 | session bytes u64 | state bytes u64 | file length u64
 * </pre>
 *
 * <p>A chunk's checksum covers <i>the checksum before it</i>, its head and its payload; the header's is the first. So a chunk
 * fits only behind the very bytes it was written behind (chunks swapped, left out or of two files mixed do not), and the
 * last four bytes of a file depend on all of it: they are the whole checksum. It is a chain, not one more CRC over content in
 * which the chunks' own CRCs stand: such a sum is the same for all contents (a CRC over data and its CRC is a constant), and
 * here a difference in one chunk always reaches the end.
 */
final class Layout {

    static final int FORMAT_VERSION = 1;
    static final int HEADER_BYTES = 4096;

    /** Sessions come first, then the state, then one end. */
    static final byte KIND_SESSIONS = 1;

    static final byte KIND_STATE = 2;
    static final byte KIND_END = 3;

    static final int HEAD_BYTES = 8;
    static final int PAYLOAD_BYTES_MAX = 64 << 10;
    static final int END_PAYLOAD_BYTES = 4 * Long.BYTES;
    static final int CRC_BYTES = Integer.BYTES;
    static final int END_BYTES = HEAD_BYTES + END_PAYLOAD_BYTES + CRC_BYTES;
    static final int FILE_BYTES_MIN = HEADER_BYTES + END_BYTES;

    // A buffer for one chunk: the checksum before it stands in front, so that one pass covers all of it.
    static final int BUFFER_HEAD = CRC_BYTES;
    static final int BUFFER_PAYLOAD = BUFFER_HEAD + HEAD_BYTES;
    static final int BUFFER_BYTES = BUFFER_PAYLOAD + PAYLOAD_BYTES_MAX + CRC_BYTES;

    private Layout() {}
}
