// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.driver.Read;
import io.paxos.driver.ReadFailure;
import org.jspecify.annotations.Nullable;

/** A question to the state machine by a remote client, and who is told the answer. */
final class QueryOf implements Read.Reader {

    private final StateMachine machine;
    private final byte[] query;
    private final ReadReceiver receiver;
    private byte @Nullable [] result;
    private @Nullable RuntimeException thrown;

    QueryOf(StateMachine machine, byte[] query, ReadReceiver receiver) {
        this.machine = machine;
        this.query = query;
        this.receiver = receiver;
    }

    /** What the machine says, which must be something. */
    static byte[] answer(StateMachine machine, byte[] query) {
        byte[] answer = machine.query(query);
        if (answer == null) {
            throw new IllegalStateException("the state machine's query() returned null");
        }
        return answer;
    }

    @Override
    public void read() {
        try {
            result = answer(machine, query.clone()); // it may be asked again, and the machine may keep what it is given
            thrown = null;
        } catch (RuntimeException failed) {
            thrown = failed;
        }
    }

    @Override
    public void answered(long slot, long ageMillis) {
        byte[] last = result;
        if (thrown != null || last == null) {
            receiver.refused(ReadRefusal.THREW, String.valueOf(thrown));
        } else {
            receiver.answered(last, slot, ageMillis);
        }
    }

    @Override
    public void failed(ReadFailure failure) {
        receiver.refused(OneRead.refusalOf(failure), failure.detail());
    }
}
