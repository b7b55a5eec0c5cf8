// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

/**
 * The times and bounds of a {@link ClientSession}.
 *
 * @param commandsMax most commands with a number and no answer
 * @param bytesMax most payload bytes of them
 * @param sessionTimeoutMillis the session expires when nothing of it was applied for longer than this, in agreed time
 * @param answerMillis without any answer for this long, what waits for one is sent again; after twice that, elsewhere
 * @param pauseMillisMin shortest pause after a refusal
 * @param pauseMillisMax longest pause after a refusal
 */
record SessionTiming(
        int commandsMax,
        int bytesMax,
        long sessionTimeoutMillis,
        int answerMillis,
        int pauseMillisMin,
        int pauseMillisMax) {

    /** What says that commands are missing says so for each later one, too; they are sent again once in this time. */
    static final int GAP_QUIET_MILLIS = 100;

    /** How often a session that has nothing to send is kept alive within its timeout. */
    static final int KEEP_ALIVES = 3;
}
