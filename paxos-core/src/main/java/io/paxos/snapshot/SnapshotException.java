// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why a snapshot cannot be written, received or read; the message names the file, the offset where there is one, and the reason. */
public final class SnapshotException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What went wrong, for a caller that acts on it. */
    public enum Kind {
        /** Bytes are missing, are too many, or are not what was written. */
        DAMAGED,
        /** Written by a version that knows more than this one. */
        UNSUPPORTED,
        /** There is a snapshot of that slot or a later one already. */
        STALE,
        /** The snapshot is not kept, or not any more. */
        GONE,
        /** What was received is whole, and is not the snapshot that was announced. */
        MISMATCH,
        /** Bytes arrived that do not follow the ones before; nothing was taken. */
        OUT_OF_ORDER,
        /** A write, force, rename or read failed. The file that was being made is given up. */
        FAILED
    }

    private final Kind kind;
    private final long offset;

    SnapshotException(Kind kind, String file, long offset, String reason, @Nullable Throwable cause) {
        super("snapshot file " + file + (offset < 0 ? "" : " at offset " + offset) + ": " + reason, cause);
        this.kind = kind;
        this.offset = offset;
    }

    SnapshotException(Kind kind, String file, String reason) {
        this(kind, file, -1, reason, null);
    }

    static SnapshotException damaged(String file, long offset, String reason) {
        return new SnapshotException(Kind.DAMAGED, file, offset, reason, null);
    }

    static SnapshotException failed(String file, String what, IOException cause) {
        return new SnapshotException(Kind.FAILED, file, -1, what + ": " + cause, cause);
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    /** Where in the file, in bytes; -1 if that says nothing. */
    public long offset() {
        return offset;
    }
}
