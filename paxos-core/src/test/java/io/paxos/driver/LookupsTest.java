// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LookupsTest {

    private final List<String> told = new ArrayList<>();
    private final Lookups lookups = new Lookups();

    private long begin(String caller, long deadlineMillis) {
        return lookups.begin(
                deadlineMillis,
                outcome -> told.add(caller + (outcome instanceof Outcome.NeverApplied ? " found" : " in vain")),
                new Outcome.NoLeader());
    }

    @Test
    void eachIsToldOnceWhatWasFoundOrAtItsDeadline() {
        long a = begin("a", 100);
        long b = begin("b", 50);
        long c = begin("c", 100);
        lookups.expire(49);
        assertEquals(List.of(), told);
        lookups.found(a, new Outcome.NeverApplied());
        lookups.expire(50);
        lookups.found(b, new Outcome.NeverApplied());
        lookups.found(a, new Outcome.NeverApplied());
        lookups.expire(99);
        assertEquals(List.of("a found", "b in vain"), told);
        lookups.expire(100);
        lookups.found(c, new Outcome.NeverApplied());
        assertEquals(List.of("a found", "b in vain", "c in vain"), told);
    }
}
