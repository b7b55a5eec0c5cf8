// SPDX-License-Identifier: Apache-2.0
/**
 * Threads, a clock and files that turn the driver. Nobody but {@code io.paxos} comes in here.
 *
 * <pre>
 *   paxos-n1-core      turns the driver as time passes and for callers; who brings something in may turn it, too
 *   paxos-n1-journal   takes every record that queued up, appends them with one force, reports the last one
 *   paxos-n1-apply     applies, and does what has its place between slots; who turned may apply a quick machine, too
 *   paxos-n1-read      reads pages of chosen values, for members that catch up and for the replay at start
 *   paxos-n1-snapshot  writes snapshots, and stores those that are received
 *   paxos-n1-stop      sleeps until the node is closed or fails, then takes everything down
 * </pre>
 *
 * <p>What must never happen: a {@code Throwable} that ends one thread while the others go on looking alive (hazard V7);
 * an interrupt of a thread of ours, which would close the file it is in.
 */
@NullMarked
package io.paxos.runtime;

import org.jspecify.annotations.NullMarked;
