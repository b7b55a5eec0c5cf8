// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML that is well-formed XML too: every element is closed, every attribute and text escaped, and no character
 * gets through that a browser or an XML parser would refuse.
 */
final class Markup {

    private final StringBuilder out = new StringBuilder(1 << 16);
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element. {@code attributes} are names and values in turn; a value is escaped. */
    Markup open(String tag, String... attributes) {
        begin(tag, attributes).append('>');
        open.push(tag);
        return this;
    }

    /** An element without content. */
    Markup leaf(String tag, String... attributes) {
        begin(tag, attributes).append("/>");
        return this;
    }

    /** An element with nothing but text in it. */
    Markup element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    private StringBuilder begin(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
        return out;
    }

    /** Closes the element that was opened last. */
    Markup close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** Text, escaped. */
    Markup text(String text) {
        escape(text);
        return this;
    }

    Markup newLine() {
        out.append('\n');
        return this;
    }

    /** Text that is markup already: our own script and style, never anything that came out of a run. */
    Markup raw(String markup) {
        out.append(markup);
        return this;
    }

    private void escape(String text) {
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            switch (point) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n' -> out.append("&#10;");
                case '\t' -> out.append("&#9;");
                default -> plain(point);
            }
        }
    }

    private void plain(int point) {
        boolean isControl = point < 0x20 || (point >= 0x7F && point < 0xA0);
        boolean isLoneSurrogate = point >= 0xD800 && point <= 0xDFFF;
        if (isControl || isLoneSurrogate || point == 0xFFFE || point == 0xFFFF) {
            out.append('\uFFFD');
        } else {
            out.appendCodePoint(point);
        }
    }

    /** One digit after the point, and none if it is 0; the same in every locale. */
    static String number(double value) {
        long tenths = Math.round(value * 10);
        String sign = tenths < 0 ? "-" : "";
        long size = Math.abs(tenths);
        return sign + size / 10 + (size % 10 == 0 ? "" : "." + size % 10);
    }

    /** Microseconds as milliseconds with three digits: {@code 1234.567}. */
    static String millis(long micros) {
        String rest = Long.toString(1_000 + Math.floorMod(micros, 1_000L));
        return Math.floorDiv(micros, 1_000L) + "." + rest.substring(1);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
