// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.journal.RecoveryTable.Decision;
import io.paxos.journal.Situation.DirectoryLook;
import io.paxos.journal.Situation.Place;
import io.paxos.journal.Situation.Proof;
import io.paxos.journal.Situation.RecordLook;
import io.paxos.journal.Situation.SegmentLook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The recovery table leaves nothing out, says nothing twice, and is the one in the documentation. */
final class RecoveryTableTest {

    private static List<Situation> everySituation() {
        List<Situation> all = new ArrayList<>();
        for (DirectoryLook directory : DirectoryLook.values()) {
            for (SegmentLook segment : SegmentLook.values()) {
                for (Place place : Place.values()) {
                    for (RecordLook record : RecordLook.values()) {
                        for (Proof proof : Proof.values()) {
                            all.add(new Situation(directory, segment, place, record, proof));
                        }
                    }
                }
            }
        }
        return all;
    }

    @Test
    void everySituationMatchesExactlyOneRowAndEveryRowSome() {
        List<Situation> all = everySituation();
        assertEquals(8 * 6 * 2 * 11 * 2, all.size());
        EnumSet<RecoveryTable> used = EnumSet.noneOf(RecoveryTable.class);
        for (Situation situation : all) {
            List<RecoveryTable> rows = new ArrayList<>();
            for (RecoveryTable row : RecoveryTable.values()) {
                if (row.matches(situation)) {
                    rows.add(row);
                }
            }
            assertEquals(1, rows.size(), situation + " matches " + rows);
            assertEquals(rows.get(0), RecoveryTable.rowFor(situation));
            used.add(rows.get(0));
        }
        assertEquals(EnumSet.allOf(RecoveryTable.class), used);
    }

    /** Hazard S9, over the whole table: what is proven forced is never cut off. */
    @Test
    void nothingThatIsProvenForcedIsCutOff() {
        for (Situation situation : everySituation()) {
            boolean forced = situation.proof() == Proof.FORCED || situation.place() == Place.FOLLOWED;
            Decision decision = RecoveryTable.rowFor(situation).decision();
            if (forced && situation.directory() == DirectoryLook.ACTIVATED) {
                assertTrue(decision != Decision.STOP && decision != Decision.BEGIN, situation + ": " + decision);
            }
        }
    }

    @Test
    void theDocumentedTableIsThisOne() throws IOException {
        String page = Files.readString(Path.of("../docs/durability.md"));
        assertTrue(
                page.contains(RecoveryTable.print()),
                () -> "docs/durability.md has to contain:\n" + RecoveryTable.print());
    }
}
