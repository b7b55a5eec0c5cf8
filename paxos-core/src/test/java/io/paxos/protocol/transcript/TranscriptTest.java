// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.protocol.transcript.Transcript.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {

    private static final List<String> LINES =
            List.of("# prose", "", "cluster nodes=1", "----", "one line", "another", "", "# more", "tick n1 5", "----");

    @Test
    void proseCommandsAndOutputAreToldApart() {
        assertEquals(
                List.of(
                        new Entry(3, List.of("# prose", ""), "cluster nodes=1", List.of("one line", "another")),
                        new Entry(9, List.of("", "# more"), "tick n1 5", List.of())),
                Transcript.parse(LINES));
    }

    @Test
    void whatIsWrittenIsWhatWasRead() {
        assertEquals(String.join("\n", LINES) + "\n", Transcript.format(Transcript.parse(LINES)));
    }

    @Test
    void aCommandWithoutARuleIsRefusedWithItsLine() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> Transcript.parse(List.of("# prose", "tick n1 5", "output")));
        assertEquals("line 2: 'tick n1 5' is not followed by ----", refused.getMessage());
    }

    @Test
    void aVerbThatDoesNotExistIsRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new Script().run("shake n1"));
        assertEquals("no verb 'shake'", refused.getMessage());
    }

    @Test
    void whatIsNotUnderWayCannotBeDelivered() {
        Script script = new Script();
        script.run("cluster nodes=3 founded");
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> script.run("deliver n1->n2 Accept"));
        assertEquals("nothing is under way on [n1->n2, Accept]", refused.getMessage());
    }

    @Test
    void aRunWhoseConditionDoesNotComeTrueFails() {
        Script script = new Script();
        script.run("cluster nodes=3 founded");
        script.run("cut n1,n2");
        Violation late = assertThrows(Violation.class, () -> script.run("run 500 until n1 leads"));
        assertEquals("not within 500 ms: [n1, leads]\n", late.getMessage());
    }

    @Test
    void theSameCommandsGiveTheSameOutput() {
        List<String> commands = List.of("cluster nodes=5 founded seed=7", "run 1000", "propose n2 x=1", "deliver all");
        Script one = new Script();
        Script other = new Script();
        for (String command : commands) {
            assertEquals(one.run(command), other.run(command));
        }
    }
}
