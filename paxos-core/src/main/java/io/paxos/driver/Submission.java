// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

/**
 * A command that a caller of this node submitted, with room for it reserved in the {@link SubmissionWindow}.
 *
 * @param payload owned by the driver from now on
 * @param timeoutMillis how long the caller waits, counted from the turn that takes it in
 * @param completion told once how it ended
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, not compared
public record Submission(byte[] payload, long timeoutMillis, Completion completion) {

    /** Where the outcome goes. */
    @FunctionalInterface
    public interface Completion {

        /** Called once, on the driver's thread; must return at once. */
        void complete(Outcome outcome);
    }
}
