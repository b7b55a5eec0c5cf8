// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** All columns of numbers, in their order. */
final class Figures {

    static final Figure RATE = new Figure("ops/s", "ops_s", m -> m.result().perSecond(), 0, true);
    static final Figure P50 = new Figure("p50", "p50_us", m -> m.result().percentileMicros(50), 0, true);
    static final Figure P99 = new Figure("p99", "p99_us", m -> m.result().percentileMicros(99), 0, true);
    static final Figure LEADER_CPU =
            cpu("leader", "leader_cpu_us", m -> m.costs().leaderMicros());
    static final Figure FOLLOWER_CPU =
            cpu("follower", "follower_cpu_us", m -> m.costs().followerMicros());
    static final Figure CLIENT_CPU =
            cpu("client", "client_cpu_us", m -> m.costs().clientMicros());
    static final Figure ALL_CPU = cpu("all", "all_cpu_us", m -> m.costs().allMicros());

    static final List<Figure> ALL = List.of(
            RATE,
            P50,
            P99,
            new Figure("p99.9", "p999_us", m -> m.result().percentileMicros(99.9), 0, true),
            new Figure("max", "max_us", m -> m.result().maxMicros(), 0, true),
            LEADER_CPU,
            FOLLOWER_CPU,
            CLIENT_CPU,
            ALL_CPU,
            new Figure("written x", "device_write_x", m -> m.costs().deviceFactor(), 2, true),
            new Figure("", "process_write_x", m -> m.costs().processFactor(), 2, false),
            new Figure("RSS", "leader_rss_mib", m -> m.costs().leaderResidentBytes() / Figure.MIB, 0, true),
            new Figure("x limit", "p50_over_limit", Measurement::timesLimit, 2, true),
            new Figure("per force", "ops_per_raw_force", Measurement::perRawForce, 2, true),
            new Figure("", "limit_us", Measurement::limitMicros, 1, false),
            new Figure("", "other_cpu_pct", m -> m.costs().otherPercent(), 0, false),
            new Figure("", "operations", m -> m.result().operations(), 0, false),
            new Figure("", "failures", m -> m.result().failures(), 0, false),
            new Figure("", "seconds", m -> m.result().nanos() / 1e9, 2, false),
            new Figure("", "leader_changed", m -> m.leaderChanged() ? 1 : 0, 0, false));

    private Figures() {}

    private static Figure cpu(String title, String key, ToDoubleFunction<Measurement> of) {
        return new Figure(title, key, of, 1, true);
    }
}
