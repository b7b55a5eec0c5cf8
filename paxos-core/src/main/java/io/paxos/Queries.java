// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.driver.Read;
import io.paxos.driver.ReadFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Questions to the state machine by a remote client, which are one read to the node, and who is told the answers. */
final class Queries implements Read.Reader {

    /** Once the answers of a call have so many bytes, no more of its queries are asked. */
    static final long ANSWER_BYTES_MAX = 16L << 20;

    private static final String TOO_MUCH = "the answers to queries that came with it have more than " + ANSWER_BYTES_MAX
            + " bytes; it was not asked, ask again";

    private final StateMachine machine;
    private final List<byte[]> queries;
    private final ReadReceiver receiver;

    /** What the machine said to each, a {@code byte[]}, or what it threw; null for those that it was not asked. */
    private final @Nullable Object[] said;

    Queries(StateMachine machine, List<byte[]> queries, ReadReceiver receiver) {
        this.machine = machine;
        this.queries = queries;
        this.receiver = receiver;
        this.said = new Object[queries.size()];
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
        long bytes = 0;
        for (int i = 0; i < said.length; i++) {
            said[i] = null;
            if (bytes >= ANSWER_BYTES_MAX) {
                continue;
            }
            try {
                // A copy: it may be asked again, and the machine may keep what it is given.
                byte[] answer = answer(machine, queries.get(i).clone());
                bytes += answer.length;
                said[i] = answer;
            } catch (RuntimeException thrown) {
                said[i] = thrown;
            }
        }
    }

    @Override
    public int weight() {
        return said.length;
    }

    @Override
    public void answered(long slot, long ageMillis) {
        for (int i = 0; i < said.length; i++) {
            if (said[i] instanceof byte[] result) {
                receiver.answered(i, result, slot, ageMillis);
            } else if (said[i] == null) {
                receiver.refused(i, ReadRefusal.OVERLOADED, TOO_MUCH);
            } else {
                receiver.refused(i, ReadRefusal.THREW, String.valueOf(said[i]));
            }
        }
    }

    @Override
    public void failed(ReadFailure failure) {
        ReadRefusal refusal = OneRead.refusalOf(failure);
        for (int i = 0; i < said.length; i++) {
            receiver.refused(i, refusal, failure.detail());
        }
    }
}
