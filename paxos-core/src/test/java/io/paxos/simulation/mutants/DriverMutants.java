// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.util.List;

/** Bugs of the driver, of apply, and of sessions. */
final class DriverMutants {

    private static final String STEPS = "driver/CoreSteps";
    private static final String RELEASE = "driver/ReleaseQueue";
    private static final String TABLE = "session/SessionTable";

    private DriverMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(
                                "learners-digest-dropped",
                                "C2",
                                "a member without a vote is not told that its state is not what the voters came to")
                        .in(
                                "driver/FrameGate",
                                "return message instanceof Message.AppliedDigest\n                || message instanceof"
                                        + " Message.CatchUpRequest",
                                "return message instanceof Message.CatchUpRequest")
                        .caughtBy(
                                "io.paxos.driver.FrameGateTest#aLearnerIsHeardOfWhatItHasAndNotOfVotes",
                                "the simulator's state machines are alike on all members"),
                Mutant.of("reply-before-force", "S1", "answers leave before the writes they reveal are forced")
                        .in(RELEASE, "if (first == null || first.after > forced) {", "if (first == null) {"),
                Mutant.of(
                                "repeated-answer-before-force",
                                "S1",
                                "a step that wrote nothing answers before earlier writes are forced")
                        .in(STEPS, "release.hold(effects.sendAfterWrites());", """
                                if (effects.writes().isEmpty()) {
                                    effects.sendAfterWrites().forEach(this::dispatch);
                                } else {
                                    release.hold(effects.sendAfterWrites());
                                }
                                """),
                Mutant.of(
                                "repeated-prepare-before-force",
                                "S1",
                                "the second of two equal prepares is answered before the first one's promise is forced")
                        .in(STEPS, "release.hold(effects.sendAfterWrites());", """
                                boolean promises = effects.sendAfterWrites().get(0).message() instanceof Message.Promise;
                                if (effects.writes().isEmpty() && promises) {
                                    effects.sendAfterWrites().forEach(this::dispatch);
                                } else {
                                    release.hold(effects.sendAfterWrites());
                                }
                                """),
                Mutant.of("own-vote-before-force", "S6", "a leader counts its own vote before it is forced")
                        .in(STEPS, "release.hold(effects.sendAfterWrites());", """
                                java.util.List<Effects.Envelope> others = new java.util.ArrayList<>();
                                for (Effects.Envelope each : effects.sendAfterWrites()) {
                                    if (each.to().equals(self.node())) {
                                        dispatch(each);
                                    } else {
                                        others.add(each);
                                    }
                                }
                                release.hold(others);
                                """),
                Mutant.of("completion-of-an-older-write", "S7", "one write's completion is taken for all that followed")
                        .in(RELEASE, "forced = Math.max(forced, writeSequence);", "forced = handedOver;"),
                Mutant.of(
                                "answer-after-its-own-write",
                                "S1",
                                "an answer waits for its own step's write, not for earlier")
                        .in(
                                RELEASE,
                                "held.addLast(new Held(handedOver, messages));",
                                "held.addLast(new Held(handedOver == 0 ? 0 : handedOver - 1, messages));"),
                Mutant.of("older-boot-heard", "P10", "frames of an earlier boot of a member are taken in")
                        .in(
                                "driver/FrameGate",
                                "if (known != null && frame.boot() < known) {",
                                "if (frame.boot() < 0) {")
                        .caughtBy(
                                "io.paxos.driver.DriverTest#framesThatMustNotReachTheCoreAreDroppedAndCounted",
                                "what an earlier boot said was durable, so a late frame of it is no worse than any late frame"),
                Mutant.of("apply-skips", "S23", "the feed hands over a slot whose predecessor had no room")
                        .in(
                                "driver/ApplyFeed",
                                "if (proposal.slot() == next && !reading && !suspended && hasRoomFor(proposal)) {",
                                "if (!reading && !suspended && hasRoomFor(proposal)) {"),
                Mutant.of("duplicate-applied", "C3", "a command that took effect before takes effect again")
                        .in(
                                TABLE,
                                "if (command.sequence() <= session.last) {\n            return Verdict.DUPLICATE;",
                                "if (command.sequence() <= session.last) {\n            return Verdict.APPLY;"),
                Mutant.of("gap-taken", "C6", "a command is applied though an earlier one of its session is missing")
                        .in(
                                TABLE,
                                "if (command.sequence() > session.last + 1) {\n            return Verdict.GAP;\n        }\n        session.last++;",
                                "session.last = command.sequence();"),
                Mutant.of(
                                "closed-session-served",
                                "C3",
                                "commands of an earlier boot take effect after the next one opened")
                        .in(
                                TABLE,
                                "if (command.boot() < session.boot) {\n            return Verdict.CLOSED;\n        }\n        session.activeMillis = agreedMillis;",
                                "if (command.boot() < session.boot) {\n            return Verdict.APPLY;\n        }\n        session.activeMillis = agreedMillis;"),
                Mutant.of("digests-shared", "V7", "a report that has left is added to by the next slots to be applied")
                        .in(
                                "driver/ApplySequence",
                                "        if (digests.isEmpty()) {\n            return List.of();\n        }\n",
                                "        if (digests.isEmpty()) {\n            return digests;\n        }\n")
                        .caughtBy(
                                "io.paxos.driver.ApplySequenceTest#aReportThatHasLeftIsNotAddedTo",
                                "two threads must meet in a list; the simulator has one"),
                Mutant.of(
                                "results-of-another-boot",
                                "C5",
                                "results of an earlier boot's commands are given to this one's callers")
                        .in(
                                "driver/ApplySequence",
                                "if (told != null && told.boot() == command.boot()) {\n                attached.result(told, result);",
                                "if (told != null) {\n                attached.result(told, result);"),
                Mutant.of("unknown-called-refused", "C4", "a command that left is called refused at its deadline")
                        .in(
                                "driver/OwnSession",
                                "finish(pending, new Outcome.Unknown(id, boot, pending.sequence, false));",
                                "finish(pending, new Outcome.NoLeader());"),
                Mutant.of("refused-elsewhere-forgotten", "C4", "what another node refused is not sent again")
                        .in(
                                "driver/OwnSession",
                                "sendAgainFrom(firstSequence);\n            holdOff(reason, nowMillis);",
                                "sent.clear(); cursor = nextSequence;")
                        .thatStalls());
    }
}
