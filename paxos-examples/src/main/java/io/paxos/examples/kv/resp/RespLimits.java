// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv.resp;

/**
 * What one request may cost. A request beyond the first three is read to its end without being kept, and refused; the
 * connection goes on. A line beyond the last ends the connection.
 *
 * @param argumentsMax arguments of a request, its name among them
 * @param argumentBytesMax bytes of one argument
 * @param requestBytesMax bytes of all arguments of a request
 * @param inlineBytesMax bytes of an inline command's line
 */
public record RespLimits(int argumentsMax, int argumentBytesMax, int requestBytesMax, int inlineBytesMax) {

    /** 1,024 arguments, 512 KiB each, together 1 MiB less 1 KiB for the log's own headers; lines of 64 KiB. */
    public static final RespLimits DEFAULT = new RespLimits(1_024, 512 << 10, (1 << 20) - 1_024, 64 << 10);

    /** Most arguments and most bytes an argument may announce, as in Redis: beyond them nobody means it. */
    static final int ANNOUNCED_ARGUMENTS_MAX = 1 << 20;

    static final int ANNOUNCED_BYTES_MAX = 512 << 20;

    public RespLimits {
        require("argumentsMax", argumentsMax, ANNOUNCED_ARGUMENTS_MAX);
        require("argumentBytesMax", argumentBytesMax, ANNOUNCED_BYTES_MAX);
        require("requestBytesMax", requestBytesMax, ANNOUNCED_BYTES_MAX);
        require("inlineBytesMax", inlineBytesMax, 1 << 20);
    }

    /** The same limits with another bound for one argument. */
    public RespLimits withArgumentBytesMax(int argumentBytesMax) {
        return new RespLimits(argumentsMax, argumentBytesMax, requestBytesMax, inlineBytesMax);
    }

    private static void require(String field, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(field + ": " + value + " is outside the allowed range 1.." + max);
        }
    }
}
