// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Node, member, cluster, session and founding ids: what may be one, in which order, and how it reads. */
class NamesTest {

    @ParameterizedTest
    @CsvSource({"n1, 1", "1, 1", "n42, 42", "007, 7", "n0000001, 1", "n1000000, 1000000", "1000000, 1000000"})
    void aNodeIdIsReadWithAndWithoutItsLetter(String text, int number) {
        assertEquals(new NodeId(number), NodeId.parse(text));
        assertEquals("n" + number, NodeId.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n",
                "n-1",
                "-1",
                "+1",
                "nn1",
                "N1",
                "n1 ",
                " n1",
                "n1.5",
                "n1a",
                "n٣",
                "n00000001",
                "99999999"
            })
    void whatIsNoNodeIdIsRefusedWithTheForm(String text) {
        assertEquals(
                "node id: '" + text + "' is not of the form n1, n2, … with a number in 1..1000000",
                assertThrows(IllegalArgumentException.class, () -> NodeId.parse(text))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "n0, node id: 'n0' is outside the allowed range n1..n1000000",
        "0000, node id: '0000' is outside the allowed range n1..n1000000",
        "n1000001, node id: 1000001 is outside the allowed range 1..1000000",
        "9999999, node id: 9999999 is outside the allowed range 1..1000000"
    })
    void aNumberOutOfRangeIsRefusedWithTheRange(String text, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> NodeId.parse(text))
                        .getMessage());
    }

    @Test
    void nodeIdsAreInRangeAndInOrder() {
        assertThrows(IllegalArgumentException.class, () -> new NodeId(-1));
        assertThrows(IllegalArgumentException.class, () -> new NodeId(NodeId.NUMBER_MAX + 1));
        assertTrue(new NodeId(2).compareTo(new NodeId(10)) < 0, "by number, not by text");
        assertEquals("none", NodeId.NONE.toString());
    }

    @Test
    void aMemberHasBothANodeAndAnIncarnationOrNeither() {
        assertEquals(
                "member id: node n1 and incarnation 0000000000000000 must both be present or both be absent",
                assertThrows(IllegalArgumentException.class, () -> new MemberId(new NodeId(1), Incarnation.NONE))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new MemberId(NodeId.NONE, new Incarnation(1)));
        assertTrue(new MemberId(NodeId.NONE, Incarnation.NONE).isNone());
        assertEquals("n1/3fa9", new MemberId(new NodeId(1), new Incarnation(0x3fa9_0000_0000_0001L)).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A-Z_0.9", "0123456789012345678901234567890123456789012345678901234567890123"})
    void aClusterIdIsAShortPlainName(String name) {
        assertEquals(name, new ClusterId(name).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a/b",
                "ä",
                "a\n",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void anyOtherClusterIdIsRefused(String name) {
        assertEquals(
                "cluster id: '" + name + "' must have 1..64 characters, each of A-Z a-z 0-9 . _ -",
                assertThrows(IllegalArgumentException.class, () -> new ClusterId(name))
                        .getMessage());
    }

    @Test
    void aNodesSessionIsNamedAfterItsLife() {
        MemberId member = new MemberId(new NodeId(3), new Incarnation(-1));
        assertEquals(new SessionId(3, -1), SessionId.ofNode(member));
        assertEquals("3/ffffffffffffffff", SessionId.ofNode(member).toString());
        assertTrue(new SessionId(0, 0).isNone());
        assertTrue(new SessionId(1, 5).compareTo(new SessionId(2, 4)) < 0);
        assertTrue(new SessionId(2, 4).compareTo(new SessionId(2, 5)) < 0);
    }

    @Test
    void aFoundingIsNamed() {
        assertEquals("0000000000000001ffffffffffffffff", new FoundingId(1, -1).toString());
        assertEquals("none", FoundingId.NONE.toString());
        assertEquals(false, new FoundingId(0, 1).isNone());
        assertEquals(false, new FoundingId(1, 0).isNone());
    }
}
