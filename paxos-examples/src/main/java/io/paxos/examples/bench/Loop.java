// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

/** Keeps sending operations until it is stopped. */
interface Loop {

    void start();

    /** No operation begins behind this. */
    void stop();

    /** Operations without an answer. */
    int unanswered();
}
