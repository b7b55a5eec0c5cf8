// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class AppendListTest {
    private static final AppendList<String> LIST = new AppendList<>();

    @Test
    void appendsAreReadInOrder() {
        Judged.accepted(LIST, append(1, "a", 0, 1), append(2, "b", 2, 3), read(3, 4, 5, "a", "b"));
    }

    @Test
    void appendsReadInTheWrongOrderAreRefused() {
        Judged.refused(LIST, append(1, "a", 0, 1), append(2, "b", 2, 3), read(3, 4, 5, "b", "a"));
    }

    @Test
    void overlappingAppendsMayBeReadInEitherOrderButOnlyOne() {
        Judged.accepted(LIST, append(1, "a", 0, 5), append(2, "b", 1, 4), read(3, 6, 7, "b", "a"));
        Judged.refused(
                LIST, append(1, "a", 0, 5), append(2, "b", 1, 4), read(3, 6, 7, "b", "a"), read(4, 6, 7, "a", "b"));
    }

    @Test
    void aDuplicateAppendIsRefused() {
        Judged.refused(LIST, append(1, "a", 0, 1), read(3, 4, 5, "a", "a"));
    }

    @Test
    void aLostAppendIsRefused() {
        Judged.refused(LIST, append(1, "a", 0, 1), append(2, "b", 2, 3), read(3, 4, 5, "b"));
        Judged.refused(LIST, append(1, "a", 0, 1), append(2, "b", 2, 3), read(3, 4, 5, "a"));
    }

    @Test
    void aPhantomElementIsRefused() {
        Judged.refused(LIST, append(1, "a", 0, 1), read(3, 4, 5, "a", "x"));
    }

    @Test
    void anUnknownAppendIsInNoReadOrInAllFromSomeMomentOn() {
        Operation<AppendList.Input<String>, AppendList.Output<String>> unknown =
                Operation.open(1, new AppendList.Append<>("u"), 0);
        Judged.accepted(LIST, unknown, append(2, "b", 1, 2), read(3, 3, 4, "b"));
        Judged.accepted(LIST, unknown, append(2, "b", 1, 2), read(3, 3, 4, "b"), read(3, 5, 6, "b", "u"));
        Judged.refused(LIST, unknown, append(2, "b", 1, 2), read(3, 3, 4, "b"), read(3, 5, 6, "u", "b"));
        Judged.refused(LIST, unknown, append(2, "b", 1, 2), read(3, 3, 4, "b", "u", "u"));
    }

    @Test
    void lengthsThatAppendsTellAreHeldToTheOrder() {
        Judged.accepted(LIST, appendTo(1, "a", 2, 0, 9), appendTo(2, "b", 1, 1, 8), read(3, 10, 11, "b", "a"));
        Judged.refused(LIST, appendTo(1, "a", 2, 0, 9), appendTo(2, "b", 1, 1, 8), read(3, 10, 11, "a", "b"));
    }

    @Test
    void statesWithTheSameElementsAreEqualHoweverTheyCameAbout() {
        AppendList.Contents<String> ab = contents("a", "b");
        assertEquals(ab, contents("a", "b"));
        assertEquals(ab.hashCode(), contents("a", "b").hashCode());
        assertNotEquals(ab, contents("b", "a"));
        assertNotEquals(ab, contents("a"));
        assertNotEquals(contents("Aa"), contents("BB"), "equal hashes do not make lists equal");
        assertEquals("[a, b]", ab.toString());
        assertEquals("[]", contents().toString());
    }

    @Test
    void outputsOfTheWrongKindAreMistakesOfTheCaller() {
        assertThrows(
                IllegalArgumentException.class,
                () -> LIST.step(contents(), new AppendList.Append<>("a"), new AppendList.Elements<>(List.of())));
        assertThrows(
                IllegalArgumentException.class,
                () -> LIST.step(contents(), new AppendList.Read<>(), new AppendList.Length<>(0)));
    }

    private static AppendList.Contents<String> contents(String... elements) {
        AppendList.Contents<String> contents = LIST.initial();
        for (String element : elements) {
            contents = LIST.step(contents, new AppendList.Append<>(element), null);
            assertNotNull(contents);
        }
        return contents;
    }

    private static Operation<AppendList.Input<String>, AppendList.Output<String>> append(
            long client, String element, long from, long to) {
        return Operation.acknowledged(client, new AppendList.Append<>(element), from, to);
    }

    private static Operation<AppendList.Input<String>, AppendList.Output<String>> appendTo(
            long client, String element, int length, long from, long to) {
        return Operation.answered(client, new AppendList.Append<>(element), new AppendList.Length<>(length), from, to);
    }

    private static Operation<AppendList.Input<String>, AppendList.Output<String>> read(
            long client, long from, long to, String... elements) {
        return Operation.answered(
                client, new AppendList.Read<>(), new AppendList.Elements<>(List.of(elements)), from, to);
    }
}
