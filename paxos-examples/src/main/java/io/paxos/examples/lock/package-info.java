// SPDX-License-Identifier: Apache-2.0
/**
 * A lock service: who may do something that only one may do, with the two things that make such an answer worth something.
 *
 * <pre>
 *   lock acquire ─▶ LockClient ─▶ PaxosClient ══▶ NettyClientEndpoint ─▶ PaxosNode ─▶ LockTable.apply     (every node)
 *        │                                                                               lease in agreed time
 *        │ token: the command's position in the log                                      token per grant
 *        ▼
 *   FencedStorage: refuses a token below the highest it has seen
 * </pre>
 *
 * <p>A <em>lease</em> frees the lock of a holder that vanished. It is counted in agreed time, so all nodes agree whether it is
 * over. But a holder cannot know: it may have been paused between looking at its clock and writing. So a lock by itself keeps
 * nobody out. The <em>fencing token</em> does: it grows with every grant, the holder sends it along with every write, and what
 * is written to refuses all but the highest it has seen.
 *
 * <p>What must never happen here: two grants of one lock with the same token, or a later one with a lower token.
 */
@NullMarked
package io.paxos.examples.lock;

import org.jspecify.annotations.NullMarked;
