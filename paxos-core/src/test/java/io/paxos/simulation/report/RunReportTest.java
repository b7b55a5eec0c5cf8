// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message;
import io.paxos.simulation.KeyValueWorkload;
import io.paxos.simulation.Simulation;
import io.paxos.simulation.SimulationOptions;
import io.paxos.simulation.SimulationResult;
import io.paxos.simulation.property.Judges;
import io.paxos.simulation.trace.TraceEvent;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class RunReportTest {

    private static final Judges.Violation VIOLATION =
            new Judges.Violation("Agreement", "slot 1 holds <a> and \"b\" & more\nin two lines", 18_500);

    @Test
    void eachKindOfEventHasAMarkOrIsListedAsNotDrawn() throws Exception {
        Document page = parsed(everything().html());

        EnumSet<TraceEvent.Kind> missing = EnumSet.allOf(TraceEvent.Kind.class);
        missing.removeIf(kind -> isMessage(kind)
                || !Chronicle.isDrawn(kind)
                || !marks(page, "e-" + kind).isEmpty());
        assertEquals(EnumSet.noneOf(TraceEvent.Kind.class), missing);
        assertEquals(
                EnumSet.of(
                        TraceEvent.Kind.MEASURED, TraceEvent.Kind.SESSION_COMMANDED, TraceEvent.Kind.SESSION_ANSWERED),
                EnumSet.copyOf(Arrays.stream(TraceEvent.Kind.values())
                        .filter(kind -> !Chronicle.isDrawn(kind))
                        .toList()));
    }

    private static boolean isMessage(TraceEvent.Kind kind) {
        return kind.name().startsWith("MESSAGE_");
    }

    @Test
    void aMessageIsAnArrowForEachWayItCanEnd() throws Exception {
        Document page = parsed(everything().html());

        assertEquals(List.of("n1 n2"), ends(page, "m k-Accept delivered"));
        assertEquals(List.of("n1 n2"), ends(page, "m k-Accept delivered copy"));
        assertEquals(List.of("n1 n3"), ends(page, "m k-Accept dropped"));
        assertEquals(List.of("n3 n2"), ends(page, "m k-Accept on-its-way"));
    }

    private static List<String> ends(Document page, String name) {
        return all(page, "g").stream()
                .filter(mark -> mark.getAttribute("class").equals(name))
                .map(mark -> mark.getAttribute("data-n"))
                .toList();
    }

    @Test
    void eachKindOfMessageHasALook() {
        Set<Class<?>> looks = new HashSet<>();
        for (MessageLook look : MessageLook.values()) {
            looks.add(look.type());
        }
        assertEquals(new HashSet<Class<?>>(Arrays.asList(Message.class.getPermittedSubclasses())), looks);
    }

    @Test
    void clientsShowWhatBecameOfTheirOperations() throws Exception {
        Document page = parsed(everything().html());

        assertEquals(1, marks(page, "done").size());
        assertEquals(1, marks(page, "failed").size());
        assertEquals(1, marks(page, "unknown").size());
        assertTrue(marks(page, "done").get(0).getAttribute("data-h").contains("write <1> & \"2\""));
    }

    @Test
    void aFailureStandsAtTheTopAndInThePicture() throws Exception {
        ForgedRun run = ForgedRun.ofEverything();
        String html = run.report(run.recorded(100), VIOLATION)
                .withReplay("java -jar x.jar simulate --seed 756")
                .html();
        Document page = parsed(html);

        assertTrue(text(page, "h1").contains("Seed 756"));
        assertTrue(text(page, "h1").contains("violates Agreement"));
        assertEquals(VIOLATION.explanation(), text(page, "pre"));
        assertEquals("java -jar x.jar simulate --seed 756", text(page, "code"));
        assertEquals(1, marks(page, "violation").size());
    }

    @Test
    void theFourFiguresAreThereAsATableAndAsCurves() throws Exception {
        Document page = parsed(everything().html());

        assertEquals(5, all(page, "tr").size());
        assertEquals(4, marks(page, "curve").size());
        for (String figure :
                List.of("consensus_latency_ms", "proposal_rejection_rate", "throughput_rps", "availability_pct")) {
            assertTrue(text(page, "table").contains(figure), figure);
            assertTrue(all(page, "text").stream()
                    .anyMatch(title -> title.getTextContent().equals(figure)));
        }
    }

    @Test
    void nothingOnThePageNeedsANetwork() {
        String html = everything().html();

        String withoutNames =
                html.replace("http://www.w3.org/1999/xhtml", "").replace("http://www.w3.org/2000/svg", "");
        assertFalse(withoutNames.contains("http"), "a reference to the network");
        for (String word : List.of("src=", "@import", "@font-face", "fetch(", "XMLHttpRequest", "href=\"//")) {
            assertFalse(html.contains(word), word);
        }
    }

    @Test
    void whatIsLeftOutIsSaidAboveThePicture() {
        ForgedRun run = ForgedRun.ofMessages(500);
        RunReport report = run.report(run.recorded(100), null);

        assertTrue(report.html().contains("Only the first 100 of 1000 events are drawn"));
        String end = report.showing(RunReport.Part.END).html();
        assertTrue(end.contains("Only the last 100 of 1000 events are drawn (451.000 to 500.300 ms)"));
        assertTrue(end.contains("900 earlier ones are left out"));
        assertFalse(run.report(run.recorded(1_000), null).html().contains("Only the"));
    }

    @Test
    void aFailureShowsTheLastEventsUnlessToldOtherwise() {
        ForgedRun run = ForgedRun.ofMessages(500);
        RunReport report = run.report(run.recorded(100), new Judges.Violation("Agreement", "x", 500_300));

        assertTrue(report.html().contains("Only the last 100"));
        assertTrue(report.showing(RunReport.Part.BEGINNING).html().contains("Only the first 100"));
    }

    @Test
    void whatHeldBeforeTheLastEventsIsStillDrawn() throws Exception {
        ForgedRun run = ForgedRun.ofEverything();
        Recording recording = run.recorded(run.events().size() - 1 - 23);
        Document page = parsed(run.report(recording, VIOLATION).html());

        assertEquals(List.of("n1", "n2", "n3"), names(page));
        assertEquals(1, marks(page, "band").size());
        assertEquals(
                1,
                marks(page, "leads").stream()
                        .filter(mark -> mark.hasAttribute("data-h"))
                        .count());
    }

    private static List<String> names(Document page) {
        return marks(page, "node").stream().map(Element::getTextContent).toList();
    }

    @Test
    void charactersThatNoParserTakesAreReplaced() throws Exception {
        ForgedRun run = new ForgedRun();
        run.add(new TraceEvent.ClientInvoked(
                1, 1, 1, ForgedRun.A.node(), "\u0000\u001b[31m \ud800 \uffff é \ud83d\ude00"));
        Document page = parsed(run.report(run.recorded(10), null).html());

        String hover = marks(page, "op").get(0).getAttribute("data-h");
        assertTrue(hover.contains("\ufffd\ufffd[31m \ufffd \ufffd é \ud83d\ude00"), hover);
    }

    @Test
    void theSameSeedGivesTheSamePage(@TempDir Path directory) throws Exception {
        Path one = directory.resolve("deeper/one.html");
        Path other = directory.resolve("other.html");
        simulated(7).writeTo(one);
        simulated(7).writeTo(other);

        assertEquals(-1, Files.mismatch(one, other));
        Document page = parsed(Files.readString(one));
        assertEquals(List.of("n1", "n2", "n3", "n4"), names(page), "three voters and a learner");
        assertFalse(marks(page, "m").isEmpty());
        assertFalse(marks(page, "chosen").isEmpty());
        assertFalse(marks(page, "done").isEmpty());
    }

    private static RunReport simulated(long seed) {
        SimulationOptions options = SimulationOptions.DEFAULT.withNodes(3, 3).withLoad(50, 500);
        Recording recording = new Recording(2_000);
        SimulationResult result = Simulation.of(new KeyValueWorkload(2))
                .with(options)
                .alsoJudging(() -> List.of(recording))
                .run(seed);
        return RunReport.of(result, recording, options);
    }

    private static RunReport everything() {
        ForgedRun run = ForgedRun.ofEverything();
        return run.report(run.recorded(100), null);
    }

    private static Document parsed(String html) throws Exception {
        DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        return parser.parse(new InputSource(new StringReader(html)));
    }

    /** Every element of that class. */
    private static List<Element> marks(Document page, String name) {
        return all(page, "*").stream()
                .filter(each -> new TreeSet<>(List.of(each.getAttribute("class").split(" ", -1))).contains(name))
                .toList();
    }

    private static List<Element> all(Document page, String tag) {
        NodeList nodes = page.getElementsByTagName(tag);
        return java.util.stream.IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private static String text(Document page, String tag) {
        return all(page, tag).get(0).getTextContent();
    }
}
