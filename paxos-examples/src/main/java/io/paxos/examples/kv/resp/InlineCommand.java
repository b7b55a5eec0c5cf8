// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv.resp;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A command typed as a line: words between blanks, with {@code "double"} quotes that know escapes and {@code 'single'}
 * quotes that know only {@code \'}, as Redis reads them.
 */
final class InlineCommand {

    /** A quote was opened and not closed, or text follows a closing quote without a blank. */
    static final class UnbalancedQuotesException extends Exception {
        private static final long serialVersionUID = 1;

        UnbalancedQuotesException() {
            super("unbalanced quotes in request", null, false, false);
        }
    }

    private final byte[] line;
    private int at;

    private InlineCommand(byte[] line) {
        this.line = line;
    }

    /** The words of the line; none if it is blank. */
    static List<byte[]> split(byte[] line) throws UnbalancedQuotesException {
        InlineCommand command = new InlineCommand(line);
        List<byte[]> words = new ArrayList<>();
        while (command.skipBlanks()) {
            words.add(command.word());
        }
        return words;
    }

    private boolean skipBlanks() {
        while (at < line.length && isBlank(line[at])) {
            at++;
        }
        return at < line.length;
    }

    private byte[] word() throws UnbalancedQuotesException {
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        while (at < line.length && !isBlank(line[at])) {
            byte b = line[at++];
            if (b == '"' || b == '\'') {
                quoted(b, word);
                if (at < line.length && !isBlank(line[at])) {
                    throw new UnbalancedQuotesException();
                }
            } else {
                word.write(b);
            }
        }
        return word.toByteArray();
    }

    private void quoted(byte quote, ByteArrayOutputStream word) throws UnbalancedQuotesException {
        while (at < line.length) {
            byte b = line[at++];
            if (b == quote) {
                return;
            }
            boolean escapes = b == '\\' && at < line.length && (quote == '"' || line[at] == '\'');
            word.write(escapes ? escaped() : b);
        }
        throw new UnbalancedQuotesException();
    }

    private int escaped() {
        byte b = line[at++];
        if (b == 'x' && at + 1 < line.length && isHex(line[at]) && isHex(line[at + 1])) {
            int value = Character.digit(line[at], 16) * 16 + Character.digit(line[at + 1], 16);
            at += 2;
            return value;
        }
        return switch (b) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            default -> b;
        };
    }

    private static boolean isHex(byte b) {
        return Character.digit(b, 16) >= 0;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r') || b == 0;
    }
}
