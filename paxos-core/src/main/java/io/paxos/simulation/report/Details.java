// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.simulation.trace.TraceEvent;

/** What an event says when the pointer rests on its mark. */
final class Details {

    private static final int RECORDS_SHOWN_MAX = 12;

    private Details() {}

    static String of(TraceEvent event) {
        if (event instanceof TraceEvent.Started started) {
            return at(event) + "\n" + started(started.remembered());
        } else if (event instanceof TraceEvent.Forced forced) {
            return at(event) + "\n" + forced(forced);
        }
        return at(event) + "\n" + MessageLook.clipped(MessageLook.lines(withoutTime(event.toString())));
    }

    static String at(TraceEvent event) {
        return Markup.millis(event.atMicros()) + " ms";
    }

    private static String withoutTime(String text) {
        return text.replaceFirst("atMicros=\\d+(, )?", "");
    }

    private static String started(DurableState state) {
        return state.self() + " started, boot " + state.boot() + "\n  remembers: promised " + state.promised()
                + "\n  known chosen up to " + state.knownChosen() + ", floor " + state.floor() + "\n  votes above it: "
                + MessageLook.clipped(MessageLook.brief(state.votes()).toString()) + "\n  founding "
                + (state.activated() ? "activated" : state.founding() == null ? "not adopted" : "adopted");
    }

    private static String forced(TraceEvent.Forced forced) {
        StringBuilder text = new StringBuilder(forced.member().node().toString()).append(" forced to disk:");
        forced.records().stream().limit(RECORDS_SHOWN_MAX).forEach(record -> text.append("\n  ")
                .append(record(record)));
        if (forced.records().size() > RECORDS_SHOWN_MAX) {
            text.append("\n  and ")
                    .append(forced.records().size() - RECORDS_SHOWN_MAX)
                    .append(" more");
        }
        return text.toString();
    }

    private static String record(DurableRecord record) {
        if (record instanceof DurableRecord.Promised promised) {
            return "promised " + promised.ballot();
        } else if (record instanceof DurableRecord.Accepted accepted) {
            return "accepted slot " + accepted.proposal().slot() + " at "
                    + accepted.proposal().ballot() + ", " + accepted.proposal().value();
        } else if (record instanceof DurableRecord.Chosen chosen) {
            return "chosen slot " + chosen.proposal().slot() + " at "
                    + chosen.proposal().ballot() + ", " + chosen.proposal().value();
        } else if (record instanceof DurableRecord.KnownChosen known) {
            return "known chosen up to " + known.slot();
        }
        return MessageLook.clipped(record.toString());
    }

    static String of(Chronicle.Flight flight) {
        StringBuilder text = new StringBuilder();
        TraceEvent.MessageSent sent = flight.sent();
        TraceEvent end = flight.end();
        if (end instanceof TraceEvent.MessageDelivered arrival) {
            text.append(arrival.from())
                    .append(" → ")
                    .append(arrival.to())
                    .append("  #")
                    .append(arrival.id());
            text.append(flight.isCopy() ? "  (another copy)" : "").append('\n');
            text.append(left(sent)).append("arrived ").append(at(arrival));
            text.append('\n').append(MessageLook.fields(arrival.message()));
        } else if (end instanceof TraceEvent.MessageDropped loss) {
            text.append(loss.from())
                    .append(" → ")
                    .append(loss.to())
                    .append("  #")
                    .append(loss.id());
            text.append("  LOST: ").append(reason(loss.loss())).append('\n');
            text.append(left(sent)).append("lost ").append(at(loss));
            text.append('\n').append(MessageLook.fields(loss.message()));
        } else if (sent != null) {
            text.append(sent.from())
                    .append(" → ")
                    .append(sent.to())
                    .append("  #")
                    .append(sent.id());
            text.append("  still on its way at the end\n").append(left(sent)).append('\n');
            text.append(MessageLook.fields(sent.message()));
        }
        return text.toString();
    }

    private static String left(TraceEvent.@org.jspecify.annotations.Nullable MessageSent sent) {
        return sent == null ? "" : "left " + at(sent) + ", " + sent.bytes() + " bytes, ";
    }

    private static String reason(TraceEvent.Loss loss) {
        if (loss == TraceEvent.Loss.LOST) {
            return "by chance";
        }
        return loss.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    static String of(Chronicle.Request request) {
        TraceEvent.ClientInvoked asked = request.invoked();
        TraceEvent.ClientAnswered answered = request.answered();
        StringBuilder text = new StringBuilder("operation ").append(asked.operation());
        text.append(" of client ").append(asked.client()).append(" at ").append(asked.node());
        text.append('\n').append(MessageLook.clipped(String.valueOf(asked.input())));
        text.append("\nasked ").append(at(asked));
        if (request.took() != null) {
            text.append("\ntook effect ")
                    .append(at(request.took()))
                    .append(" at ")
                    .append(request.took().node());
            text.append(" in slot ").append(request.took().position().slot());
        }
        if (answered == null) {
            text.append("\nstill open at the end");
        } else {
            text.append("\n")
                    .append(answered.answer())
                    .append(' ')
                    .append(at(answered))
                    .append(": ");
            text.append(MessageLook.clipped(String.valueOf(answered.output())));
        }
        return text.toString();
    }
}
