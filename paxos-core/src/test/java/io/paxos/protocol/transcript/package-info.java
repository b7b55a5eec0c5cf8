// SPDX-License-Identifier: Apache-2.0
/**
 * Stories about the pure core, as text that is executed: {@code src/test/resources/transcripts}, with a README that lists
 * the verbs.
 *
 * <pre>
 *   *.txt ──▶ Transcript ──▶ Script ──▶ Cluster ──▶ Member ──▶ Replica.step
 *                 ▲                       │  │         └─────▶ Disk
 *                 │                       │  └──▶ Network
 *                 └──── Log ◀── Wording ──┘  └──▶ Observer (agreement, and that no message outruns the disk)
 * </pre>
 *
 * <p>Nothing here reads a clock or draws a random number; the same file gives the same output, for ever.
 */
@NullMarked
package io.paxos.protocol.transcript;

import org.jspecify.annotations.NullMarked;
