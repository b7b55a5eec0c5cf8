// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

/**
 * What a start may find at one place of a journal, in the words of the recovery table. It is looked at from the outside in:
 * the segment matters only in a directory that can be read, the record only in a segment that can.
 *
 * @param directory what the directory holds
 * @param segment what the segment file is
 * @param place where it stands
 * @param record what is found where a record should be
 * @param proof whether anything shows that this record had been forced
 */
record Situation(DirectoryLook directory, SegmentLook segment, Place place, RecordLook record, Proof proof) {

    /** That of a segment as a whole, in a directory that is in order. */
    static Situation inSegment(SegmentLook look, Place place) {
        return new Situation(DirectoryLook.ACTIVATED, look, place, RecordLook.WHOLE, Proof.NONE);
    }

    /** What the directory as a whole looks like. */
    enum DirectoryLook {
        EMPTY("no identity, no segment"),
        IDENTITY_MISSING("segments, but no identity"),
        LOCKED("locked by a process"),
        IDENTITY_DAMAGED("identity damaged"),
        IDENTITY_NEWER("identity of a newer format"),
        OTHER_OWNER("another cluster's or node's"),
        NOT_ACTIVATED("founding not activated"),
        ACTIVATED("founding activated");

        final String words;

        DirectoryLook(String words) {
            this.words = words;
        }
    }

    /** What a segment file looks like. */
    enum SegmentLook {
        WHOLE("whole"),
        HEADER_DAMAGED("header damaged"),
        NEWER("newer format"),
        MISNAMED("name of another sequence"),
        FOREIGN("other cluster, node, incarnation or founding"),
        MISSING("missing");

        final String words;

        SegmentLook(String words) {
            this.words = words;
        }

        /** What a segment is whose header was refused for that. */
        static SegmentLook ofUnreadable(JournalException unreadable) {
            return switch (unreadable.kind()) {
                case UNSUPPORTED -> NEWER;
                case FOREIGN -> MISNAMED;
                default -> HEADER_DAMAGED;
            };
        }
    }

    /** Where the segment stands. */
    enum Place {
        FOLLOWED("a later one follows"),
        LAST("last");

        final String words;

        Place(String words) {
            this.words = words;
        }
    }

    /** What is found where the next record should be. */
    enum RecordLook {
        WHOLE("whole"),
        END_OF_FILE("end of the file"),
        ZEROS("zeros"),
        OLD_BYTES("bytes of an older generation"),
        HEADER_CUT("header cut by the end of the file"),
        HEADER_DAMAGED("header damaged, or garbage"),
        OUT_OF_SEQUENCE("whole header of another record"),
        PAYLOAD_CUT("payload cut by the end of the file"),
        PAYLOAD_DAMAGED("payload damaged"),
        NEWER("whole, of a newer format"),
        IMPOSSIBLE("whole, contradicts what is before it");

        final String words;

        RecordLook(String words) {
            this.words = words;
        }
    }

    /** Whether it is shown that the record had been forced: by a record, a segment header or the identity. */
    enum Proof {
        NONE("not proven forced"),
        FORCED("proven forced");

        final String words;

        Proof(String words) {
            this.words = words;
        }
    }
}
