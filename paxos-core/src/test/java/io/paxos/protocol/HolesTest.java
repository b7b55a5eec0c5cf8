// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.model.SlotRange;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Lost slots, held against a plain set. Catches: ranges that overlap or touch and are kept apart, a range cut wrongly. */
class HolesTest {

    private static final long KNOWN = 30;

    /** One change: slots lost, one filled, or all up to one forgotten. */
    record Change(Kind kind, long first, long last) {}

    enum Kind {
        LOST,
        FILLED,
        FORGOTTEN
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        Arbitrary<Long> slot = Arbitraries.longs().between(1, KNOWN);
        return Combinators.combine(Arbitraries.of(Kind.LOST, Kind.LOST, Kind.FILLED, Kind.FORGOTTEN), slot, slot)
                .as((kind, a, b) -> new Change(kind, Math.min(a, b), Math.max(a, b)))
                .list()
                .ofMaxSize(30);
    }

    @Property(tries = 500)
    void itIsTheSetOfLostSlots(@ForAll("changes") List<Change> changes) {
        Holes holes = new Holes();
        TreeSet<Long> model = new TreeSet<>();
        for (Change each : changes) {
            switch (each.kind()) {
                case LOST -> {
                    holes.add(new SlotRange(each.first(), each.last()));
                    for (long slot = each.first(); slot <= each.last(); slot++) {
                        model.add(slot);
                    }
                }
                case FILLED -> assertEquals(model.remove(each.first()), holes.remove(each.first()));
                case FORGOTTEN -> {
                    holes.removeUpTo(each.first());
                    model.headSet(each.first(), true).clear();
                }
            }
            assertSame(model, holes);
        }
    }

    private static void assertSame(NavigableSet<Long> model, Holes holes) {
        assertEquals(model.isEmpty(), holes.isEmpty());
        assertEquals(lowestRun(model), holes.lowest());
        for (long slot = 1; slot <= KNOWN + 1; slot++) {
            assertEquals(model.contains(slot), holes.contains(slot));
            Long next = model.ceiling(slot);
            assertEquals(next == null ? 0 : next, holes.lowestFrom(slot));
            Long missed = slot > KNOWN ? model.ceiling(1L) : next;
            assertEquals(missed == null ? KNOWN : missed - 1, holes.prefixFor(slot, KNOWN));
        }
    }

    private static @Nullable SlotRange lowestRun(NavigableSet<Long> model) {
        if (model.isEmpty()) {
            return null;
        }
        long last = model.first();
        while (model.contains(last + 1)) {
            last++;
        }
        return new SlotRange(model.first(), last);
    }
}
