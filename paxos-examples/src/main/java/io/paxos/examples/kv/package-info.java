// SPDX-License-Identifier: Apache-2.0
/** A replicated key-value server that speaks the Redis protocol, and its command line. */
@NullMarked
package io.paxos.examples.kv;

import org.jspecify.annotations.NullMarked;
