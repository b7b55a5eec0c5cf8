// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.Position;
import io.paxos.simulation.check.CasRegister;
import io.paxos.simulation.check.ClientOracle;
import io.paxos.simulation.check.KeyValue;
import io.paxos.simulation.check.Observation;
import io.paxos.simulation.check.Register;
import io.paxos.simulation.check.Violation;
import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Answer;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What clients read and write pleases the {@link ClientOracle}, without a search and so in runs of any length: no phantom
 * values, one effect per identity, monotone reads, read your writes, real-time order. The version of a key is the position in
 * the log at which its value was written.
 *
 * <p>It judges registers, compare-and-set registers and maps of them in which each write writes the number of its operation,
 * as the supplied workloads do, and ignores all other inputs.
 */
public final class ClientsSeeOneOrder implements Property {

    private static final int SLOT_SHIFT = 24;
    private static final Object ONE_KEY = "register";

    /** An operation that the oracle knows of. */
    private record Asked(int client, boolean writes) {}

    private final ClientOracle oracle = new ClientOracle();
    private final Map<Long, Asked> asked = new HashMap<>();
    private final Map<Long, Long> versions = new HashMap<>();

    /** For one run. */
    public ClientsSeeOneOrder() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.CLIENT_INVOKED, TraceEvent.Kind.EXECUTED, TraceEvent.Kind.CLIENT_ANSWERED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.Executed executed) {
            versions.putIfAbsent(executed.operation(), version(executed.position()));
        } else if (event instanceof TraceEvent.ClientInvoked invoked) {
            return invoked(invoked);
        } else if (event instanceof TraceEvent.ClientAnswered answered) {
            Asked operation = asked.get(answered.operation());
            if (operation != null) {
                return operation.writes ? writeAnswered(operation, answered) : readAnswered(answered);
            }
        }
        return null;
    }

    private static long version(Position position) {
        return (position.slot() << SLOT_SHIFT) + position.index() + 1;
    }

    private @Nullable String invoked(TraceEvent.ClientInvoked invoked) {
        Object key = ONE_KEY;
        Object input = invoked.input();
        if (input instanceof KeyValue.At<?, ?> at) {
            key = at.key();
            input = at.input();
        }
        long operation = invoked.operation();
        if (input instanceof Register.Read<?> || input instanceof CasRegister.Read<?>) {
            asked.put(operation, new Asked(invoked.client(), false));
            return judge(new Observation.ReadInvoked(invoked.client(), operation, key));
        }
        Object written = null;
        if (input instanceof Register.Write<?> write) {
            written = write.value();
        } else if (input instanceof CasRegister.Write<?> write) {
            written = write.value();
        } else if (input instanceof CasRegister.CompareAndSet<?> swap) {
            written = swap.update();
        }
        if (!(written instanceof Long value) || value != operation) {
            return null;
        }
        asked.put(operation, new Asked(invoked.client(), true));
        return judge(new Observation.WriteInvoked(identity(invoked.client(), operation), key));
    }

    private static Observation.Identity identity(int client, long operation) {
        return new Observation.Identity(client, operation);
    }

    private @Nullable String writeAnswered(Asked operation, TraceEvent.ClientAnswered answered) {
        Observation.Identity write = identity(operation.client, answered.operation());
        boolean isKept = answered.output() instanceof CasRegister.Swapped<?> swapped && !swapped.done();
        if (answered.answer() == Answer.REFUSED || (answered.answer() == Answer.DONE && isKept)) {
            return judge(new Observation.WriteRefused(write));
        }
        Long version = versions.get(answered.operation());
        if (answered.answer() == Answer.UNKNOWN) {
            return null;
        }
        return version == null
                ? "write " + write + " is answered and took effect nowhere"
                : judge(new Observation.WriteAnswered(write, version));
    }

    private @Nullable String readAnswered(TraceEvent.ClientAnswered answered) {
        int client = answered.client();
        long number = answered.operation();
        Object output = answered.output() instanceof CasRegister.Value<?> value ? value.value() : answered.output();
        if (answered.answer() != Answer.DONE || !(output instanceof Optional<?> read)) {
            return judge(new Observation.ReadAbandoned(client, number));
        }
        if (read.isEmpty()) {
            return judge(new Observation.ReadAnswered(client, number, Observation.NO_VERSION, Optional.empty()));
        }
        if (!(read.get() instanceof Long value)) {
            return judge(new Observation.ReadAbandoned(client, number));
        }
        Asked writer = asked.get(value);
        Long version = versions.get(value);
        if (writer == null || version == null) {
            return "client " + client + " read " + value + ", which "
                    + (writer == null ? "nobody wrote" : "took effect nowhere");
        }
        Observation.Identity write = identity(writer.client, value);
        return judge(new Observation.ReadAnswered(client, number, version, Optional.of(write)));
    }

    private @Nullable String judge(Observation observation) {
        return oracle.observe(observation).map(Violation::toString).orElse(null);
    }
}
