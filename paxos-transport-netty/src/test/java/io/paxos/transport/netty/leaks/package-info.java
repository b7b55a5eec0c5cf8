// SPDX-License-Identifier: Apache-2.0
/**
 * Makes a test class fail that lost a Netty buffer. In force for every test of this module and of every module that has this
 * module's test jar, without a line in the tests: the build turns JUnit's auto-detection of extensions on.
 */
package io.paxos.transport.netty.leaks;
