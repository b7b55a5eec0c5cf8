// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import io.paxos.message.Message;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.util.ArrayList;
import java.util.List;

/** How each kind of message is drawn: one hue a phase of the protocol, requests darker than their replies. */
enum MessageLook {
    FOUNDING_GREETING(Message.FoundingGreeting.class, "founding", "#9aa5a5"),
    FOUNDING_OFFER(Message.FoundingOffer.class, "founding", "#5f7172"),
    FOUNDING_ADOPTED(Message.FoundingAdopted.class, "founding", "#9aa5a5"),
    FOUNDING_ACTIVATION(Message.FoundingActivation.class, "founding", "#5f7172"),
    FOUNDING_REFUSAL(Message.FoundingRefusal.class, "founding", "#a03020"),
    FOLLOW_REQUEST(Message.FollowRequest.class, "learning", "#8aa7a0"),
    FOLLOW_ANSWER(Message.FollowAnswer.class, "learning", "#4f7a70"),
    CANVASS(Message.Canvass.class, "election", "#8e24aa"),
    CANVASS_REPLY(Message.CanvassReply.class, "election", "#c77ddb"),
    PREPARE(Message.Prepare.class, "phase 1", "#d45f00"),
    PROMISE(Message.Promise.class, "phase 1", "#f0a04b"),
    ACCEPT(Message.Accept.class, "phase 2", "#1452c8"),
    ACCEPTED(Message.Accepted.class, "phase 2", "#5fa0f0"),
    REJECTED(Message.Rejected.class, "refusals", "#d01030"),
    HEARTBEAT(Message.Heartbeat.class, "leading", "#b5b5b5"),
    HEARTBEAT_ACK(Message.HeartbeatAck.class, "leading", "#d6d6d6"),
    LEADERSHIP_OFFER(Message.LeadershipOffer.class, "leading", "#9b5fc0"),
    CHOSEN_NOTICE(Message.ChosenNotice.class, "learning", "#1e8e3e"),
    CATCH_UP_REQUEST(Message.CatchUpRequest.class, "learning", "#6d8f00"),
    CATCH_UP_PAGE(Message.CatchUpPage.class, "learning", "#a4c639"),
    CHOSEN_VALUES(Message.ChosenValues.class, "learning", "#2fb86a"),
    LEARNED(Message.Learned.class, "learning", "#b7dcc0"),
    SNAPSHOT_REQUEST(Message.SnapshotRequest.class, "learning", "#00838f"),
    SNAPSHOT_PIECE(Message.SnapshotPiece.class, "learning", "#4fb3bf"),
    READ_ROUND(Message.ReadRound.class, "reads", "#0d7a6f"),
    READ_ROUND_ANSWER(Message.ReadRoundAnswer.class, "reads", "#6fbfb6"),
    READ_POINT_REQUEST(Message.ReadPointRequest.class, "reads", "#8a6d00"),
    READ_POINT_ANSWER(Message.ReadPointAnswer.class, "reads", "#cbb14a"),
    LEASE_SURRENDER(Message.LeaseSurrender.class, "reads", "#a05a2c"),
    FORWARD(Message.Forward.class, "forwarding", "#7a5230"),
    FORWARD_REFUSED(Message.ForwardRefused.class, "forwarding", "#c04a5a"),
    CLIENT_REFUSED(Message.ClientRefused.class, "forwarding", "#d98a94"),
    APPLIED_DIGEST(Message.AppliedDigest.class, "learning", "#8e9aaf"),
    REMEMBERED(Message.Remembered.class, "founding", "#5f6368");

    private static final int DETAILS_MAX = 600;

    private final Class<? extends Message> type;
    private final String family;
    private final String colour;

    MessageLook(Class<? extends Message> type, String family, String colour) {
        this.type = type;
        this.family = family;
        this.colour = colour;
    }

    static MessageLook of(Message message) {
        for (MessageLook look : values()) {
            if (look.type == message.getClass()) {
                return look;
            }
        }
        throw new IllegalArgumentException("no look for a message of " + message.getClass());
    }

    /** Which messages are drawn; the test compares it with the sealed family. */
    Class<? extends Message> type() {
        return type;
    }

    /** As in {@code Prepare}. */
    String title() {
        return type.getSimpleName();
    }

    String family() {
        return family;
    }

    String colour() {
        return colour;
    }

    /** The word or two that stand beside an arrow; empty for messages too common to be labelled. */
    static String label(Message message) {
        if (message instanceof Message.Prepare prepare) {
            return "prepare " + prepare.ballot() + " from " + prepare.from();
        } else if (message instanceof Message.Promise promise) {
            int reported = promise.votes().size() + promise.chosen().size();
            return "promise " + promise.ballot() + (reported == 0 ? "" : " +" + reported);
        } else if (message instanceof Message.Accept accept) {
            return "accept " + accept.proposal().slot();
        } else if (message instanceof Message.Accepted accepted) {
            return "accepted " + range(accepted.slots());
        } else if (message instanceof Message.Rejected rejected) {
            return "rejected, promised " + rejected.promised();
        } else if (message instanceof Message.Canvass) {
            return "canvass";
        } else if (message instanceof Message.CanvassReply reply) {
            return reply.granted() ? "yes" : "no";
        } else if (message instanceof Message.LeadershipOffer) {
            return "stand now";
        } else if (message instanceof Message.ReadPointRequest) {
            return "read point?";
        } else if (message instanceof Message.ReadPointAnswer answer) {
            return "read from " + answer.point();
        } else if (message instanceof Message.ChosenNotice notice) {
            return "chosen " + range(notice.slots());
        } else if (message instanceof Message.CatchUpRequest request) {
            return "catch up " + range(request.slots());
        } else if (message instanceof Message.CatchUpPage page) {
            return "page +" + page.chosen().size();
        } else if (message instanceof Message.Forward forward) {
            return "forward " + forward.commands().size();
        }
        return "";
    }

    private static String range(SlotRange slots) {
        return slots.first() == slots.last() ? Long.toString(slots.first()) : slots.first() + "–" + slots.last();
    }

    /** Every field, a line each, up to a bound. */
    static String fields(Message message) {
        return clipped(lines(message.toString()));
    }

    /** {@code Name[a=1, b=x[c=2]]} with a line for each field of the outermost record. */
    static String lines(String record) {
        StringBuilder lines = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < record.length(); i++) {
            char c = record.charAt(i);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (c == '[' && depth == 1) {
                lines.append("\n  ");
            } else if (c == ',' && depth == 1 && i + 1 < record.length()) {
                lines.append("\n  ");
                i++;
            } else if (c != ']' || depth > 0) {
                lines.append(c);
            }
        }
        return lines.toString();
    }

    static String clipped(String text) {
        return text.length() <= DETAILS_MAX ? text : text.substring(0, DETAILS_MAX) + " …";
    }

    /** Proposals in few words. */
    static List<String> brief(List<Proposal> proposals) {
        List<String> brief = new ArrayList<>();
        for (Proposal proposal : proposals) {
            brief.add(proposal.slot() + "@" + proposal.ballot());
        }
        return brief;
    }
}
