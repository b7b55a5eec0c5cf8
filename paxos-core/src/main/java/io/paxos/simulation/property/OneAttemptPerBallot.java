// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A ballot is one attempt's, in all the lives of its owner: nobody prepares it a second time under another nonce (Paxos
 * Made Simple, section 2.5, on the highest number ever attempted; hazard S5). Two attempts at one ballot could propose two
 * values there.
 */
public final class OneAttemptPerBallot implements Property {

    private final TreeMap<Ballot, Long> attempts = new TreeMap<>();

    /** For one run. */
    public OneAttemptPerBallot() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.MESSAGE_SENT);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.MessageSent sent && sent.message() instanceof Message.Prepare prepare) {
            Long before = attempts.putIfAbsent(prepare.ballot(), prepare.attempt());
            if (before != null && before != prepare.attempt()) {
                return sent.from() + " prepares ballot " + prepare.ballot() + " in a second attempt, numbered "
                        + prepare.attempt() + " after " + before;
            }
        }
        return null;
    }
}
