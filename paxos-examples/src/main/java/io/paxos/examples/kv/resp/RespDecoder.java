// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv.resp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes to {@link RespRequest}s: arrays of bulk strings, and inline commands.
 *
 * <pre>
 *            first byte '*', a length                     '$', a length
 *   START ─────────────────────────────▶ BULK_LENGTH ─────────────────────▶ BULK ──┐ the last one:
 *     │ ▲                                     ▲  │ announced beyond a limit   │    │ a Call
 *     │ └─ any other: a line, a Call          │  └──────▶ SKIP (not kept) ────┤    ▼
 *     │                                       └─────────────── one more ──────┘  START
 *     └─ not the protocol, from any state ──▶ BROKEN: says so once, then drops every byte
 * </pre>
 *
 * <p>An argument is copied out when all of it has arrived, so a connection costs what it sent and not what it announced;
 * what is beyond a limit is dropped as it arrives. Line ends of lengths and arguments are exactly CR LF. An inline line
 * may end with a lone LF as well, as in Redis: people type these with netcat.
 *
 * <p>One decoder a connection; called on its event loop only.
 */
public final class RespDecoder extends ByteToMessageDecoder {

    private enum State {
        START,
        BULK_LENGTH,
        BULK,
        SKIP,
        BROKEN
    }

    /** Longest line of a length: a type, a sign and ten digits, with room to spare. */
    private static final int LENGTH_LINE_BYTES_MAX = 32;

    private final RespLimits limits;

    private State state = State.START;

    /** How far the current line was searched for its end, so that a byte is looked at once however they trickle in. */
    private int searched;

    private int argumentsMissing;
    private int bulkLength;
    private int requestBytes;
    private List<byte[]> arguments = new ArrayList<>();

    /** Why the request being read will be refused; empty while it is fine. */
    private String refusal = "";

    public RespDecoder(RespLimits limits) {
        this.limits = limits;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        boolean moved = true;
        while (moved && in.isReadable()) {
            moved = switch (state) {
                case START -> in.getByte(in.readerIndex()) == '*' ? readArrayLength(in, out) : readInline(in, out);
                case BULK_LENGTH -> readBulkLength(in, out);
                case BULK -> readBulk(in, out);
                case SKIP -> skipBulk(in, out);
                case BROKEN -> {
                    in.skipBytes(in.readableBytes());
                    yield false;
                }
            };
        }
    }

    private boolean readArrayLength(ByteBuf in, List<Object> out) {
        int end = findLineFeed(in, LENGTH_LINE_BYTES_MAX);
        if (end < 0) {
            return lineIsUnfinished(in, out, LENGTH_LINE_BYTES_MAX, "too big mbulk count string");
        }
        long count = readLength(in, end);
        if (count > RespLimits.ANNOUNCED_ARGUMENTS_MAX || count < -1) {
            return broken(out, "invalid multibulk length");
        }
        if (count <= 0) {
            return true; // as in Redis: nothing was asked, nothing is answered
        }
        argumentsMissing = (int) count;
        requestBytes = 0;
        arguments = new ArrayList<>(Math.min(argumentsMissing, 16));
        if (argumentsMissing > limits.argumentsMax()) {
            refuse("ERR too many arguments: " + count + ", the limit is " + limits.argumentsMax());
        }
        state = State.BULK_LENGTH;
        return true;
    }

    private boolean readBulkLength(ByteBuf in, List<Object> out) {
        byte type = in.getByte(in.readerIndex());
        if (type != '$') {
            return broken(out, "expected '$', got '" + printable(type) + "'");
        }
        int end = findLineFeed(in, LENGTH_LINE_BYTES_MAX);
        if (end < 0) {
            return lineIsUnfinished(in, out, LENGTH_LINE_BYTES_MAX, "too big bulk count string");
        }
        long length = readLength(in, end);
        if (length < 0 || length > RespLimits.ANNOUNCED_BYTES_MAX) {
            return broken(out, "invalid bulk length");
        }
        bulkLength = (int) length;
        if (bulkLength > limits.argumentBytesMax()) {
            refuse("ERR value is too large: " + length + " bytes, the limit is " + limits.argumentBytesMax());
        } else if (bulkLength > limits.requestBytesMax() - requestBytes) {
            refuse("ERR command is too large: its arguments exceed " + limits.requestBytesMax() + " bytes together");
        }
        state = refusal.isEmpty() ? State.BULK : State.SKIP;
        return true;
    }

    private boolean readBulk(ByteBuf in, List<Object> out) {
        if (in.readableBytes() < bulkLength + 2) {
            return false;
        }
        byte[] argument = new byte[bulkLength];
        in.readBytes(argument);
        requestBytes += bulkLength;
        arguments.add(argument);
        return endBulk(in, out);
    }

    private boolean skipBulk(ByteBuf in, List<Object> out) {
        int dropped = Math.min(bulkLength, in.readableBytes());
        in.skipBytes(dropped);
        bulkLength -= dropped;
        return bulkLength == 0 && in.readableBytes() >= 2 && endBulk(in, out);
    }

    private boolean endBulk(ByteBuf in, List<Object> out) {
        if (in.readByte() != '\r' || in.readByte() != '\n') {
            return broken(out, "expected CRLF after a bulk string");
        }
        argumentsMissing--;
        if (argumentsMissing > 0) {
            state = State.BULK_LENGTH;
            return true;
        }
        out.add(refusal.isEmpty() ? new RespRequest.Call(arguments) : new RespRequest.Refused(refusal));
        arguments = new ArrayList<>();
        refusal = "";
        state = State.START;
        return true;
    }

    private boolean readInline(ByteBuf in, List<Object> out) {
        int end = findLineFeed(in, limits.inlineBytesMax());
        if (end < 0) {
            return lineIsUnfinished(in, out, limits.inlineBytesMax(), "too big inline request");
        }
        int length = end - in.readerIndex();
        boolean carriageReturn = length > 0 && in.getByte(end - 1) == '\r';
        byte[] line = new byte[carriageReturn ? length - 1 : length];
        in.readBytes(line);
        in.readerIndex(end + 1);
        searched = 0;
        List<byte[]> words;
        try {
            words = InlineCommand.split(line);
        } catch (InlineCommand.UnbalancedQuotesException e) {
            return broken(out, "unbalanced quotes in request");
        }
        if (words.size() > limits.argumentsMax()) {
            out.add(new RespRequest.Refused(
                    "ERR too many arguments: " + words.size() + ", the limit is " + limits.argumentsMax()));
        } else if (!words.isEmpty()) {
            out.add(new RespRequest.Call(words));
        }
        return true;
    }

    /** Index of the line's LF, or -1 if it is not within the first {@code max + 2} bytes, or has not arrived. */
    private int findLineFeed(ByteBuf in, int max) {
        int start = in.readerIndex();
        int length = Math.min(in.readableBytes(), max + 2);
        int end = in.indexOf(start + Math.min(searched, length), start + length, (byte) '\n');
        searched = end < 0 ? length : 0;
        return end;
    }

    private boolean lineIsUnfinished(ByteBuf in, List<Object> out, int max, String problem) {
        return in.readableBytes() >= max + 2 && broken(out, problem);
    }

    /** Reads a type byte, a decimal number, CR and LF; a number that is none reads as {@code Long.MIN_VALUE}. */
    private static long readLength(ByteBuf in, int end) {
        int start = in.readerIndex() + 1;
        in.readerIndex(end + 1);
        int digits = end - 1 - start;
        if (digits < 1 || in.getByte(end - 1) != '\r') {
            return Long.MIN_VALUE;
        }
        return Decimal.parse(in.toString(start, digits, StandardCharsets.ISO_8859_1))
                .orElse(Long.MIN_VALUE);
    }

    /** From here to the end of the request nothing is kept. The first reason is the one that is told. */
    private void refuse(String reason) {
        if (refusal.isEmpty()) {
            refusal = reason;
            arguments = new ArrayList<>();
        }
    }

    private boolean broken(List<Object> out, String problem) {
        state = State.BROKEN;
        arguments = new ArrayList<>();
        out.add(new RespRequest.Broken("ERR Protocol error: " + problem));
        return true;
    }

    /** Bytes of the unfinished request that are held, beside the arguments already copied out; for tests. */
    int bytesKept() {
        return actualReadableBytes();
    }

    private static String printable(byte b) {
        return b > ' ' && b < 127 ? String.valueOf((char) b) : String.format("\\x%02x", b);
    }
}
