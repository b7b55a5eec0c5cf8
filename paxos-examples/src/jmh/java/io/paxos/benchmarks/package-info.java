// SPDX-License-Identifier: Apache-2.0
/**
 * What the parts of a command's way take, one by one, by JMH: time and bytes allocated. {@code docs/performance.md} says how to
 * run it. Compiled with {@code -Pbenchmarks} only: nobody needs JMH to build or test the library. What a command may allocate
 * is held under bounds by {@code io.paxos.cost}, in every build.
 */
package io.paxos.benchmarks;
