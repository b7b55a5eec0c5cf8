// SPDX-License-Identifier: Apache-2.0
package io.paxos.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuntimeDependenciesTest {
    @Test
    void coreBringsWhatIsCheckedInAndNothingElse() throws IOException {
        RuntimeDependencies.assertAsCheckedIn();
    }

    @Test
    void theListOfMavenIsReadWithModuleNamesColoursAndOurOwnVersionsLeftOut() {
        List<String> lines = List.of(
                "",
                "The following files have been resolved:",
                "   org.slf4j:slf4j-api:jar:2.0.20:compile\u001B[36m -- module org.slf4j\u001B[0;1m [auto]\u001B[m",
                "   io.paxos:paxos-core:jar:0.1.0-SNAPSHOT:compile -- module io.paxos",
                "   io.netty:netty-common:jar:4.2.20.Final:runtime",
                "");
        assertEquals(
                List.of("io.netty:netty-common:4.2.20.Final", "io.paxos:paxos-core", "org.slf4j:slf4j-api:2.0.20"),
                RuntimeDependencies.resolved(lines));
    }

    @Test
    void aModuleThatBringsNothingResolvesToNothing() {
        assertEquals(
                List.of(), RuntimeDependencies.resolved(List.of("The following files have been resolved:", "   none")));
    }

    @Test
    void commentsAndBlankLinesOfTheCheckedInListDoNotCount() {
        assertEquals(List.of("a:b:1"), RuntimeDependencies.entries(List.of("# why", "", "  a:b:1  ")));
    }
}
