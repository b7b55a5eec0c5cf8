// SPDX-License-Identifier: Apache-2.0
/** The smallest program that uses the library: three nodes in one JVM that count together. */
@NullMarked
package io.paxos.examples.counter;

import org.jspecify.annotations.NullMarked;
