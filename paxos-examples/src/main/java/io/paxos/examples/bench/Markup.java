// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes HTML that is well-formed XML too, in few words. */
final class Markup {

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter out;
    private final Deque<String> open = new ArrayDeque<>();

    Markup() {
        text.write("<!DOCTYPE html>\n");
        try {
            out = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Step {
        void run() throws XMLStreamException;
    }

    /** Nothing of it can fail: it is written to memory. */
    private Markup does(Step step) {
        try {
            step.run();
            return this;
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens an element; attributes are names and values in turn. */
    Markup open(String tag, String... attributes) {
        open.push(tag);
        return does(() -> {
            out.writeStartElement(tag);
            write(attributes);
        });
    }

    /** An element without content. */
    Markup leaf(String tag, String... attributes) {
        return does(() -> {
            out.writeEmptyElement(tag);
            write(attributes);
        });
    }

    private void write(String... attributes) throws XMLStreamException {
        for (int i = 0; i < attributes.length; i += 2) {
            out.writeAttribute(attributes[i], attributes[i + 1]);
        }
    }

    /** An element with nothing but text in it. */
    Markup element(String tag, String content, String... attributes) {
        return open(tag, attributes).text(content).close();
    }

    Markup text(String content) {
        return does(() -> out.writeCharacters(content));
    }

    Markup newLine() {
        return text("\n");
    }

    /** Closes the element that was opened last. */
    Markup close() {
        open.pop();
        return does(out::writeEndElement);
    }

    /** A length or a place, in the same way in every locale. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** The whole text, once everything is closed. */
    String finish() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("still open: " + open);
        }
        does(out::writeEndDocument);
        return text + "\n";
    }
}
