// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.Objects;
import java.util.Optional;

/**
 * What a client did or was told, as the {@link ClientOracle} hears of it. The oracle needs a store that helps it: every
 * write carries an identity that is used once, and every answer tells the version of its key, a number that grows with each
 * write to it. The slot that a write was chosen in serves, or a count kept by the state machine.
 */
public sealed interface Observation {
    /** The version of a key that was never written. */
    long NO_VERSION = 0;

    /** Whom it happened to. */
    long client();

    /**
     * Which write: retries of one write have its identity, no other write does.
     *
     * @param client who writes
     * @param sequence a number of its own, in any order
     */
    record Identity(long client, long sequence) {
        @Override
        public String toString() {
            return client + "/" + sequence;
        }
    }

    /**
     * A write is about to be sent for the first time.
     *
     * @param write its identity
     * @param key what it writes to
     */
    record WriteInvoked(Identity write, Object key) implements Observation {
        public WriteInvoked {
            Objects.requireNonNull(write, "write");
            Objects.requireNonNull(key, "key");
        }

        @Override
        public long client() {
            return write.client();
        }
    }

    /**
     * A write was answered. Also when it is answered again.
     *
     * @param write its identity
     * @param version the version of its key that it made, above {@link #NO_VERSION}
     */
    record WriteAnswered(Identity write, long version) implements Observation {
        public WriteAnswered {
            Objects.requireNonNull(write, "write");
            requireVersion(version, NO_VERSION + 1);
        }

        @Override
        public long client() {
            return write.client();
        }
    }

    /**
     * A write was refused for certain: it had no effect and never will. (A write that merely timed out gets no second
     * observation.)
     *
     * @param write its identity
     */
    record WriteRefused(Identity write) implements Observation {
        public WriteRefused {
            Objects.requireNonNull(write, "write");
        }

        @Override
        public long client() {
            return write.client();
        }
    }

    /**
     * A read is about to be sent.
     *
     * @param client who reads
     * @param number a number of the client's own that none of its reads had before
     * @param key what it reads
     */
    record ReadInvoked(long client, long number, Object key) implements Observation {
        public ReadInvoked {
            Objects.requireNonNull(key, "key");
        }
    }

    /**
     * A read was answered.
     *
     * @param client who reads
     * @param number as in its {@link ReadInvoked}
     * @param version the version of the key it saw; {@link #NO_VERSION} if the key was never written
     * @param write the write that made this version; empty exactly if the key was never written
     */
    record ReadAnswered(long client, long number, long version, Optional<Identity> write) implements Observation {
        public ReadAnswered {
            requireVersion(version, NO_VERSION);
            if (write.isPresent() != (version > NO_VERSION)) {
                throw new IllegalArgumentException("read write: " + write + " at version " + version
                        + ", but there is one exactly above version " + NO_VERSION);
            }
        }
    }

    /**
     * A read got no answer, and whatever still comes is not listened to.
     *
     * @param client who read
     * @param number as in its {@link ReadInvoked}
     */
    record ReadAbandoned(long client, long number) implements Observation {}

    private static void requireVersion(long version, long min) {
        if (version < min) {
            throw new IllegalArgumentException("version: " + version + " is less than " + min);
        }
    }
}
