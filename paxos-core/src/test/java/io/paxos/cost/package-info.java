// SPDX-License-Identifier: Apache-2.0
/**
 * What a command may cost: bytes allocated, forces, bytes on disks and wires, wake-ups of threads. A guard that is no timing:
 * the same on a fast machine and on a slow one, and on one that is busy.
 *
 * <pre>
 *   StepCostTest   one thread turns three members by hand: each part by itself, the same figures in every run
 *   NodeCostTest   three nodes with their threads, real files, and the in-process network
 * </pre>
 *
 * <p>What comes in over sockets is in {@code io.paxos.transport.netty.cost}, what comes in over RESP in {@code
 * io.paxos.examples.kv}. How bounds are recorded anew stands at {@link io.paxos.cost.Costs}. Nothing in here may depend on the
 * clock.
 */
package io.paxos.cost;
