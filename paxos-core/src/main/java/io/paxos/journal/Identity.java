// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.ClusterId;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose journal a directory holds: the content of its {@code identity} file (big-endian, frozen; drawn in
 * {@code docs/log-format.md}):
 *
 * <pre>
 * identity    magic u64 | formatVersion u16 | flags u16 (1 adopted, 2 activated, 4 voteless) | length u32
 *             | clusterLength u32 | cluster | node u32 | incarnation u64 | boot u64
 *             | lastSegment u64 | keptFrom u64 | forced (record u64, promise (round u64, incarnation u64, node u32),
 *             highestSlot u64)
 *             | founding, if adopted | CRC32C u32
 * founding    id u128 | version u64 | quorumKind u8 (1 majority, 2 flexible) | phase1 u32 | phase2 u32 | alpha u32
 *             | voters u32 | member × voters | learners u32 | (node u32 | 0 u64) × learners
 * member      node u32 | incarnation u64
 * </pre>
 *
 * @param cluster the operator's name for the cluster
 * @param self node id, and the incarnation minted when the directory was formatted
 * @param boot number of the last start; 0 before the first
 * @param lastSegment sequence of the newest segment there was; 0 if none: it cannot just be gone
 * @param keptFrom sequence of the first record that is still needed: segments below it were trimmed
 * @param forced a record known forced when this was written, with the promise as of then: the second place of the promise
 * @param founding the founding adopted, or null
 * @param activated whether it was activated; there are segments then
 * @param voteless whether the node follows without a vote: its directory stands in the place of one that was lost
 */
record Identity(
        ClusterId cluster,
        MemberId self,
        long boot,
        long lastSegment,
        long keptFrom,
        Forced forced,
        @Nullable Founding founding,
        boolean activated,
        boolean voteless) {

    static final int FORMAT_VERSION = 1;

    /** More than any identity needs: what is longer is damaged, and is not read. */
    static final int BYTES_MAX = 4096;

    private static final long MAGIC = 0x5041584f53494446L; // "PAXOSIDF"
    private static final int LENGTH_OFFSET = 8 + 2 + 2;
    private static final int FLAG_ADOPTED = 1;
    private static final int FLAG_ACTIVATED = 2;
    private static final int FLAG_VOTELESS = 4;
    private static final int FLAGS = FLAG_ADOPTED | FLAG_ACTIVATED | FLAG_VOTELESS;
    private static final byte QUORUM_MAJORITY = 1;
    private static final byte QUORUM_FLEXIBLE = 2;

    Identity {
        if (self.isNone() || boot < 0 || lastSegment < 0 || keptFrom < 1 || (activated && founding == null)) {
            throw new IllegalArgumentException("identity: self " + self + ", boot " + boot + ", last segment "
                    + lastSegment + ", kept from " + keptFrom + " or activated " + activated + " is out of range");
        }
    }

    /** A directory formatted a moment ago. */
    static Identity fresh(ClusterId cluster, MemberId self) {
        return new Identity(cluster, self, 0, 0, 1, Forced.NOTHING, null, false, false);
    }

    /** The same, never to vote: only before it could have. */
    Identity withoutVote() {
        if (founding != null) {
            throw new IllegalStateException("identity: adopted founding " + founding.id() + " with a vote");
        }
        return new Identity(cluster, self, boot, lastSegment, keptFrom, forced, null, false, true);
    }

    Identity withBoot(long newBoot, Forced known) {
        return new Identity(cluster, self, newBoot, lastSegment, keptFrom, known, founding, activated, voteless);
    }

    Identity withSegment(long newest, Forced known) {
        return new Identity(cluster, self, boot, newest, keptFrom, known, founding, activated, voteless);
    }

    Identity withKeptFrom(long record) {
        return new Identity(cluster, self, boot, lastSegment, record, forced, founding, activated, voteless);
    }

    Identity withFounding(Founding adopted) {
        return new Identity(cluster, self, boot, lastSegment, keptFrom, forced, adopted, activated, voteless);
    }

    Identity withActivation(long segment) {
        return new Identity(cluster, self, boot, segment, keptFrom, forced, founding, true, voteless);
    }

    /** Whether nobody else has what this node has. */
    boolean isAlone() {
        return founding != null
                && !voteless
                && founding.membership().voters().size() == 1
                && founding.membership().isVoter(self);
    }

    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES_MAX);
        byte[] name = cluster.name().getBytes(StandardCharsets.US_ASCII);
        int flags = (founding == null ? 0 : FLAG_ADOPTED)
                | (activated ? FLAG_ACTIVATED : 0)
                | (voteless ? FLAG_VOTELESS : 0);
        out.putLong(MAGIC)
                .putShort((short) FORMAT_VERSION)
                .putShort((short) flags)
                .putInt(0);
        out.putInt(name.length).put(name);
        encode(self, out);
        out.putLong(boot).putLong(lastSegment).putLong(keptFrom);
        forced.encode(out);
        if (founding != null) {
            encode(founding, out);
        }
        out.putInt(LENGTH_OFFSET, out.position() + Integer.BYTES);
        out.putInt(Crc.of(out, 0, out.position()));
        return out.flip();
    }

    private static void encode(Founding founding, ByteBuffer out) {
        Membership membership = founding.membership();
        out.putLong(founding.id().high()).putLong(founding.id().low()).putLong(membership.version());
        if (membership.quorums() instanceof QuorumSystem.FlexibleSizes flexible) {
            out.put(QUORUM_FLEXIBLE).putInt(flexible.phase1()).putInt(flexible.phase2());
        } else {
            out.put(QUORUM_MAJORITY).putInt(0).putInt(0);
        }
        out.putInt(membership.alpha());
        out.putInt(membership.voters().size());
        for (MemberId voter : membership.voters()) {
            encode(voter, out);
        }
        out.putInt(membership.learners().size());
        for (NodeId learner : membership.learners()) {
            out.putInt(learner.number()).putLong(Incarnation.NONE.bits());
        }
    }

    private static void encode(MemberId member, ByteBuffer out) {
        out.putInt(member.node().number()).putLong(member.incarnation().bits());
    }

    /**
     * Reads an identity.
     *
     * @param in the whole file
     * @param file its name, for messages
     * @throws JournalException if this version cannot have written it
     */
    static Identity decode(ByteBuffer in, String file) throws JournalException {
        int end = in.remaining() - Integer.BYTES;
        if (end < LENGTH_OFFSET + Integer.BYTES
                || in.getLong(0) != MAGIC
                || in.getInt(LENGTH_OFFSET) != in.remaining()
                || in.getInt(end) != Crc.of(in, 0, end)) {
            throw JournalException.damaged(
                    file,
                    0,
                    "the identity is cut short or does not match its checksum; restore the file from a"
                            + " copy of this very directory, or treat the node as lost");
        }
        in.getLong();
        int version = Short.toUnsignedInt(in.getShort());
        int flags = Short.toUnsignedInt(in.getShort());
        if (version != FORMAT_VERSION || (flags & ~FLAGS) != 0) {
            throw new JournalException(
                    JournalException.Kind.UNSUPPORTED,
                    "journal file " + file + ": format version " + version + " with flags " + flags
                            + " is unknown to this version, which knows " + FORMAT_VERSION);
        }
        try {
            in.getInt();
            byte[] name = new byte[bounded(in.getInt(), ClusterId.LENGTH_MAX)];
            in.get(name);
            ClusterId cluster = new ClusterId(new String(name, StandardCharsets.US_ASCII));
            MemberId self = decodeMember(in);
            long boot = in.getLong();
            long lastSegment = in.getLong();
            long keptFrom = in.getLong();
            Forced forced = Forced.decode(in);
            Founding founding = (flags & FLAG_ADOPTED) == 0 ? null : decodeFounding(in);
            if (in.remaining() != Integer.BYTES) {
                throw new IllegalArgumentException(in.remaining() + " bytes left over");
            }
            return new Identity(
                    cluster,
                    self,
                    boot,
                    lastSegment,
                    keptFrom,
                    forced,
                    founding,
                    (flags & FLAG_ACTIVATED) != 0,
                    (flags & FLAG_VOTELESS) != 0);
        } catch (IllegalArgumentException | BufferUnderflowException malformed) {
            throw JournalException.damaged(file, 0, "the identity holds a field out of range: " + malformed);
        }
    }

    private static Founding decodeFounding(ByteBuffer in) {
        FoundingId id = new FoundingId(in.getLong(), in.getLong());
        long version = in.getLong();
        byte kind = in.get();
        int phase1 = in.getInt();
        int phase2 = in.getInt();
        QuorumSystem quorums;
        if (kind == QUORUM_MAJORITY) {
            quorums = new QuorumSystem.Majority();
        } else if (kind == QUORUM_FLEXIBLE) {
            quorums = new QuorumSystem.FlexibleSizes(phase1, phase2);
        } else {
            throw new IllegalArgumentException("quorum kind " + kind);
        }
        int alpha = in.getInt();
        List<MemberId> voters = decodeVoters(in);
        List<NodeId> learners = decodeLearners(in);
        return new Founding(id, new Membership(version, voters, learners, quorums, alpha));
    }

    private static List<MemberId> decodeVoters(ByteBuffer in) {
        int count = bounded(in.getInt(), Membership.VOTERS_MAX);
        List<MemberId> voters = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            voters.add(decodeMember(in));
        }
        return voters;
    }

    private static List<NodeId> decodeLearners(ByteBuffer in) {
        int count = bounded(in.getInt(), Membership.LEARNERS_MAX);
        List<NodeId> learners = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            NodeId learner = new NodeId(in.getInt());
            if (in.getLong() != Incarnation.NONE.bits()) {
                throw new IllegalArgumentException("learner " + learner + " with an incarnation");
            }
            learners.add(learner);
        }
        return learners;
    }

    private static MemberId decodeMember(ByteBuffer in) {
        NodeId node = new NodeId(in.getInt());
        return new MemberId(node, new Incarnation(in.getLong()));
    }

    private static int bounded(int count, int most) {
        if (count < 0 || count > most) {
            throw new IllegalArgumentException("count " + count + " is outside 0.." + most);
        }
        return count;
    }
}
